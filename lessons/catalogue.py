"""The lessons this site offers, loaded once per process. One that has a mistake is left out, and harms no other."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from django.conf import settings

from lessons.content.exercise_samples import complete_lesson
from lessons.content.faults import ContentError, Fault
from lessons.content.files import MAX_RECORDING_BYTES, FileFault, read_text
from lessons.content.loader import lesson_folders, load_lesson, sift_lessons
from lessons.content.model import Lesson
from lessons.content.samples import view_lines
from lessons.content.vocabulary import Vocabulary
from lessons.lab import spec
from lessons.lab.events import KINDS, Event, LineReached
from lessons.log import jsonl

VOCABULARY: Final = Vocabulary(
    kinds=frozenset(KINDS),
    servers=spec.SERVERS,
    limits={
        "requests": (spec.MIN_REQUESTS, spec.MAX_REQUESTS),
        "wait": (spec.MIN_WAIT, spec.MAX_WAIT),
        "every": (0.01, spec.MAX_EVERY),
        "workers": (spec.MIN_WORKERS, spec.MAX_WORKERS),
        "lanes": (1, spec.MAX_LANES),
    },
)


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What a folder of lessons holds."""

    lessons: Mapping[str, Lesson]  # by slug, in the order of their places
    broken: Mapping[str, ContentError]  # by slug


def all_lessons() -> Mapping[str, Lesson]:
    """Every lesson of `settings.LESSONS_DIR` that has no mistake, by slug, in the order of their places.

    Raises `ContentError` when there is no such folder. Each has its written samples and lanes, and behind them those
    that its tasks make. Recorded runs are not opened here: a lesson's first run is sent before there is one to record.
    """
    return _shelf(Path(settings.LESSONS_DIR)).lessons


def broken_lessons() -> Mapping[str, ContentError]:
    """Those that were left out, by slug, with all that is wrong with each. Raises `ContentError` as `all_lessons`."""
    return _shelf(Path(settings.LESSONS_DIR)).broken


def find_lesson(slug: str) -> Lesson:
    """Raises `KeyError`."""
    return all_lessons()[slug]


def recorded_events(lesson: Lesson) -> tuple[Event, ...]:
    """The events of the lesson's recorded run, from `run.created` to `run.ended`. Raises `ContentError`."""
    return read_recording(lesson, lesson.recorded)


@cache
def read_recording(lesson: Lesson, path: Path) -> tuple[Event, ...]:
    """The events of a run of the lesson that is in a file of its folder. Raises `ContentError`."""
    try:
        text = read_text(path.parent, path.name, MAX_RECORDING_BYTES)
        return jsonl.load_run(text, lesson, VOCABULARY)
    except FileFault as error:
        raise ContentError([Fault(path, "", str(error))]) from None
    except jsonl.NotARun as error:
        raise ContentError([Fault(path, place, reason) for place, reason in error.faults]) from None


def all_faults() -> tuple[Fault, ...]:
    """Every fault of every lesson and of every recorded run, read from disk anew."""
    try:
        folders = list(lesson_folders(Path(settings.LESSONS_DIR)))
    except ContentError as error:
        return error.faults
    return tuple(fault for each in folders for fault in _faults(each))


def _faults(folder: Path) -> tuple[Fault, ...]:
    try:
        lesson = load_lesson(folder, VOCABULARY)
        return (*_line_faults(lesson), *_shape_faults(lesson, folder))
    except ContentError as error:
        return error.faults


def _line_faults(lesson: Lesson) -> Iterator[Fault]:
    """Do recorded runs still fit their samples? Raises `ContentError` for one that is none."""
    lines = {each.id: view_lines(each.source) for each in lesson.samples}
    shapes = (problem.shape.run for problem in lesson.teaching.problems if problem.shape)
    for path in dict.fromkeys((lesson.recorded, *shapes)):
        for event in read_recording(lesson, path):
            if not isinstance(event.body, LineReached):
                continue
            sample = event.lane.partition("@")[0]
            if event.body.line not in lines[sample]:
                name = lesson.sample(sample).path.name
                reason = f"line {event.body.line} of {name} is not a line of its view any more: record the run again"
                yield Fault(path, f"line {event.seq + 1}", reason)
                break


def _shape_faults(lesson: Lesson, folder: Path) -> Iterator[Fault]:
    """Raises `ContentError` for a recorded run that is none."""
    for index, problem in enumerate(lesson.teaching.problems):
        if shape := problem.shape:
            lanes = {event.lane for event in read_recording(lesson, shape.run)}
            if shape.lane not in lanes:
                key = f"problems[{index}].shape.lane"
                yield Fault(folder / "problems.toml", key, f"{shape.lane!r} is not a lane of that run")


def variants_folder() -> Path:
    """The folder of the sources that tasks make."""
    return Path(settings.DATA_DIR) / "variants"


@cache
def _shelf(folder: Path) -> _Shelf:
    found, broken = sift_lessons(folder, VOCABULARY, recordings=False)
    for slug, error in broken.items():
        log.error("The lesson %s is left out: %s. `manage.py check` shows all mistakes.", slug, error.faults[0])
    complete = {slug: complete_lesson(each, variants_folder()) for slug, each in found.items()}
    return _Shelf(MappingProxyType(complete), MappingProxyType(broken))
