"""Every kind of mistake an author can make is told with file, key and reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.catalogue import VOCABULARY
from lessons.content.faults import ContentError, Fault
from lessons.content.files import MAX_BYTES
from lessons.content.loader import load_lesson, load_lessons
from tests.content.document_mistakes import MISTAKES, TITLE
from tests.content.real import REAL, SLUG, edit

Faults = Callable[[], tuple[Fault, ...]]


def test_the_real_lesson_lists_four_lanes_and_has_six_steps_and_the_focus_on_the_async_view() -> None:
    lesson = load_lesson(REAL, VOCABULARY)
    assert [lane.name for lane in lesson.lanes if lane.listed] == [
        "Sync view",
        "Async view",
        "Async view that blocks",
        "Sync view under ASGI",
    ]
    assert [step.number for step in lesson.steps] == [1, 2, 3, 4, 5, 6]
    assert lesson.slug == SLUG
    assert lesson.lane(lesson.focus).name == "Async view"
    assert "await fetch_data()" in lesson.sample("async").source


def test_the_real_lesson_loads_from_its_own_place_with_its_recorded_run() -> None:
    assert load_lesson(REAL, VOCABULARY).recorded.is_file()


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_document_is_told_at_its_key(mistake: str, folder: Path, faults: Faults) -> None:
    old, new, key, reason = MISTAKES[mistake]
    edit(folder / "lesson.toml", old, new, count=-1)
    told = [fault.reason for fault in faults() if (fault.file, fault.key) == (folder / "lesson.toml", key)]
    assert len(told) == 1
    assert reason in told[0]


def test_all_mistakes_of_a_folder_are_told_at_once(folder: Path, faults: Faults) -> None:
    edit(folder / "lesson.toml", TITLE, "titel = 'x'")
    edit(folder / "lesson.toml", "place = 1", "place = 0")
    (folder / "samples" / "sync.py").write_text("def view(:")
    (folder / "recorded" / "ten.jsonl").write_text("{}\n")
    assert {(fault.file.name, fault.key) for fault in faults()} == {
        ("lesson.toml", "titel"),
        ("lesson.toml", "title"),
        ("lesson.toml", "place"),
        ("sync.py", ""),
        ("ten.jsonl", "line 1"),
    }


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def view(request:\n", "does not compile in line 1"),
        ("def view(request):\n    return 1\n\nreturn 2\n", "does not compile in line 4"),
        ("def view(request):\n    return '\\d'\n", "does not compile in line 2: invalid escape sequence"),
        ("import djnago.http\n\n\ndef view(request): ...\n", "imports 'djnago.http', and there is no such module"),
        (
            "from lessons.lab.fetch import f\n\n\ndef view(request): ...\n",
            "imports 'lessons.lab.fetch', and there is no",
        ),
        ("view = 1\n", "defines no function 'view'"),
        ("class view: ...\n", "defines no function 'view'"),
        ("", "defines no function 'view'"),
        ("(" * 5000, "does not compile"),
    ],
)
def test_a_sample_that_is_no_view_is_told(source: str, reason: str, folder: Path, faults: Faults) -> None:
    sample = folder / "samples" / "sync.py"
    sample.write_text(source)
    (fault,) = faults()
    assert (fault.file, fault.key) == (sample, "")
    assert reason in fault.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"#" * (MAX_BYTES + 1), "samples/sync.py has 262,145 bytes; 262,144 are allowed"),
        (b"\xff\xfe", "samples/sync.py cannot be read"),
    ],
)
def test_a_sample_that_cannot_be_read_is_told(content: bytes, reason: str, folder: Path, faults: Faults) -> None:
    (folder / "samples" / "sync.py").write_bytes(content)
    (fault,) = faults()
    assert fault.key == "samples[0].path"
    assert reason in fault.reason


@pytest.mark.parametrize("name", ["lesson.toml", "samples/sync.py", "recorded/ten.jsonl"])
def test_a_link_out_of_the_folder_is_told(name: str, folder: Path, faults: Faults, tmp_path: Path) -> None:
    outside = (folder / name).rename(tmp_path / "outside")
    (folder / name).symlink_to(outside)
    told = faults()
    assert told  # at each place that names the file
    assert all("leads out of the lesson's folder" in fault.reason for fault in told)


def test_a_loop_of_links_is_told(folder: Path, faults: Faults) -> None:
    sample = folder / "samples" / "sync.py"
    sample.unlink()
    sample.symlink_to(sample)
    (fault,) = faults()
    assert fault.key == "samples[0].path"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"title = ", "is not TOML"),
        (b"title = 1\ntitle = 2", "is not TOML"),
        (b"a = " + b"[" * 20000, "is not TOML"),
        (b"a = " + b"9" * 5000, "is not TOML"),
        (b"\xff", "cannot be read"),
        (b"#" * (MAX_BYTES + 1), "has 262,145 bytes"),
        (None, "there is no file lesson.toml"),
    ],
)
def test_a_document_that_cannot_be_read_is_one_fault(
    document: bytes | None, reason: str, folder: Path, faults: Faults
) -> None:
    (folder / "lesson.toml").unlink()
    if document is not None:
        (folder / "lesson.toml").write_bytes(document)
    (fault,) = faults()
    assert reason in fault.reason


def test_a_folder_whose_name_is_no_slug_is_told(folder: Path) -> None:
    renamed = folder.rename(folder.with_name("Why Async"))
    with pytest.raises(ContentError, match="the folder's name is the slug"):
        load_lesson(renamed, VOCABULARY)


def test_lessons_come_in_the_order_of_their_slugs(folder: Path) -> None:
    first = folder.with_name("a-first")
    first.symlink_to(folder)
    folder.with_name("__pycache__").mkdir()
    folder.with_name("loader.py").touch()
    assert list(load_lessons(folder.parent, VOCABULARY, recordings=False)) == ["a-first", SLUG]


def test_the_faults_of_all_lessons_are_told_at_once(folder: Path) -> None:
    edit(folder / "lesson.toml", TITLE, "")
    folder.with_name("empty").mkdir()
    with pytest.raises(ContentError) as caught:
        load_lessons(folder.parent, VOCABULARY)
    assert [fault.file.parent.name for fault in caught.value.faults] == ["lessons", SLUG]


def test_a_missing_folder_of_lessons_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="there is no such folder"):
        load_lessons(tmp_path / "nowhere", VOCABULARY)


def test_a_fault_reads_as_file_key_and_reason() -> None:
    assert str(Fault(Path("a.toml"), "steps[2].on", "is missing")) == "a.toml: steps[2].on: is missing"
    assert str(Fault(Path("a.py"), "", "is missing")) == "a.py: is missing"
