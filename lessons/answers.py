"""Answers to anything with options or a number, in a limited number of attempts. Graded here, never in the browser."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lessons.content.teaching import Option

NEAR: Final = 0.2  # a number counts as right within this share of the claim


@dataclass(frozen=True, slots=True)
class Choice:
    """What a form says: fields `attempt`, and `option` or `number`."""

    attempt: (
        int  # the attempt the form was made for, from 1 (`Standing.next_attempt`); tells a double post from a retry
    )
    option: int | None = None  # index, from 0
    number: float | None = None  # seconds

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Choice":
        """From `request.POST`. Raises `Refused("malformed")`."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be answered."""

    group: str  # "quiz", "task", "problem" or "question"
    id: str
    allowed: int  # attempts
    options: tuple[Option, ...] = ()
    seconds: float = 0.0  # without options: the claim
    explanation: str = ""  # Markdown; for when it is settled


@dataclass(frozen=True, slots=True)
class Given:
    """One attempt that was made."""

    attempt: int
    right: bool
    why: str  # Markdown: why this very option is right or wrong
    at: datetime
    option: int | None = None
    number: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a learner stands with one item. Tells nothing before it is due, so templates may show all of it."""

    id: str
    allowed: int  # attempts in all
    given: tuple[Given, ...] = ()  # in order
    solution: int | None = None  # index of the right option; None until settled
    seconds: float | None = None  # the claim; None until settled
    explanation: str = ""  # Markdown; "" until settled

    @property
    def last(self) -> Given | None:
        """The latest attempt."""
        return self.given[-1] if self.given else None

    @property
    def right(self) -> bool:
        """Was the latest answer right?"""
        return bool(self.given) and self.given[-1].right

    @property
    def attempts(self) -> int:
        """Attempts made."""
        return len(self.given)

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


def score(standings: Iterable[Standing]) -> Score:
    """The sum."""
    raise NotImplementedError


def standings(learner: str, slug: str, items: Iterable[Item]) -> dict[str, Standing]:
    """By id, in order, all items of one group. An unknown learner ("") stands at the beginning."""
    raise NotImplementedError


def answer(learner: str, slug: str, item: Item, choice: Choice) -> Standing:
    """Grade and store one attempt. The same post again changes nothing and gives the same. Raises `Refused`."""
    raise NotImplementedError
