"""Answers to anything with options or a number, in a limited number of attempts. Graded here, never in the browser."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from lessons.content.teaching import Option
from lessons.errors import Refused, require_learner
from lessons.lab.events import MAX_PREDICTION
from lessons.learning.records import own_rows
from lessons.models import Answer

NEAR: Final = 0.2  # a number counts as right within this share of the claim
SURE: Final = 4  # the highest confidence
MOST_SECONDS: Final = MAX_PREDICTION
NO_SECONDS: Final = f"Write a number of seconds from 0 to {MOST_SECONDS:g}, for example 1.5."
WHOLE: Final = re.compile(r"[0-9]{1,4}", re.ASCII)
SECONDS: Final = re.compile(r"[0-9]{0,9}([.,][0-9]{0,9})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a form says: fields `attempt`, and `option` or `number`."""

    attempt: (
        int  # the attempt the form was made for, from 1 (`Standing.next_attempt`); tells a double post from a retry
    )
    option: int | None = None  # index, from 0
    number: float | None = None  # seconds
    confidence: int | None = None  # 1 (a guess) to SURE

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Choice":
        """From `request.POST`. Raises `Refused("malformed")`."""
        said = form.get("confidence", "")
        confidence = parse_whole_number(said) if said else None
        if confidence is not None and not 1 <= confidence <= SURE:
            raise Refused("malformed", "Say how sure you are with one of the four choices, or leave it out.")
        attempt, option, number = (form.get(name, "").strip() for name in ("attempt", "option", "number"))
        if not option and not number:
            raise Refused("malformed", "Choose an answer first.")
        return cls(
            parse_whole_number(attempt),
            parse_whole_number(option) if option else None,
            parse_seconds(number) if number else None,
            confidence,
        )


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be answered."""

    group: str  # "quiz", "task", "problem" or "question"
    id: str
    allowed: int  # attempts
    options: tuple[Option, ...] = ()
    seconds: float = 0.0  # without options: the claim
    explanation: str = ""  # Markdown; for when it is settled
    prompt: str = ""  # Markdown; for tables of what was chosen
    seed: int | None = None  # of the numbers that were drawn for it


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that was made."""

    attempt: int
    right: bool
    why: str  # Markdown: why this very option is right or wrong
    at: datetime
    option: int | None = None
    number: float | None = None
    seed: int | None = None
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a learner stands with one item. Tells nothing before it is due, so templates may show all of it."""

    id: str
    allowed: int  # attempts in all
    given: tuple[Attempt, ...] = ()  # in order
    solution: int | None = None  # index of the right option; None until settled
    seconds: float | None = None  # the claim; None until settled
    explanation: str = ""  # Markdown; "" until settled

    @property
    def last(self) -> Attempt | None:
        """The latest attempt."""
        return self.given[-1] if self.given else None

    @property
    def right(self) -> bool:
        """Was the latest answer right?"""
        return bool(self.given) and self.given[-1].right

    @property
    def attempts(self) -> int:
        """Attempts made."""
        return self.given[-1].attempt if self.given else 0

    @property
    def left(self) -> int:
        """Attempts that are left; 0 once settled."""
        return 0 if self.right else max(0, self.allowed - self.attempts)

    @property
    def settled(self) -> bool:
        """Right, or no attempt left: what there is to know may be shown."""
        return not self.left

    @property
    def next_attempt(self) -> int:
        """For the form's hidden field `attempt`."""
        return self.attempts + 1

    @property
    def tried(self) -> frozenset[int]:
        """Indexes of the options chosen so far: they cannot be chosen again."""
        return frozenset(each.option for each in self.given if each.option is not None)


@dataclass(frozen=True, slots=True)
class Score:
    """Of a group of items."""

    right: int
    settled: int
    first_try: int  # right at the first attempt
    total: int


def parse_whole_number(text: str) -> int:
    """A whole number, from 0, out of a form. Raises `Refused("malformed")`."""
    if not WHOLE.fullmatch(text):
        raise Refused("malformed", "This form is not complete. Reload the page and try again.")
    return int(text)


def total_score(standings: Iterable[Standing]) -> Score:
    """The sum."""
    every = tuple(standings)
    return Score(
        right=sum(each.right for each in every),
        settled=sum(each.settled for each in every),
        first_try=sum(each.right and each.attempts == 1 for each in every),
        total=len(every),
    )


