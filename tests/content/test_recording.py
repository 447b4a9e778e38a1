"""A recorded run is whole and of its lesson, or each broken line is told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lessons import catalogue
from lessons.content.faults import ContentError, Fault
from lessons.content.files import MAX_RECORDING_BYTES
from lessons.content.loader import load_lesson
from lessons.content.recording import MAX_FAULTS
from lessons.lab.events import RequestSent, RunCreated, RunEnded
from tests.content.real import SHORTEST, write_recording

Faults = Callable[[], tuple[Fault, ...]]
Records = list[dict[str, Any]]


def records() -> Records:
    return [event.as_record() for event in SHORTEST]


def cut(last: Records) -> Records:
    return last[1:]


# mistake -> what is done to the records, the first line that is told, words of its reason
MISTAKES: dict[str, tuple[Callable[[Records], Any], int, str]] = {
    "does not begin with run.created": (lambda them: them[0].update(kind="clock.ticked"), 2, "clock.ticked is here"),
    "begins twice": (lambda them: them[1].update(kind="run.created"), 3, "run.created is here"),
    "does not end": (lambda them: them[2].update(kind="clock.ticked"), 4, "clock.ticked is here"),
    "ends twice": (lambda them: them[1].update(kind="run.ended"), 3, "run.ended is here"),
    "unknown kind": (lambda them: them[1].update(kind="request.send"), 3, "did you mean 'request.sent'?"),
    "gap in the sequence": (lambda them: them[1].update(seq=7), 3, "seq is 7, not 2"),
    "first events cut off": (lambda them: them.pop(0), 2, "seq is 2, not 1"),
    "unknown lane": (lambda them: them[1].update(lane="async@x"), 3, "the lesson has no lane 'async@x'"),
    "key too many": (lambda them: them[1].update(more=1), 3, "must hold exactly"),
    "key too few": (lambda them: them[1].pop("data"), 3, "must hold exactly"),
    "wrong type": (lambda them: them[1].update(t="now"), 3, "t must not be 'now'"),
    "truth for a number": (lambda them: them[1].update(request=True), 3, "request must not be True"),
    "no time": (lambda them: them[1].update(t=float("nan")), 3, "NaN is not a number"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_broken_record_is_told_at_its_line(mistake: str, folder: Path, faults: Faults) -> None:
    spoil, line, reason = MISTAKES[mistake]
    them = records()
    spoil(them)
    write_recording(folder, them)
    fault = faults()[0]
    assert (fault.file, fault.key) == (folder / "recorded" / "ten.jsonl", f"line {line}")
    assert reason in fault.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the recording is empty"),
        ("not json\n", "is not JSON"),
        ("[" * 60_000, "is not JSON"),
        ("[" * 70_000, "has 70,000 characters"),
        ("9" * 5000, "is not JSON"),
        ("[1]\n", "is not the header of a run"),
        ("\n", "is not JSON"),
        ("x" * (MAX_RECORDING_BYTES + 1), "bytes"),
    ],
)
def test_a_recording_that_is_not_json_lines_is_told(text: str, reason: str, folder: Path, faults: Faults) -> None:
    (folder / "recorded" / "ten.jsonl").write_text(text)
    (fault,) = faults()
    assert reason in fault.reason


def test_a_recording_that_is_broken_throughout_is_told_a_few_times(folder: Path, faults: Faults) -> None:
    text = (folder / "recorded" / "ten.jsonl").read_text()
    (folder / "recorded" / "ten.jsonl").write_text(text.partition("\n")[0] + "\n{}" * 5000)
    assert len(faults()) == MAX_FAULTS


def test_a_missing_recording_is_told_only_when_recordings_are_asked_for(folder: Path, faults: Faults) -> None:
    (folder / "recorded" / "ten.jsonl").unlink()
    (fault,) = faults()
    assert "there is no file ten.jsonl" in fault.reason
    assert load_lesson(folder, catalogue.VOCABULARY, recordings=False).place == 1


def test_the_recorded_run_comes_as_events(folder: Path) -> None:
    lesson = load_lesson(folder, catalogue.VOCABULARY)
    assert [type(event.body) for event in catalogue.recorded_events(lesson)] == [RunCreated, RequestSent, RunEnded]
    assert catalogue.recorded_events(lesson) is catalogue.recorded_events(lesson)


@pytest.mark.parametrize(
    ("line", "data", "reason"),
    [
        (3, {"outcome": "done", "weather": "fine"}, "not an event"),
        (1, {"spec": {}}, "This is not a run's spec"),
        (1, {"spec": {**records()[0]["data"]["spec"], "lesson": "another"}}, "this is not a run of why-async-matters"),
    ],
)
def test_a_record_that_is_no_event_of_this_lesson_is_told(
    line: int, data: dict[str, Any], reason: str, folder: Path
) -> None:
    them = records()
    them[line - 1]["data"] = data
    write_recording(folder, them)
    with pytest.raises(ContentError, match=reason) as caught:
        catalogue.recorded_events(load_lesson(folder, catalogue.VOCABULARY))
    assert [fault.key for fault in caught.value.faults] == [f"line {line + 1}"]
