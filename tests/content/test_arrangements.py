"""Lines to put in order are options, one for each way; the one in which each line has its place is right."""

from math import perm

import pytest

from lessons import catalogue
from lessons.content import arrangements
from lessons.content.arrangements import OTHERWISE, arrange_lines
from lessons.content.teaching import Line, Task
from lessons.content.variants import fill_blank, put_in_blank, syntax_error

LINES = (Line("b", 2), Line("x", why="No."), Line("a", 1))
TASKS = [each for each in catalogue.find_lesson("why-async-matters").teaching.tasks if each.lines]


def test_every_way_is_an_option_and_one_is_right() -> None:
    options = arrange_lines(LINES, "So.")
    assert len(options) == 6
    assert {each.text: (each.right, each.why) for each in options} == {
        "a\nb": (True, "So."),
        "b\na": (False, OTHERWISE),
        "a\nx": (False, "No."),
        "x\na": (False, "No."),
        "b\nx": (False, "No."),
        "x\nb": (False, "No."),
    }


def test_the_place_of_an_order_is_that_of_its_option() -> None:
    options = arrange_lines(LINES, "So.")
    for at, order in enumerate(arrangements.orders(3, 2)):
        assert options[at].text == "\n".join(LINES[line].text for line in order)


def test_lines_stand_as_far_in_as_the_blank() -> None:
    assert put_in_blank("def f():\n    ____\n", "a\n    b") == "def f():\n    a\n        b\n"
    assert put_in_blank("x = ____  # y", "1") == "x = 1  # y"
    assert put_in_blank("____\n", "a\nb") == "a\nb\n"


@pytest.mark.parametrize("task", TASKS, ids=lambda each: each.id)
def test_the_lessons_own_lines_have_one_right_order_that_compiles(task: Task) -> None:
    places = sum(each.place is not None for each in task.lines)
    assert len(task.options) == perm(len(task.lines), places)
    (right,) = (each for each in task.options if each.right)
    assert syntax_error(fill_blank(task, right)) == ""
    assert all(each.why for each in task.options)
