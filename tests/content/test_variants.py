"""The options of a task become sources, and those that compile become lanes."""

from pathlib import Path

import pytest
from pytest_django import Settings

from lessons import catalogue
from lessons.content.exercise_samples import complete_lesson
from lessons.content.model import Lesson
from lessons.content.variants import fill_blank, lane_id, syntax_error
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.views.run_form import RunForm, spec_initial
from tests.content.real import SLUG


@pytest.fixture
def lesson(folder: Path, settings: Settings, tmp_path: Path) -> Lesson:
    settings.LESSONS_DIR = folder.parent
    settings.DATA_DIR = tmp_path / "data"
    return catalogue.find_lesson(SLUG)


def test_the_blank_is_filled(lesson: Lesson) -> None:
    (task,) = lesson.teaching.tasks
    assert "    data = await fetch_data()\n" in fill_blank(task, task.options[0])


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a = 1", ""),
        ("a = '\\d'", ""),
        ("a = ", "SyntaxError: invalid syntax (line 1)"),
        ("def f():\n    await g()", "SyntaxError: 'await' outside async function (line 2)"),
        ("def f():\nx", "IndentationError: expected an indented block after function definition on line 1 (line 2)"),
    ],
)
def test_python_says_what_is_wrong(source: str, said: str) -> None:
    assert syntax_error(source) == said


@pytest.mark.parametrize("source", ["\x00", "(" * 5_000, "x" + "[0" * 5_000])
def test_what_is_no_source_at_all_is_told_too(source: str) -> None:
    assert syntax_error(source)


def test_an_option_that_compiles_is_a_lane_that_is_not_listed(lesson: Lesson) -> None:
    (task,) = lesson.teaching.tasks
    made = [lane for lane in lesson.lanes if lane.sample.startswith("try-")]
    assert (
        [lane.id for lane in made]
        == [lane_id(task, 1), lane_id(task, 3)]
        == [
            "try-await-it-1@daphne",
            "try-await-it-3@daphne",
        ]
    )
    assert [(lane.name, lane.listed, lane.chosen) for lane in made] == [
        ("Try: Wait for the data", False, False),
        ("Try: Wait for the data", False, False),
    ]


def test_its_sample_is_a_file_of_the_site_and_not_of_the_content(lesson: Lesson, tmp_path: Path) -> None:
    sample = lesson.sample("try-await-it-3")
    assert sample.path.is_relative_to(tmp_path / "data" / "variants")
    assert sample.path.read_text() == sample.source
    assert "data = not fetch_data()" in sample.source


def test_a_file_that_was_spoilt_is_written_anew(lesson: Lesson, folder: Path, tmp_path: Path) -> None:
    path = lesson.sample("try-await-it-1").path
    path.write_text("spoilt")
    assert complete_lesson(lesson, tmp_path / "data" / "variants").sample("try-await-it-1").path == path
    assert path.read_text() == lesson.sample("try-await-it-1").source
    assert [each.name for each in path.parent.iterdir()] == ["view.py"]


def post(lesson: Lesson, *lanes: str) -> RunForm:
    return RunForm(lesson, {"requests": "1", "wait": "0.1", "workers": "1", "lanes": list(lanes)})


def test_the_controls_offer_listed_lanes_and_take_those_of_examples() -> None:
    lesson = catalogue.find_lesson("why-async-matters")
    unlisted = {lane.id for lane in lesson.lanes if not lane.listed}
    shown = next(id for each in lesson.teaching.examples for id in each.lanes if id in unlisted)
    form = post(lesson, shown)
    assert shown not in str(RunForm(lesson)["lanes"])
    assert form.is_valid(), form.errors
    assert [lane.lane for lane in form.spec().lanes] == [shown]


@pytest.mark.parametrize(
    "lane", ["async_blocking@waitress", "try-await-it-1@daphne", "try-await-it-2@daphne", "nothing@daphne", ""]
)
def test_a_lane_that_is_not_there_is_refused(lane: str, lesson: Lesson) -> None:
    assert "is not a lane of this lesson" in str(post(lesson, lane).errors["lanes"])


def test_behind_a_run_of_unlisted_lanes_the_usual_ones_are_ticked(lesson: Lesson) -> None:
    hidden = LaneSpec("try-await-it-1", "daphne")
    assert spec_initial(lesson, RunSpec(SLUG, (hidden,)))["lanes"] == ["sync@waitress", "async@daphne"]
    assert spec_initial(lesson, RunSpec(SLUG, (hidden, LaneSpec("sync", "daphne"))))["lanes"] == ["sync@daphne"]
