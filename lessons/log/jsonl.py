"""A run's events as JSON Lines, and back: the form of exports, imports and lessons' recorded runs."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from itertools import islice

from lessons.content import recording
from lessons.content.model import Lesson
from lessons.content.vocabulary import Vocabulary
from lessons.lab.bounds import MOST_SECONDS, MOST_STEPS, is_unicode, unbelievable_value
from lessons.lab.events import Event, EventError, PredictionMade, RunCreated
from lessons.lab.spec import RunSpec, SpecError
from lessons.text import short_repr


class NotARun(ValueError):
    """A text that is not a run of this site's lessons: (place, reason) of its first faults."""

    def __init__(self, faults: Iterable[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{place}: {reason}" if place else reason for place, reason in self.faults))


def header_line(lesson: str) -> str:
    """The first line."""
    return json.dumps(recording.recording_header(lesson)) + "\n"


def event_line(event: Event) -> str:
    """The line of an event. Who owns the run is left out."""
    if isinstance(event.body, RunCreated):
        event = replace(event, body=replace(event.body, owner=""))
    return json.dumps(event.as_record(), default=dict) + "\n"  # mappings that are not dictionaries


def dump_run(lesson: str, events: Sequence[Event]) -> Iterator[str]:
    """The lines of a run."""
    yield header_line(lesson)
    yield from map(event_line, events)


def header_lesson(text: str) -> str:
    """The slug of the lesson that the header names. Raises `NotARun`."""
    slug, reason = recording.recording_lesson(text)
    if reason:
        raise NotARun([("line 1", reason)])
    return slug


def load_run(text: str, lesson: Lesson, vocabulary: Vocabulary) -> tuple[Event, ...]:
    """The events of a whole run of this lesson. Raises `NotARun`."""
    lanes = [each.id for each in lesson.lanes]
    if found := list(islice(recording.text_faults(text, lesson.slug, lanes, vocabulary), recording.MAX_FAULTS)):
        raise NotARun(found)
    events: list[Event] = []
    counts = Counter[tuple[str, int]]()
    spec: RunSpec | None = None
    for number, record in enumerate(recording.parse_recording(text), 2):
        try:
            events.append(Event.from_record(record))
            spec = spec or _spec(events[0], lesson)
            reason = _misplaced(events[-1], spec) or _beyond(events[-1]) or _drowned(events[-1], counts)
        except (EventError, SpecError) as error:
            reason = str(error)
        if reason:
            found.append((f"line {number}", reason))
        if len(found) == recording.MAX_FAULTS or (found and spec is None):
            break
    if found:
        raise NotARun(found)
    return tuple(events)


def _spec(first: Event, lesson: Lesson) -> RunSpec:
    """What the run was asked for. Raises `SpecError`."""
    assert isinstance(first.body, RunCreated)
    spec = RunSpec.from_data(first.body.spec)
    if spec.lesson != lesson.slug:
        raise SpecError("lesson", "other-lesson", f"this is not a run of {lesson.slug}")
    for lane in spec.lanes:
        if lane.lane not in [each.id for each in lesson.lanes]:
            raise SpecError("lanes", "unknown-lane", f"the lesson has no lane {short_repr(lane.lane)}")
    return spec


def _misplaced(event: Event, spec: RunSpec) -> str:
    """Why an event cannot be one of this run."""
    meant = event.body.lane if isinstance(event.body, PredictionMade) else event.lane
    if meant and meant not in [each.lane for each in spec.lanes]:
        return f"the run has no lane {short_repr(meant)}"
    if not 0 <= event.request <= spec.requests:
        return f"request must not be {short_repr(event.request)}: the run has 1 to {spec.requests} in each lane"
    if not -MOST_SECONDS <= event.t <= MOST_SECONDS:
        return f"t must not be {short_repr(event.t)}: no run lasts longer than {MOST_SECONDS:.0f} s"
    return ""


def _beyond(event: Event) -> str:
    """What no server has ever measured, or no page can show."""
    halved = [each.name for each in fields(event.body) if not is_unicode(getattr(event.body, each.name))]
    return f"{halved[0]} holds half a character (a lone surrogate)" if halved else unbelievable_value(event.body)


def _drowned(event: Event, counts: Counter[tuple[str, int]]) -> str:
    """That a request has too many events, once: what a stage keeps of them all would take minutes to fold."""
    if event.request:
        counts[event.lane, event.request] += 1
        if counts[event.lane, event.request] == MOST_STEPS + 1:
            return f"request {event.request} has more than {MOST_STEPS:,} events in this lane"
    return ""
