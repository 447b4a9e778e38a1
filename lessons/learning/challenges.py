"""Challenge: what happens? Two attempts; a badge when all are right.

Seconds are right within 20 % of the author's claim. The time limit is a clock on the page and no more.
"""

from typing import Final

from lessons.content.model import Lesson
from lessons.errors import Refused
from lessons.learning import grading
from lessons.learning.grading import Choice, Item, Standing
from lessons.learning.records import own_rows
from lessons.models import Badge

ATTEMPTS: Final = 2
BADGE: Final = "challenge"


def problem_items(lesson: Lesson) -> list[Item]:
    """The problems."""
    return [
        Item("problem", each.id, ATTEMPTS, each.options, each.seconds, each.why, each.prompt)
        for each in lesson.teaching.problems
    ]


def answer_problem(learner: str, lesson: Lesson, problem: str, choice: Choice) -> Standing:
    """Answer with an option or with seconds, as the problem asks; may earn the badge. Raises `Refused`.

    `Standing.explanation` has the problem's `why` once it is settled.
    """
    for item in problem_items(lesson):
        if item.id == problem:
            standing = grading.record_answer(learner, lesson.slug, item, choice)
            _award(learner, lesson)  # once the answer is stored: of two posts at once, one sees both answers
            return standing
    raise Refused("unknown", "This lesson has no such problem.")


def problem_standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """By problem id, in order."""
    return grading.grade_standings(learner, lesson.slug, problem_items(lesson))


def has_badge(learner: str, lesson: Lesson) -> bool:
    """Has the learner solved them all?"""
    return own_rows(Badge, learner, lesson.slug).filter(name=BADGE).exists()


def _award(learner: str, lesson: Lesson) -> None:
    if all(each.right for each in problem_standings(learner, lesson).values()):
        Badge.objects.get_or_create(learner=learner, lesson=lesson.slug, name=BADGE)
