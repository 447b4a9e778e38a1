"""Minutes are reckoned from what there is to read and what runs take, and what an author claims is near that."""

import pytest

from lessons import catalogue
from lessons.learning.effort import EFFORTS, PACE, Effort, mode_effort
from lessons.learning.modes import MODES, ORDER, lesson_modes
from tests.stage import scenes


def test_every_mode_has_its_effort_and_its_place_in_the_order() -> None:
    ids = {each.id for each in MODES}
    assert EFFORTS.keys() == set(ORDER) == ids


def test_minutes_are_words_and_runs_rounded_up() -> None:
    assert Effort().minutes == Effort(1).minutes == 1
    assert Effort(int(PACE), 0.0).minutes == 1
    assert Effort(int(PACE), 1.0).minutes == 2
    assert (Effort(100, 20.0) + Effort(100, 40.0)) == Effort(200, 60.0)
    assert Effort(200, 60.0).minutes == 2


@pytest.mark.parametrize("slug", ["why-async-matters", "await-together"])
def test_every_mode_takes_some_time(slug: str) -> None:
    lesson = catalogue.find_lesson(slug)
    for each in lesson_modes(lesson):
        assert mode_effort(lesson, each.id).words > 20, each.id


def test_the_path_is_short_and_its_runs_are_counted() -> None:
    found = mode_effort(scenes.lesson(), "path")
    assert 38 <= found.seconds <= 40  # 1 + 10 + 5 + 10 + 1 + 1 + 10
    assert found.minutes <= 6


@pytest.mark.parametrize("slug", ["why-async-matters", "await-together"])
def test_the_minutes_of_the_list_are_what_was_reckoned(slug: str) -> None:
    lesson = catalogue.find_lesson(slug)
    whole = sum((mode_effort(lesson, each.id) for each in lesson_modes(lesson)), Effort()).minutes
    assert abs(lesson.minutes - whole) <= 0.15 * whole + 1