def grade_standings(learner: str, slug: str, items: Iterable[Item]) -> dict[str, Standing]:
    """By id, in order, all items of one group. An unknown learner ("") stands at the beginning. One query."""
    every = tuple(items)
    if not every:
        return {}
    answers = own_rows(Answer, learner, slug).filter(group=every[0].group)
    return grade_answers(every, answers.order_by("attempt"))


def grade_answers(items: Iterable[Item], answers: Iterable[Answer]) -> dict[str, Standing]:
    """By id, in order, given the answers of one learner in one lesson by attempt. No query."""
    made: defaultdict[tuple[str, str], list[Answer]] = defaultdict(list)
    for answer in answers:
        made[answer.group, answer.item].append(answer)
    return {item.id: _standing(item, made[item.group, item.id]) for item in items}


def record_answer(learner: str, slug: str, item: Item, choice: Choice) -> Standing:
    """Grade and store one attempt. The same post again changes nothing and gives the same. Raises `Refused`."""
    require_learner(learner)
    right = is_right(item, choice)
    before = grade_standings(learner, slug, (item,))[item.id]
    if _is_new(before, choice):
        try:
            with transaction.atomic():
                Answer.objects.create(
                    learner=learner,
                    lesson=slug,
                    group=item.group,
                    item=item.id,
                    attempt=choice.attempt,
                    option=choice.option if item.options else None,
                    number=None if item.options else choice.number,
                    right=right,
                    seed=item.seed,
                    confidence=choice.confidence,
                )
        except IntegrityError:  # another post was quicker
            after = grade_standings(learner, slug, (item,))[item.id]
            _is_new(after, choice)
            return after
        return grade_standings(learner, slug, (item,))[item.id]
    return before


def parse_seconds(text: str) -> float:
    """A number of seconds out of a form. Raises `Refused("malformed")`."""
    if not SECONDS.fullmatch(text) or not any(map(str.isdigit, text)):
        raise Refused("malformed", NO_SECONDS)
    if (seconds := float(text.replace(",", "."))) > MOST_SECONDS:
        raise Refused("malformed", NO_SECONDS)
    return seconds


def is_right(item: Item, choice: Choice) -> bool:
    """Grade. Raises `Refused` for what cannot be an answer to this item."""
    if item.options:
        if choice.option is None or not 0 <= choice.option < len(item.options):
            raise Refused("option", "There is no such option. Choose one of those shown.")
        return item.options[choice.option].right
    if choice.number is None or not math.isfinite(choice.number) or not 0 <= choice.number <= MOST_SECONDS:
        raise Refused("option", NO_SECONDS)
    return abs(choice.number - item.seconds) <= NEAR * item.seconds * (1 + 1e-9)


def _is_new(standing: Standing, choice: Choice) -> bool:
    """Is it the next attempt, and not one that was made just like this? Raises `Refused` when it is neither."""
    if choice.attempt <= standing.attempts:
        made = next((each for each in standing.given if each.attempt == choice.attempt), None)
        if made is None or not _same(made, choice):
            raise Refused("repeated", "This attempt was used for another answer. Reload the page to see it.")
        return False
    if standing.settled:
        raise Refused("settled", "This is settled already. Start over to answer it again.")
    if choice.attempt != standing.next_attempt:
        raise Refused("out-of-turn", "This is not the next attempt. Reload the page and try again.")
    if any(_same(each, choice) for each in standing.given):
        raise Refused("tried", "You have already given this answer. Try another one.")
    return True


def _same(given: Attempt, choice: Choice) -> bool:
    if given.option is not None:
        return given.option == choice.option
    return given.number == choice.number


def _standing(item: Item, made: Iterable[Answer]) -> Standing:
    given = tuple(
        Attempt(row.attempt, row.right, _why(item, row), row.at, row.option, row.number, row.seed, row.confidence)
        for row in made
    )
    standing = Standing(item.id, item.allowed, given)
    if not standing.settled:
        return standing
    solution = next((index for index, option in enumerate(item.options) if option.right), None)
    seconds = None if item.options else item.seconds
    return Standing(item.id, item.allowed, given, solution, seconds, item.explanation)


def _why(item: Item, row: Answer) -> str:
    if row.option is not None:  # the author may have taken options away since
        return item.options[row.option].why if row.option < len(item.options) else ""
    if row.right or row.number is None:
        return ""
    return f"That is more than {NEAR:.0%} too {'short' if row.number < item.seconds else 'long'}."
