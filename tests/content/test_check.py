"""`manage.py check` and the catalogue tell the same faults."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.checks import Error, run_checks
from pytest_django import Settings

from lessons import catalogue
from lessons.content.faults import ContentError
from lessons.lab.events import Event, LineReached
from tests.content.real import LANE, SHORTEST, SLUG, edit, write_recording


@pytest.fixture(autouse=True)
def lessons_dir(folder: Path, settings: Settings) -> Path:
    settings.LESSONS_DIR = folder.parent
    return folder.parent


def test_a_good_folder_passes_the_check() -> None:
    assert run_checks(tags=["content"]) == []


def test_every_fault_is_an_error_of_the_check(folder: Path) -> None:
    (folder / "samples" / "sync.py").write_text("view = 1")
    (folder / "recorded" / "ten.jsonl").write_text("{}")
    found = run_checks(tags=["content"])
    assert all(isinstance(each, Error) and each.id == "lessons.E001" for each in found)
    assert [each.msg.split(": ")[0].rpartition("/")[2] for each in found] == ["sync.py", "ten.jsonl"]


def test_a_record_that_is_no_event_is_an_error_of_the_check(folder: Path) -> None:
    recording = folder / "recorded" / "ten.jsonl"
    recording.write_text(recording.read_text().replace('"outcome"', '"income"'))
    (found,) = run_checks(tags=["content"])
    assert "line 4: not an event" in found.msg


def test_faults_of_one_lesson_hide_none_of_another(folder: Path) -> None:
    folder.with_name("empty").mkdir()
    recording = folder / "recorded" / "ten.jsonl"
    recording.write_text(recording.read_text().replace('"outcome"', '"income"'))
    empty, broken = run_checks(tags=["content"])
    assert "there is no file lesson.toml" in empty.msg
    assert "line 4: not an event" in broken.msg


def test_a_shape_of_a_lane_that_did_not_run_is_told(folder: Path) -> None:
    edit(folder / "problems.toml", 'lane = "async@daphne" }', 'lane = "sync@waitress" }')
    (found,) = run_checks(tags=["content"])
    assert "problems[1].shape.lane: 'sync@waitress' is not a lane of that run" in found.msg


def test_a_shape_of_a_run_that_is_not_there_is_told(folder: Path) -> None:
    edit(folder / "problems.toml", "recorded/ten.jsonl", "recorded/eleven.jsonl")
    (found,) = run_checks(tags=["content"])
    assert "there is no file eleven.jsonl" in found.msg


def test_a_missing_folder_of_lessons_is_an_error_of_the_check(settings: Settings, tmp_path: Path) -> None:
    settings.LESSONS_DIR = tmp_path / "nowhere"
    (found,) = run_checks(tags=["content"])
    assert "there is no such folder" in found.msg


def test_the_catalogue_knows_a_lesson_by_its_slug() -> None:
    assert catalogue.find_lesson(SLUG) is catalogue.all_lessons()[SLUG]
    with pytest.raises(KeyError):
        catalogue.find_lesson("nothing")


def test_the_catalogue_opens_before_a_run_is_recorded(folder: Path) -> None:
    (folder / "recorded" / "ten.jsonl").unlink()
    lesson = catalogue.find_lesson(SLUG)
    with pytest.raises(ContentError, match="there is no file"):
        catalogue.recorded_events(lesson)


def test_the_catalogue_leaves_out_a_broken_lesson_and_no_other(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    shutil.copytree(folder, folder.with_name("another"))
    (folder.with_name("another") / "lesson.toml").write_text("title = 1")
    assert list(catalogue.all_lessons()) == [SLUG]
    (error,) = catalogue.broken_lessons().values()
    assert "must be a text" in str(error)
    (line,) = caplog.messages
    assert line.startswith("The lesson another is left out: ")


def test_a_folder_of_lessons_that_is_not_there_is_told(settings: Settings, tmp_path: Path) -> None:
    settings.LESSONS_DIR = tmp_path / "nowhere"
    with pytest.raises(ContentError, match="there is no such folder"):
        catalogue.all_lessons()


def test_a_recorded_run_that_does_not_fit_its_changed_sample_any_more_is_told(folder: Path) -> None:
    reached = Event(0.5, LineReached(7), LANE.lane, 1, seq=3)
    events = [*SHORTEST[:2], reached, replace(SHORTEST[2], seq=4)]
    write_recording(folder, (event.as_record() for event in events))
    assert run_checks(tags=["content"]) == []
    sample = folder / "samples" / "async.py"
    sample.write_text(f"# Changed.\n{sample.read_text()}")
    (found,) = run_checks(tags=["content"])
    assert "line 4: line 7 of async.py is not a line of its view any more: record the run again" in found.msg
