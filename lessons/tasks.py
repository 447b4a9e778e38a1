"""Try: blanks to fill, in three attempts."""

from typing import Final

from lessons.answers import Choice, Standing
from lessons.content.model import Lesson

ATTEMPTS: Final = 3


def answer(learner: str, lesson: Lesson, task: str, choice: Choice) -> Standing:
    """Fill the blank with an option. Raises `Refused`."""
    raise NotImplementedError


def standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """By task id, in order."""
    raise NotImplementedError
