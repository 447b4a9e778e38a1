"""Try: blanks to fill, in three attempts, and lines to put in order, in six."""

from collections.abc import Mapping
from typing import Final

from lessons.content.arrangements import orders, place_count
from lessons.content.model import Lesson
from lessons.content.teaching import Task
from lessons.errors import Refused
from lessons.learning import grading
from lessons.learning.grading import Choice, Item, Standing
from lessons.models import MAX_ATTEMPTS

ATTEMPTS: Final = 3


def task_items(lesson: Lesson) -> list[Item]:
    """The tasks."""
    return [
        Item("task", each.id, MAX_ATTEMPTS if each.lines else ATTEMPTS, each.options, prompt=each.prompt)
        for each in lesson.teaching.tasks
    ]


def option_of_lines(task: Task, form: Mapping[str, str]) -> str:
    """Which option (index) the lines of a form are: its fields `line-1`, `line-2`, … Raises `Refused`."""
    ways = orders(len(task.lines), place_count(task.lines))
    chosen = [form.get(f"line-{place}", "") for place in range(1, place_count(task.lines) + 1)]
    try:
        return str(ways.index(tuple(grading.parse_whole_number(each) for each in chosen)))
    except ValueError:
        raise Refused("option", "Put a line into each place, and each line once.") from None
    except Refused:
        raise Refused("option", "Put a line into each place first.") from None


def answer_task(learner: str, lesson: Lesson, task: str, choice: Choice) -> Standing:
    """Fill the blank with an option. Raises `Refused`."""
    for item in task_items(lesson):
        if item.id == task:
            return grading.record_answer(learner, lesson.slug, item, choice)
    raise Refused("unknown", "This lesson has no such task.")


def task_standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """By task id, in order."""
    return grading.grade_standings(learner, lesson.slug, task_items(lesson))
