"""The real lesson, a small one that uses every key of the format, and a recorded run that is only just valid."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import lessons.content
from lessons.content import recording
from lessons.lab.events import Event, RequestSent, RunCreated, RunEnded
from lessons.lab.spec import LaneSpec, RunSpec

SLUG = "why-async-matters"
REAL = Path(lessons.content.__file__).parent / SLUG
WHOLE = Path(__file__).parent / "whole"  # without its samples: they are the real lesson's
LANE = LaneSpec("async", "daphne")
SPEC = RunSpec(SLUG, (LANE,), requests=1)
SHORTEST = (
    Event(-0.01, RunCreated(SPEC.as_data()), seq=1),
    Event(0.0, RequestSent(), LANE.lane, 1, seq=2),
    Event(1.0, RunEnded("done"), seq=3),
)


def write_recording(folder: Path, records: Iterable[dict[str, Any]]) -> None:
    """Replaces the folder's recorded run."""
    target = folder / "recorded" / "ten.jsonl"
    target.parent.mkdir(exist_ok=True)
    lines = [recording.recording_header(folder.name), *records]
    target.write_text("".join(json.dumps(record) + "\n" for record in lines))


def edit(file: Path, old: str, new: str, count: int = 1) -> None:
    """Replaces a text in a file, where it first stands; with another `count` as often, with -1 everywhere."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, count))
