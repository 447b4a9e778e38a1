"""The measurement that a lesson brings along: what can be looked at before this server has been measured."""

import json
import logging
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from lessons.content.faults import Fault
from lessons.content.model import Lesson
from lessons.lab.events import Event, EventError
from lessons.performance.model import Measurement, fold_measurement

NAME: Final = "performance.jsonl"  # beside the lesson's recorded run
MOST: Final = 256 * 1024  # bytes

logger = logging.getLogger(__name__)


def recorded_path(lesson: Lesson) -> Path:
    """Where it is, if there is one."""
    return lesson.recorded.parent / NAME


def dump_measurement(events: Iterable[Event]) -> str:
    """Its events as JSON Lines."""
    return "".join(json.dumps(event.as_record(), default=dict) + "\n" for event in events)


@cache
def recorded_measurement(lesson: Lesson) -> Measurement | None:
    """None when the lesson brings none along, or one that does not fit it any more."""
    try:
        return _read(lesson)
    except ValueError as error:
        logger.error("%s is left out: %s", recorded_path(lesson), error)
        return None


def measurement_faults(lesson: Lesson) -> tuple[Fault, ...]:
    """What is wrong with it."""
    try:
        _read(lesson)
    except ValueError as error:
        return (Fault(recorded_path(lesson), "", f"{error}; make it again: manage.py recordmeasurement {lesson.slug}"),)
    return ()


def _read(lesson: Lesson) -> Measurement | None:
    """Raises `ValueError`."""
    path, performance = recorded_path(lesson), lesson.teaching.performance
    if performance is None or not path.exists():
        return None
    if path.stat().st_size > MOST:
        raise ValueError(f"is larger than {MOST // 1024} kB")
    try:
        events = [Event.from_record(json.loads(line)) for line in path.read_text().splitlines()]
    except (EventError, RecursionError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"is not a measurement: {str(error)[:200]}") from None
    found = fold_measurement(performance, events)
    if found.outcome != "done":
        raise ValueError("is not complete")
    return found
