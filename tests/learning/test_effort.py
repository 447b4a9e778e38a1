"""Minutes are reckoned from what there is to read and what runs take; those of a lesson are the sum of its parts."""

from dataclasses import replace

import pytest

from lessons import catalogue
from lessons.learning.effort import EFFORTS, PACE, Effort, lesson_minutes, mode_effort
from lessons.learning.modes import MODES, lesson_modes
from tests.stage import scenes


def test_every_mode_has_its_effort() -> None:
    assert EFFORTS.keys() == {each.id for each in MODES}


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
def test_the_minutes_of_a_lesson_are_the_sum_of_its_parts(slug: str) -> None:
    lesson = catalogue.find_lesson(slug)
    assert lesson_minutes(lesson) == sum(mode_effort(lesson, each.id).minutes for each in lesson_modes(lesson))


def test_what_is_put_together_counts_in_the_project() -> None:
    lesson = scenes.lesson()
    project = lesson.teaching.project
    assert project
    assert project.build
    bare = replace(lesson, teaching=replace(lesson.teaching, project=replace(project, build=None)))
    assert mode_effort(lesson, "project").seconds == project.build.goals.seconds
    assert mode_effort(bare, "project").words < mode_effort(lesson, "project").words - 100
