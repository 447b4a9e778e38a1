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

Faults = Callable[[], tuple[Fault, ...]]
FILES = (
    "learn.md",
    "why.md",
    "deep.md",
    "tasks.toml",
    "problems.toml",
    "project.toml",
    "review.toml",
    "performance.toml",
)
OPTION = '\n[[tasks.options]]\ntext = "{}"\nwhy = "No."\n'

# mistake -> file, what is replaced in it, by what, the key of the fault, words of its reason
MISTAKES = {
    "unknown key of a task": ("tasks.toml", "hint =", "hnit =", "tasks[0].hnit", "did you mean 'hint'?"),
    "missing key of a task": ("tasks.toml", 'hint = "One word."', "", "tasks[0].hint", "is missing"),
    "unknown table": ("tasks.toml", "[[tasks]]", "[[task]]", "task", "did you mean 'tasks'?"),
    "unknown level": ("tasks.toml", '"easy"', '"simple"', "tasks[0].level", "'simple' is not easy, medium or hard"),
    "level that is no text": ("tasks.toml", '"easy"', "[1]", "tasks[0].level", "list is not easy"),
    "task for no server": ("tasks.toml", '"daphne"', '"apache"', "tasks[0].server", "no server 'apache'"),
    "long id of a task": ("tasks.toml", '"await-it"', f'"{"x" * 41}"', "tasks[0].id", "41 characters; 40 are"),
    "no blank": ("tasks.toml", "____", "await", "tasks[0].code", "the blank ____ exactly once"),
    "two blanks": ("tasks.toml", "data = ____", "____ = ____", "tasks[0].code", "exactly once"),
    "a blank too long": ("tasks.toml", "____", "________", "tasks[0].code", "exactly once"),
    "right option that does not compile": (
        "tasks.toml",
        '"await"',
        '"await await"',
        "tasks[0].options[0].text",
        "is right, but the completed code does not compile in line 7",
    ),
    "right option without a view": (
        "tasks.toml",
        "def view",
        "def look",
        "tasks[0].options[0].text",
        "defines no function 'view'",
    ),
    "no right option": ("tasks.toml", "right = true", "", "tasks[0].options", "0 options are right"),
    "two right options": (
        "tasks.toml",
        'why = "That is a truth, and nobody waits."',
        'why = "x"\nright = true',
        "tasks[0].options",
        "2 options are right; exactly one must be",
    ),
    "two options alike": ("tasks.toml", '"not"', '"async"', "tasks[0].options[2].text", "'async' is here twice"),
    "seven options": (
        "tasks.toml",
        'why = "That is a truth, and nobody waits."\n',
        'why = "x"\n' + "".join(map(OPTION.format, "abcd")),
        "tasks[0].options",
        "has 7 options; 2 to 6 are allowed",
    ),
    "one option": (
        "problems.toml",
        '\n[[problems.options]]\ntext = "sync"\nwhy = "They wait in a row."\n',
        "",
        "problems[1].options",
        "has 1 options; 2 to 6",
    ),
    "problem without an answer": ("problems.toml", "seconds = 0.6", "", "problems[0]", "either options or seconds"),
    "problem with two answers": (
        "problems.toml",
        'code = "await fetch_data()"',
        'lane = "async@daphne"\nseconds = 1.0',
        "problems[1]",
        "either options or seconds",
    ),
    "seconds of no lane": ("problems.toml", 'lane = "sync@waitress"', "", "problems[0].lane", "belongs to seconds"),
    "seconds of a foreign lane": (
        "problems.toml",
        '"sync@waitress"',
        '"sync@daphne"',
        "problems[0].lane",
        "example 'race' has no lane 'sync@daphne'",
    ),
    "no time": ("problems.toml", "0.6", "0.0", "problems[0].seconds", "0.0 is not from 0.05 to 60 seconds"),
    "endless time": ("problems.toml", "0.6", "inf", "problems[0].seconds", "inf is not from"),
    "time that is no number": ("problems.toml", "0.6", "nan", "problems[0].seconds", "nan is not from"),
    "unknown example": ("problems.toml", '"race"', '"rice"', "problems[0].example", "did you mean 'race'?"),
    "unknown kind": ("problems.toml", '"concept"', '"riddle"', "problems[1].kind", "'riddle' is not concept, beh"),
    "two problems alike": ("problems.toml", '"who"', '"three-in-a-row"', "problems[1].id", "is here twice"),
    "no code at first": ("project.toml", 'starter = "# your code"', "", "steps[0].starter", "is missing"),
    "unknown solution": ("project.toml", '"async"', '"asink"', "steps[1].solution", "did you mean 'async'?"),
    "unknown check": ("project.toml", '"awaits"', '"await"', "steps[1].checks[0].kind", "'await' is not function"),
    "step without a check": (
        "project.toml",
        '[[steps.checks]]\nkind = "awaits"\nname = "fetch_data"\nmissing = "fetch_data() is not awaited."\n',
        "",
        "steps[1].checks",
        "is missing",
    ),
    "two steps alike": ("project.toml", '"wait"', '"define"', "steps[1].id", "'define' is here twice"),
    "question without a step": ("review.toml", "step = 3", "step = 9", "questions[0].evidence.step", "no step 9; the"),
    "no step": ("review.toml", "step = 3", "step = 0", "questions[0].evidence.step", "0 is less than 1"),
    "question without a lane": ("review.toml", '"async@daphne"', '"x"', "questions[0].evidence.lane", "no lane 'x'"),
    "unknown verdict": ("performance.toml", '"depends"', '"so-so"', "patterns[0].verdict", "is not good, depends or"),
    "series of no lane": ("performance.toml", '"sync@waitress"', '"x"', "series[0].lane", "there is no lane 'x'"),
    "too many requests": ("performance.toml", "[1, 2]", "[1, 101]", "requests[1]", "101 is not from 1 to 100"),
    "requests twice": ("performance.toml", "[1, 2]", "[2, 2]", "requests[1]", "2 is here twice"),
    "too many workers": ("performance.toml", "workers = 4", "workers = 17", "series[0].workers", "17 is not from"),
    "unknown example in a text": ("learn.md", "@run race", "@run rice", "line 3", "no example 'rice'; did you mean"),
    "no example in a text": ("deep.md", "@run race", "@run", "line 1", "there is no example ''"),
    "empty text": ("why.md", "Because.", "", "", "must not be empty"),
    "empty remark": ("lesson.toml", '"Look at step 3."\nsnap', '" "\nsnap', "remark", "must not be empty"),
    "empty snapshot": (
        "lesson.toml",
        '["A view may wait.", "A server may be free meanwhile."]',
        "[]",
        "snapshot",
        "must not be an empty list",
    ),
    "misspelt key beside": ("lesson.toml", "snapshot =", "snapsot =", "snapsot", "did you mean 'snapshot'?"),
    "moment at no step": (
        "lesson.toml",
        'evidence = { lane = "async@daphne", step = 3 }',
        'evidence = { lane = "async@daphne", step = 7 }',
        "key_moments[0].evidence.step",
        "there is no step 7; the last one is 6",
    ),
    "question at no step": (
        "lesson.toml",
        'evidence = { lane = "sync@waitress", step = 3 }',
        'evidence = { lane = "sync@waitress", step = 99 }',
        "quiz[0].evidence.step",
        "there is no step 99",
    ),
    "example of no lane": (
        "lesson.toml",
        'lanes = ["sync@waitress", "async@daphne"]',
        'lanes = ["sync@nginx"]',
        "examples[0].lanes[0]",
        "there is no lane 'sync@nginx'",
    ),
    "example of too many lanes": (
        "lesson.toml",
        'lanes = ["sync@waitress", "async@daphne"]',
        'lanes = ["sync@waitress", "async@daphne", "sync@daphne", "async_blocking@daphne", "async_blocking@waitress"]',
        "examples[0].lanes",
        "has 5 items; 1 to 4 are allowed",
    ),
    "sample among the tasks'": (
        "lesson.toml",
        'id = "async_blocking"',
        'id = "try-this"',
        "samples[2].id",
        "ids that begin with 'try-' belong to the tasks",
    ),
    "claim for no lane": (
        "lesson.toml",
        '"sync@daphne" = { async_wait',
        '"sync@x" = { async_wait',
        "steps[0].claims['sync@x']",
        "there is no lane 'sync@x'",
    ),
    "claim that is not whole": (
        "lesson.toml",
        '"sync@waitress" = { async_wait = false, server_block = true, response_sent = false }',
        '"sync@waitress" = { async_wait = false, server_block = true }',
        "steps[2].claims['sync@waitress'].response_sent",
        "is missing",
    ),
    "no claims": (
        "lesson.toml",
        '[steps.claims]\n"sync@waitress" = { async_wait = false, server_block = true',
        '[steps.clams]\n"sync@waitress" = { async_wait = false, server_block = true',
        "steps[2].claims",
        "is missing",
    ),
    "chosen, but not listed": (
        "lesson.toml",
        "chosen = false\nlisted = false",
        "chosen = true\nlisted = false",
        "lanes[4].chosen",
        "not listed cannot be chosen",
    ),
    "second event without a first": (
        "lesson.toml",
        'on = "fetch.called"\nnode',
        'on = "fetch.called"\nnth = 2\nnode',
        "steps[2].nth",
        "number 2 of 'fetch.called' comes behind number 1",
    ),
    "prediction for no lane": (
        "lesson.toml",
        '[prediction]\nlane = "sync@waitress"',
        '[prediction]\nlane = "sync@x"',
        "prediction.lane",
        "there is no lane 'sync@x'",
    ),
    "prediction for a lane that cannot be chosen": (
        "lesson.toml",
        '[prediction]\nlane = "sync@waitress"',
        '[prediction]\nlane = "async_blocking@waitress"',
        "prediction.lane",
        "is not listed, so nobody can run it from the controls",
    ),
    "prediction without a question": (
        "lesson.toml",
        'exact = "How long will {requests} take with {workers} and {wait}?"',
        "",
        "prediction.exact",
        "is missing",
    ),
    "answer in the question": (
        "lesson.toml",
        'exact = "How long will {requests}',
        'exact = "How long will {rounds}',
        "prediction.exact",
        "there is no gap {rounds}; use {requests}, {workers}, {wait}",
    ),
    "unknown gap of a reading": (
        "lesson.toml",
        "Not all at once.",
        "{lane}",
        "prediction.readings[0].says",
        "there is no gap {lane}",
    ),
    "unknown formula": (
        "lesson.toml",
        'formula = "rounds"',
        'formula = "guess"',
        "prediction.formula",
        "'guess' is not none, wait, sum, share or rounds",
    ),
    "no waits": ("lesson.toml", "waits = 2", "waits = 0", "prediction.readings[1].waits", "0 is less than 1"),
    "reading of what is right": (
        "lesson.toml",
        'formula = "wait"\nsays',
        'formula = "rounds"\nsays',
        "prediction.readings[0].formula",
        "'rounds' with waits = 1 is what holds for the lane",
    ),
    "two readings alike": (
        "lesson.toml",
        "waits = 2",
        "waits = 1",
        "prediction.readings[1].formula",
        "'wait' with waits = 1 is here twice",
    ),
    "no readings": (
        "lesson.toml",
        '[[prediction.readings]]\nformula = "wait"\nsays',
        '[[prediction.raedings]]\nformula = "wait"\nsays',
        "prediction.raedings",
        "did you mean 'readings'?",
    ),
    "start in no sample": (
        "lesson.toml",
        "starts = { async_blocking = { on",
        "starts = { asink = { on",
        "steps[2].starts.asink",
        "there is no sample 'asink'",
    ),
    "start at no event": (
        "lesson.toml",
        '{ on = "line.reached" }',
        '{ on = "line.crossed" }',
        "steps[2].starts.async_blocking.on",
        "there is no event kind 'line.crossed'",
    ),
    "start at a second event without a first": (
        "lesson.toml",
        '{ on = "line.reached" }',
        '{ on = "line.reached", nth = 2 }',
        "steps[2].starts.async_blocking.nth",
        "in sample 'async_blocking' number 2 of 'line.reached' comes behind number 1",
    ),
    "start where another step begins": (
        "lesson.toml",
        '{ on = "line.reached" }',
        '{ on = "view.resolved" }',
        "steps[2].starts.async_blocking.on",
        "in sample 'async_blocking' 'view.resolved' is here twice; nth = 2 is the next one",
    ),
    "node of a sample that is none": (
        "lesson.toml",
        'nodes = { async_blocking = "run" }',
        'nodes = { async_blocking = "ran" }',
        "steps[2].nodes.async_blocking",
        "did you mean 'run'?",
    ),
    "six nodes": (
        "lesson.toml",
        "[[edges]]",
        '[[nodes]]\nid = "more"\nlabel = "More"\non = ["clock.ticked"]\n\n[[edges]]',
        "nodes",
        "has 6 items; 2 to 5 are allowed",
    ),
}


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


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


@pytest.mark.parametrize("name", ["task.toml", "Learn.md", "README.md", "notes.md"])
def test_a_file_that_nothing_reads_is_told(name: str, folder: Path, faults: Faults) -> None:
    (folder / name).write_text("x")
    (fault,) = faults()
    assert (fault.file.name, "no lesson has such a file" in fault.reason) == (name, True)


def test_the_mistakes_of_all_files_are_told_at_once(folder: Path, faults: Faults) -> None:
    edit(folder / "lesson.toml", "minutes = 10", "minutes = 0")
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
