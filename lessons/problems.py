"""Challenge: what happens? Two attempts; a badge when all are right.

Seconds are right within 20 % of the author's claim. The time limit is a clock on the page and no more.
"""

from typing import Final

from lessons import answers
from lessons.answers import Choice, Item, Standing
from lessons.content.model import Lesson
from lessons.models import Badge
from lessons.refusal import Refused

ATTEMPTS: Final = 2
BADGE: Final = "challenge"


def items(lesson: Lesson) -> list[Item]:
    """The problems."""
    return [
        Item("problem", each.id, ATTEMPTS, each.options, each.seconds, each.why, each.prompt)
        for each in lesson.teaching.problems
    ]


def answer(learner: str, lesson: Lesson, problem: str, choice: Choice) -> Standing:
    """Answer with an option or with seconds, as the problem asks; may earn the badge. Raises `Refused`.

    `Standing.explanation` has the problem's `why` once it is settled.
    """
    for item in items(lesson):
        if item.id == problem:
            standing = answers.answer(learner, lesson.slug, item, choice)
            _award(learner, lesson)  # once the answer is stored: of two posts at once, one sees both answers
            return standing
    raise Refused("unknown", "This lesson has no such problem.")


def standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """By problem id, in order."""
    return answers.standings(learner, lesson.slug, items(lesson))


def has_badge(learner: str, lesson: Lesson) -> bool:
    """Has the learner solved them all?"""
    return Badge.objects.filter(learner=learner, lesson=lesson.slug, name=BADGE).exists()


def _award(learner: str, lesson: Lesson) -> None:
    if all(each.right for each in standings(learner, lesson).values()):
        Badge.objects.get_or_create(learner=learner, lesson=lesson.slug, name=BADGE)
