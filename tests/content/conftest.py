"""A lesson's folder to spoil: a copy of the real one with a recorded run that is only just valid."""

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

import lessons.content
from lessons.content.faults import ContentError, Fault
from lessons.content.loader import load_lesson
from lessons.lab.events import Event, RequestSent, RunCreated, RunEnded
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.stage.catalogue import VOCABULARY

SLUG = "why-async-matters"
REAL = Path(lessons.content.__file__).parent / SLUG
LANE = LaneSpec("async", "daphne")
SPEC = RunSpec(SLUG, (LANE,), requests=1)
SHORTEST = (
    Event(-0.01, RunCreated(SPEC.as_data()), seq=1),
    Event(0.0, RequestSent(), LANE.lane, 1, seq=2),
    Event(1.0, RunEnded("done"), seq=3),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real lesson, free of faults."""
    copy = tmp_path / "lessons" / SLUG
    shutil.copytree(REAL, copy, ignore=shutil.ignore_patterns("recorded", "__pycache__"))
    write_recording(copy, [event.as_record() for event in SHORTEST])
    return copy


@pytest.fixture
def faults(folder: Path) -> Callable[[], tuple[Fault, ...]]:
    """Reads the folder and tells its faults; `()` for a good lesson."""

    def read() -> tuple[Fault, ...]:
        try:
            load_lesson(folder, VOCABULARY)
        except ContentError as error:
            return error.faults
        return ()

    return read


def write_recording(folder: Path, records: Iterable[dict[str, Any]]) -> None:
    """Replaces the folder's recorded run."""
    target = folder / "recorded" / "ten.jsonl"
    target.parent.mkdir(exist_ok=True)
    target.write_text("".join(json.dumps(record) + "\n" for record in records))
