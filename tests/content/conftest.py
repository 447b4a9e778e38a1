"""A lesson's folder to spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.catalogue import VOCABULARY
from lessons.content.faults import ContentError, Fault
from lessons.content.loader import load_lesson
from tests.content.real import REAL, SHORTEST, SLUG, WHOLE, write_recording


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small lesson that uses every key, free of faults."""
    copy = tmp_path / "lessons" / SLUG
    shutil.copytree(WHOLE, copy)
    (copy / "samples").mkdir()
    for name in ("sync.py", "async.py", "async_blocking.py"):
        shutil.copy(REAL / "samples" / name, copy / "samples")
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
