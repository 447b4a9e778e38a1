"""The lessons this site offers, loaded once per process."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from django.conf import settings

from lessons.content import recording
from lessons.content.faults import ContentError, Fault
from lessons.content.loader import lesson_folders, load_lesson, load_lessons, recording_faults
from lessons.content.model import Lesson
from lessons.content.vocabulary import Vocabulary
from lessons.lab import spec
from lessons.lab.events import KINDS, Event, EventError, RunCreated
from lessons.stage.completed import completed

VOCABULARY: Final = Vocabulary(
    kinds=frozenset(KINDS),
    servers=spec.SERVERS,
    limits={
        "requests": (spec.MIN_REQUESTS, spec.MAX_REQUESTS),
        "wait": (spec.MIN_WAIT, spec.MAX_WAIT),
        "workers": (spec.MIN_WORKERS, spec.MAX_WORKERS),
        "lanes": (1, spec.MAX_LANES),
    },
)


def lessons() -> Mapping[str, Lesson]:
    """Every lesson of `settings.LESSONS_DIR` by slug, in the order of their places. Raises `ContentError`.

    Each has its written samples and lanes, and behind them those that its tasks make. Recorded runs are not opened
    here: a lesson's first run is sent before there is one to record.
    """
    return _lessons(Path(settings.LESSONS_DIR))


def lesson(slug: str) -> Lesson:
    """Raises `KeyError`."""
    return lessons()[slug]


@cache
def recorded(lesson: Lesson) -> tuple[Event, ...]:
    """The events of the lesson's recorded run, from `run.created` to `run.ended`. Raises `ContentError`."""
    if found := recording_faults(lesson.recorded, [each.id for each in lesson.lanes], VOCABULARY):
        raise ContentError(found)
    events: list[Event] = []
    found = []
    for number, record in enumerate(recording.parse(lesson.recorded.read_text(encoding="utf-8")), 1):
        try:
            events.append(Event.from_record(record))
        except EventError as error:
            found.append(Fault(lesson.recorded, f"line {number}", str(error)))
    if found or (found := _spec_faults(lesson, events[0])):
        raise ContentError(found)
    return tuple(events)


def faults() -> tuple[Fault, ...]:
    """Every fault of every lesson and of every recorded run, read from disk anew."""
    try:
        folders = list(lesson_folders(Path(settings.LESSONS_DIR)))
    except ContentError as error:
        return error.faults
    return tuple(fault for each in folders for fault in _faults(each))


def _faults(folder: Path) -> tuple[Fault, ...]:
    try:
        recorded(load_lesson(folder, VOCABULARY))
    except ContentError as error:
        return error.faults
    return ()


def _spec_faults(lesson: Lesson, first: Event) -> list[Fault]:
    try:
        wish = spec.RunSpec.from_data(first.body.spec) if isinstance(first.body, RunCreated) else None
    except spec.SpecError as error:
        return [Fault(lesson.recorded, "line 1", str(error))]
    if wish is None or wish.lesson != lesson.slug:
        return [Fault(lesson.recorded, "line 1", f"this is not a run of {lesson.slug}")]
    return []


@cache
def _lessons(folder: Path) -> Mapping[str, Lesson]:
    found = load_lessons(folder, VOCABULARY, recordings=False)
    return MappingProxyType({slug: completed(each, settings.DATA_DIR / "variants") for slug, each in found.items()})
