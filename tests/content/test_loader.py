"""Every kind of mistake an author can make is told with file, key and reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.catalogue import VOCABULARY
from lessons.content.faults import ContentError, Fault
from lessons.content.files import MAX_BYTES
from lessons.content.loader import load_lesson, load_lessons
from tests.content.real import REAL, SLUG

Faults = Callable[[], tuple[Fault, ...]]
TITLE = 'title = "Why async matters in Django"'
RECORDED = 'recorded = "recorded/ten.jsonl"'
SYNC_PATH = 'path = "samples/sync.py"'

# mistake -> what is replaced in lesson.toml, by what, the key of the fault, words of its reason
MISTAKES = {
    "unknown key": (TITLE, TITLE + "\ntitel = 'x'", "titel", "unknown key; did you mean 'title'?"),
    "unknown key below": ('action = "Data received"', 'action = "x"\nactoin = "y"', "steps[3].actoin", "'action'"),
    "unknown key that is no word": (TITLE, TITLE + "\n'a b' = 1", "['a b']", "unknown key"),
    "derived key": (TITLE, TITLE + "\nslug = 'x'", "slug", "unknown key"),
    "missing key": (TITLE, "", "title", "is missing"),
    "missing key below": ('label = "Final"', "", "moments[2].label", "is missing"),
    "missing list": ('variables = ["data", "request"]', "", "variables", "is missing"),
    "empty text": (TITLE, 'title = " "', "title", "must not be empty"),
    "empty optional text": ('suspended = "The', 'suspended = ""\n# "', "steps[2].narration.suspended", "empty"),
    "empty list": ('variables = ["data", "request"]', "variables = []", "variables", "must not be an empty list"),
    "text for a number": ("minutes = 10", 'minutes = "10"', "minutes", "must be a whole number, not '10'"),
    "truth for a number": ("minutes = 10", "minutes = true", "minutes", "must be a whole number, not True"),
    "fraction for a whole number": ("requests = 100", "requests = 100.0", "presets[2].requests", "a whole number"),
    "number for a text": (TITLE, "title = 3", "title", "must be a text, not 3"),
    "date for a text": (TITLE, "title = 2026-01-01", "title", "must be a text, not date"),
    "text for a truth": ("chosen = true", 'chosen = "yes"', "lanes[0].chosen", "must be true or false"),
    "text for a list": ('variables = ["data", "request"]', "variables = 'data'", "variables", "must be a list"),
    "text for a table": (
        'actions = { async = "Await fetch_data()" }',
        "actions = 'x'",
        "steps[2].actions",
        "must be a table",
    ),
    "wrong type in a list": ('["data", "request"]', '["data", 1]', "variables[1]", "must be a text"),
    "no minutes": ("minutes = 10", "minutes = 0", "minutes", "less than 1"),
    "bad id": ('id = "ten"', 'id = "Ten!"', "presets[0].id", "'Ten!' is not an id"),
    "duplicate sample": ('id = "async_blocking"', 'id = "sync"', "samples[2].id", "'sync' is here twice"),
    "duplicate sample name": (
        'name = "Async view"\nsummary',
        'name = "Sync view"\nsummary',
        "samples[1].name",
        "here twice",
    ),
    "duplicate lane": (
        'sample = "async_blocking"\nserver = "daphne"',
        'sample = "async"\nserver = "daphne"',
        "lanes[2].server",
        "'async and daphne' is here twice",
    ),
    "duplicate lane name": ('"Sync view under ASGI"', '"Sync view"', "lanes[3].name", "'Sync view' is here twice"),
    "duplicate node": ('id = "run"', 'id = "wait"', "nodes[3].id", "'wait' is here twice"),
    "duplicate arrow": (
        'source = "check"\ntarget = "run"',
        'source = "arrive"\ntarget = "check"',
        "edges[1].target",
        "twice",
    ),
    "duplicate preset": ('id = "one"', 'id = "ten"', "presets[1].id", "'ten' is here twice"),
    "duplicate variable": ('["data", "request"]', '["data", "data"]', "variables[1]", "'data' is here twice"),
    "event that leads to two nodes": (
        'on = ["view.started"]',
        'on = ["fetch.called"]',
        "nodes[3].on",
        "'fetch.called' is here twice",
    ),
    "event that begins two steps": (
        'on = "fetch.returned"\nnode',
        'on = "fetch.called"\nnode',
        "steps[3].on",
        "'fetch.called' is here twice",
    ),
    "event of two moments": (
        'label = "Final"\non = "view.returned"',
        'label = "Final"\non = "view.started"',
        "moments[2].on",
        "'view.started' is here twice",
    ),
    "unknown event of a node": (
        'on = ["view.started"]',
        'on = ["view.start"]',
        "nodes[2].on[0]",
        "there is no event kind 'view.start'; did you mean 'view.started'?",
    ),
    "unknown event of a step": (
        'on = "request.handled"\nnode',
        'on = "zzz"\nnode',
        "steps[5].on",
        "choose one of cancel.requested",
    ),
    "unknown event of a moment": (
        'label = "Final"\non = "view.returned"',
        'label = "Final"\non = "x"',
        "moments[2].on",
        "no event kind 'x'",
    ),
    "unknown sample of a lane": (
        'sample = "async_blocking"',
        'sample = "asink"',
        "lanes[2].sample",
        "there is no sample 'asink'",
    ),
    "unknown sample of a wording": (
        'labels = { async = "After',
        'labels = { asink = "After',
        "moments[1].labels.asink",
        "did you mean 'async'?",
    ),
    "unknown server of a lane": (
        'server = "waitress"',
        'server = "waiter"',
        "lanes[0].server",
        "there is no server 'waiter'",
    ),
    "unknown server of a sample": (
        'servers = ["waitress", "daphne"]',
        'servers = ["waitress", "daphne", "x"]',
        "samples[0].servers[2]",
        "no server 'x'",
    ),
    "server the sample does not run on": (
        'server = "daphne"\nname = "Async view"',
        'server = "waitress"\nname = "Async view"',
        "lanes[1].server",
        "sample 'async' does not run on 'waitress'",
    ),
    "unknown node of an arrow": (
        'source = "check"',
        'source = "chuck"',
        "edges[1].source",
        "there is no node 'chuck'; did you mean",
    ),
    "unknown node of a step": (
        'on = "view.resolved"\nnode = "check"',
        'on = "view.resolved"\nnode = "x"',
        "steps[1].node",
        "no node 'x'",
    ),
    "arrow to itself": (
        'source = "check"\ntarget = "run"',
        'source = "check"\ntarget = "check"',
        "edges[1].target",
        "to itself",
    ),
    "unknown focus": ('focus = "async@daphne"', 'focus = "async@x"', "focus", "there is no lane 'async@x'"),
    "focus that is not chosen": (
        'focus = "async@daphne"',
        'focus = "sync@daphne"',
        "focus",
        "'sync@daphne' is not chosen",
    ),
    "nothing chosen": ("chosen = true", "chosen = false", "lanes", "0 are chosen; a run has 1 to 4"),
    "label of three lines": ('"Run|view"', '"Run|the|view"', "nodes[2].label", "1 to 2 lines"),
    "label with an empty line": ('"Run|view"', '"Run|"', "nodes[2].label", "1 to 2 lines"),
    "variable that is no name": (
        '["data", "request"]',
        '["data", "a-b"]',
        "variables[1]",
        "'a-b' is not the name of a variable",
    ),
    "unknown gap": ("returned {value}", "returned {valeu}", "steps[3].narration.plain", "there is no gap {valeu}"),
    "gap that reaches inside": (
        "returned {value}",
        "returned {value.__class__}",
        "steps[3].narration.plain",
        "there is no gap",
    ),
    "gap with a format": ("returned {value}", "returned {value:9}", "steps[3].narration.plain", "there is no gap"),
    "open brace": ("returned {value}", "returned {value", "steps[3].narration.plain", "braces do not match"),
    "too many requests": ("requests = 100", "requests = 101", "presets[2].requests", "101 is not from 1 to 100"),
    "too short a wait": ("wait = 0.1", "wait = 0.09", "presets[2].wait", "0.09 is not from 0.1 to 3.0"),
    "a wait that is no number": ("wait = 0.1", "wait = nan", "presets[2].wait", "nan is not from 0.1 to 3.0"),
    "too many workers": ("workers = 4", "workers = 17", "presets[3].workers", "17 is not from 1 to 16"),
    "sample file missing": (SYNC_PATH, 'path = "samples/no.py"', "samples[0].path", "there is no file samples/no.py"),
    "sample that is a folder": (SYNC_PATH, 'path = "samples"', "samples[0].path", "does not end in .py"),
    "sample that climbs": (SYNC_PATH, 'path = "../x.py"', "samples[0].path", "must be a plain path inside"),
    "sample at an absolute path": (SYNC_PATH, 'path = "/etc/x.py"', "samples[0].path", "must be a plain path"),
    "sample with a backslash": (SYNC_PATH, "path = '..\\x.py'", "samples[0].path", "must be a plain path inside"),
    "sample with a NUL": (SYNC_PATH, 'path = "a\\u0000.py"', "samples[0].path", "must be a plain path inside"),
    "sample with an endless name": (SYNC_PATH, f"path = '{'x' * 9000}.py'", "samples[0].path", "must be a plain path"),
    "recording missing key": (RECORDED, "", "recorded", "is missing"),
    "recording that climbs": (RECORDED, 'recorded = "../ten.jsonl"', "recorded", "must be a plain path inside"),
    "recording of another format": (RECORDED, 'recorded = "lesson.toml"', "recorded", "does not end in .jsonl"),
}


def edit(folder: Path, old: str, new: str) -> None:
    document = folder / "lesson.toml"
    text = document.read_text()
    assert old in text
    document.write_text(text.replace(old, new))


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
    edit(folder, old, new)
    told = [fault.reason for fault in faults() if (fault.file, fault.key) == (folder / "lesson.toml", key)]
    assert len(told) == 1
    assert reason in told[0]


def test_all_mistakes_of_a_folder_are_told_at_once(folder: Path, faults: Faults) -> None:
    edit(folder, TITLE, "titel = 'x'")
    edit(folder, "minutes = 10", "minutes = 0")
    (folder / "samples" / "sync.py").write_text("def view(:")
    (folder / "recorded" / "ten.jsonl").write_text("{}\n")
    assert {(fault.file.name, fault.key) for fault in faults()} == {
        ("lesson.toml", "titel"),
        ("lesson.toml", "title"),
        ("lesson.toml", "minutes"),
        ("sync.py", ""),
        ("ten.jsonl", "line 1"),
    }


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def view(request:\n", "does not compile in line 1"),
        ("def view(request):\n    return 1\n\nreturn 2\n", "does not compile in line 4"),
        ("def view(request):\n    return '\\d'\n", "does not compile in line 2: invalid escape sequence"),
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
    (fault,) = faults()
    assert "leads out of the lesson's folder" in fault.reason


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
    edit(folder, TITLE, "")
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
