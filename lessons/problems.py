"""Challenge: what happens? Two attempts; a badge when all are right.

Seconds are right within 20 % of the author's claim. The time limit is a clock on the page and no more.
"""

from typing import Final

from lessons.answers import Choice, Standing
from lessons.content.model import Lesson

ATTEMPTS: Final = 2
BADGE: Final = "challenge"


def answer(learner: str, lesson: Lesson, problem: str, choice: Choice) -> Standing:
    """Answer with an option or with seconds, as the problem asks; may earn the badge. Raises `Refused`.

    `Standing.explanation` has the problem's `why` once it is settled.
    """
    raise NotImplementedError


def standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """By problem id, in order."""
    raise NotImplementedError


def has_badge(learner: str, lesson: Lesson) -> bool:
    """Has the learner solved them all?"""
    raise NotImplementedError
