"""Try: blanks to fill, in three attempts."""

from typing import Final

from lessons.content.model import Lesson
from lessons.errors import Refused
from lessons.learning import grading
from lessons.learning.grading import Choice, Item, Standing

ATTEMPTS: Final = 3


def task_items(lesson: Lesson) -> list[Item]:
    """The tasks."""
    return [Item("task", each.id, ATTEMPTS, each.options, prompt=each.prompt) for each in lesson.teaching.tasks]


def answer_task(learner: str, lesson: Lesson, task: str, choice: Choice) -> Standing:
    """Fill the blank with an option. Raises `Refused`."""
    for item in task_items(lesson):
        if item.id == task:
            return grading.record_answer(learner, lesson.slug, item, choice)
    raise Refused("unknown", "This lesson has no such task.")


def task_standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """By task id, in order."""
    return grading.grade_standings(learner, lesson.slug, task_items(lesson))
