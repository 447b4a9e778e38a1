"""Try: blanks to fill, in three attempts."""

from typing import Final

from lessons import answers
from lessons.answers import Choice, Item, Standing
from lessons.content.model import Lesson
from lessons.refusal import Refused

ATTEMPTS: Final = 3


def items(lesson: Lesson) -> list[Item]:
    """The tasks."""
    return [Item("task", each.id, ATTEMPTS, each.options, prompt=each.prompt) for each in lesson.teaching.tasks]


def answer(learner: str, lesson: Lesson, task: str, choice: Choice) -> Standing:
    """Fill the blank with an option. Raises `Refused`."""
    for item in items(lesson):
        if item.id == task:
            return answers.answer(learner, lesson.slug, item, choice)
    raise Refused("unknown", "This lesson has no such task.")


def standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """By task id, in order."""
    return answers.standings(learner, lesson.slug, items(lesson))
