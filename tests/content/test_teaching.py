"""What stands around the stage: read as written, and every mistake told with file, key and reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.catalogue import VOCABULARY
from lessons.content.faults import Fault
from lessons.content.files import MAX_BYTES, MAX_TEXT_BYTES
from lessons.content.loader import load_lesson
from lessons.content.model import Claim, Start
from lessons.content.teaching import Evidence, Teaching
from tests.content.real import edit
from tests.content.teaching_mistakes import MISTAKES

Faults = Callable[[], tuple[Fault, ...]]
FILES = (
    "path.toml",
    "learn.md",
    "why.md",
    "deep.md",
    "tasks.toml",
    "problems.toml",
    "project.toml",
    "review.toml",
    "performance.toml",
)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_at_its_file_and_key(mistake: str, folder: Path, faults: Faults) -> None:
    name, old, new, key, reason = MISTAKES[mistake]
    edit(folder / name, old, new)
    told = [fault.reason for fault in faults() if (fault.file, fault.key) == (folder / name, key)]
    assert len(told) == 1
    assert reason in told[0]


def test_everything_is_read_as_it_is_written(folder: Path) -> None:
    lesson = load_lesson(folder, VOCABULARY)
    found = lesson.teaching
    assert (found.remark, len(found.snapshot), found.transcript[:9]) == ("Look at step 3.", 2, "A request")
    assert found.key_moments[0].evidence == Evidence("async@daphne", 3)
    assert [option.right for option in found.quiz[0].options] == [True, False]
    assert found.examples[0].lanes == ("sync@waitress", "async@daphne")
    assert (found.why, found.learn.count("@run")) == ("Because.\n", 2)
    assert [len(task.options) for task in found.tasks] == [3]
    assert [(each.seconds, len(each.options)) for each in found.problems] == [(0.6, 0), (0.0, 2)]
    assert found.project is not None
    assert [step.starter for step in found.project.steps] == ["# your code", ""]
    assert found.review is not None
    assert found.review.questions[0].options[0].text == "An awaitable"
    assert found.performance is not None
    assert found.performance.requests == (1, 2)
    assert found.prediction is not None
    assert (found.prediction.formula, [each.waits for each in found.prediction.readings]) == ("rounds", [1, 2])
    assert lesson.steps[2].claims["sync@waitress"] == Claim(False, True, False)
    assert [lesson.steps[2].start(sample) for sample in ("async", "async_blocking")] == [
        Start("fetch.called"),
        Start("line.reached"),
    ]
    assert [lesson.steps[2].at(sample) for sample in ("async", "async_blocking")] == ["wait", "run"]
    assert lesson.steps[2].said("async_blocking").plain == "The view blocks."
    assert lesson.moments[1].start("async_blocking") == Start("fetch.returned", 1)


@pytest.mark.parametrize("name", FILES)
def test_every_file_beside_may_be_missing(name: str, folder: Path, faults: Faults) -> None:
    (folder / name).unlink()
    assert faults() == ()


def test_a_lesson_may_have_a_stage_and_nothing_else(folder: Path) -> None:
    for name in FILES:
        (folder / name).unlink()
    text = (folder / "lesson.toml").read_text()
    head, _, rest = text.partition("remark")
    (folder / "lesson.toml").write_text(head + rest[rest.index("# Samples") : rest.index("# Around the stage")])
    assert load_lesson(folder, VOCABULARY).teaching == Teaching()


@pytest.mark.parametrize("name", FILES)
def test_a_link_out_of_the_folder_is_told(name: str, folder: Path, faults: Faults, tmp_path: Path) -> None:
    outside = (folder / name).rename(tmp_path / name)
    (folder / name).symlink_to(outside)
    (fault,) = faults()
    assert (fault.file, "leads out of the lesson's folder" in fault.reason) == (folder / name, True)


@pytest.mark.parametrize("name", FILES)
def test_a_link_that_leads_nowhere_and_a_folder_are_told(name: str, folder: Path, faults: Faults) -> None:
    (folder / name).unlink()
    (folder / name).symlink_to(folder / "nothing")
    assert [fault.file.name for fault in faults()] == [name]
    (folder / name).unlink()
    (folder / name).mkdir()
    assert [fault.file.name for fault in faults()] == [name]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"\xff\xfe", "cannot be read"), (b"#" * (MAX_BYTES + 1), "bytes;")],
    ids=["not text", "huge"],
)
def test_a_file_that_cannot_be_read_is_one_fault(
    name: str, content: bytes, reason: str, folder: Path, faults: Faults
) -> None:
    (folder / name).write_bytes(content)
    (fault,) = faults()
    assert (fault.file, reason in fault.reason) == (folder / name, True)


@pytest.mark.parametrize(
    "content", [b"tasks = ", b"a = 1\na = 2", b"a = " + b"[" * 20_000, b"a = " + b"9" * 5_000, b"x" + b".x" * 50_000]
)
def test_hostile_toml_is_one_fault(content: bytes, folder: Path, faults: Faults) -> None:
    (folder / "tasks.toml").write_bytes(content)
    found = faults()
    assert {fault.file.name for fault in found} == {"tasks.toml"}
    assert len(found) <= 2
    assert all(len(str(fault)) < 600 for fault in found)


def test_deep_tables_are_told_at_their_top(folder: Path, faults: Faults) -> None:
    (folder / "review.toml").write_text("cards = [" + "{x=" * 50 + "1" + "}" * 50 + "]")
    told = {fault.key for fault in faults()}
    assert any(key.startswith("cards[0]") for key in told)
    assert all(key.startswith(("cards[0]", "questions", "explain")) for key in told)


def test_a_text_is_smaller_than_a_document(folder: Path, faults: Faults) -> None:
    (folder / "why.md").write_text("x" * (MAX_TEXT_BYTES + 1))
    (fault,) = faults()
    assert "65,537 bytes; 65,536 are allowed" in fault.reason


def test_a_text_full_of_unknown_examples_is_told_a_few_times(folder: Path, faults: Faults) -> None:
    (folder / "why.md").write_text("@run nothing\n" * 5_000)
    assert len(faults()) == 21


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("See ![a server](server.png).", "a picture is not shown"),
        ("Press <kbd>Enter</kbd>.", "HTML is shown as it is written"),
        ("<div>\nA box.\n</div>", "HTML is shown as it is written"),
    ],
)
def test_markup_that_would_be_lost_is_told_at_its_line(written: str, reason: str, folder: Path, faults: Faults) -> None:
    (folder / "why.md").write_text(f"First.\n\n{written}\n")
    assert {(fault.key, reason in fault.reason) for fault in faults()} == {("line 3", True)}


def test_markup_that_would_be_lost_is_told_in_a_table_too(folder: Path, faults: Faults) -> None:
    document = folder / "project.toml"
    document.write_text(document.read_text().replace('"A shop."', "'''A shop.\n\n![its door](door.png)'''", 1))
    (fault,) = faults()
    assert (fault.file.name, fault.key) == ("project.toml", "scenario")
    assert "in its line 3: a picture is not shown" in fault.reason


def test_markup_in_code_is_code(folder: Path, faults: Faults) -> None:
    (folder / "why.md").write_text("`<kbd>`, and `![a](b)`:\n\n```html\n<img src='a'>\n```\n")
    assert faults() == ()


@pytest.mark.parametrize("name", [".DS_Store", "lesson.toml~", "#why.md#", "Thumbs.db"])
def test_what_systems_and_editors_leave_is_passed_over(name: str, folder: Path, faults: Faults) -> None:
    (folder / name).write_text("x")
    assert faults() == ()


@pytest.mark.parametrize("name", ["task.toml", "Learn.md", "README.md", "notes.txt", "picture.png"])
def test_a_file_that_nothing_reads_is_told(name: str, folder: Path, faults: Faults) -> None:
    (folder / name).write_text("x")
    (fault,) = faults()
    assert (fault.file.name, "nothing would read this file" in fault.reason) == (name, True)


def test_the_mistakes_of_all_files_are_told_at_once(folder: Path, faults: Faults) -> None:
    edit(folder / "lesson.toml", "place = 1", "place = 0")
    edit(folder / "tasks.toml", "____", "await")
    edit(folder / "review.toml", '"medium"', '"middling"')
    edit(folder / "learn.md", "@run race", "@run rice")
    (folder / "project.toml").write_text("=")
    told = {fault.file.name for fault in faults()}
    assert told == {"lesson.toml", "tasks.toml", "review.toml", "learn.md", "project.toml"}


def test_a_solution_that_no_lane_runs_is_told(folder: Path, faults: Faults) -> None:
    idle = '[[samples]]\nid = "idle"\nname = "Idle"\nsummary = "x"\npath = "samples/sync.py"\nservers = ["daphne"]\n\n'
    edit(folder / "lesson.toml", "# Lanes", idle + "# Lanes")
    edit(folder / "project.toml", '"async"', '"idle"')
    (fault,) = faults()
    assert (fault.file.name, fault.key) == ("project.toml", "steps[1].solution")
    assert "sample 'idle' has no lane" in fault.reason


def test_events_may_be_counted(folder: Path, faults: Faults) -> None:
    second = '[[moments]]\nlabel = "Again"\non = "fetch.returned"\nnth = 2\n\n[[moments]]\nlabel = "Final"'
    edit(folder / "lesson.toml", '[[moments]]\nlabel = "Final"', second)
    assert faults() == ()
