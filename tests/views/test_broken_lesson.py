"""A lesson with a mistake in it harms itself alone, and who works on it is told what is wrong."""

import shutil
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from lessons.catalogue import VOCABULARY
from lessons.content.loader import load_lesson
from tests.content.real import REAL

pytestmark = pytest.mark.django_db
GOOD, BROKEN, UNREADABLE = "/lessons/good/", "/lessons/broken/", "/lessons/unreadable/"


@pytest.fixture(autouse=True)
def lessons_dir(settings: Settings, tmp_path: Path) -> Path:
    """Three lessons: one has a mistake in its document, one in the recorded run of its stage."""
    folder = tmp_path / "lessons"
    for name in ("good", "broken", "unreadable"):
        shutil.copytree(REAL, folder / name)
    for recording in folder.glob("*/recorded/*.jsonl"):  # it tells of which lesson it is
        recording.write_text(recording.read_text().replace(f'"{REAL.name}"', f'"{recording.parents[1].name}"'))
    document = folder / "broken" / "lesson.toml"
    document.write_text(document.read_text().replace("title =", "titel =", 1))
    (folder / "unreadable" / "recorded" / "ten.jsonl").write_text("{}\n")
    settings.LESSONS_DIR = folder
    return folder


def test_the_list_and_the_other_lessons_are_as_ever(client: Client) -> None:
    listed = client.get("/").content.decode()
    assert 'href="/lessons/good/"' in listed
    assert "/lessons/broken/" not in listed
    assert client.get(GOOD).status_code == 200
    assert client.get(f"{GOOD}learn/").status_code == 200


@pytest.mark.parametrize("address", [BROKEN, f"{BROKEN}learn/", UNREADABLE])
def test_its_own_pages_say_that_it_is_out_of_order(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 503
    assert "This lesson is out of order" in answer.content.decode()
    assert "lesson.toml" not in answer.content.decode()


@pytest.mark.parametrize(("address", "fault"), [(BROKEN, "titel"), (UNREADABLE, "line 1")])
def test_who_works_on_it_is_told_every_mistake(
    client: Client, settings: Settings, address: str, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DEBUG = True
    assert fault in client.get(address).content.decode()
    assert any(address in line and "cannot be shown" in line for line in caplog.messages)
    assert 'href="/lessons/broken/"' in client.get("/").content.decode()


@pytest.mark.parametrize(("name", "text"), [("shapes", "{}\n"), ("performance", "{}\n"), ("shapes", "ten.jsonl")])
def test_another_recording_that_cannot_be_used_takes_only_its_own_place(
    client: Client, lessons_dir: Path, name: str, text: str
) -> None:
    recorded = lessons_dir / "good" / "recorded"
    other = recorded / text if text.endswith(".jsonl") else None  # a run of other lanes
    (recorded / f"{name}.jsonl").write_text(other.read_text() if other else text)
    problems = load_lesson(REAL, VOCABULARY).teaching.problems
    for page in ("", "challenge/", *(f"challenge/?problem={each.id}" for each in problems), "performance/"):
        assert client.get(f"{GOOD}{page}").status_code == 200, page


def test_what_never_was_is_not_found(client: Client) -> None:
    assert client.get("/lessons/nothing/").status_code == 404
