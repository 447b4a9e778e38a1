"""A run of a lesson, and a moment of it, as forms and addresses name them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.http import urlencode

from lessons.content.model import Lesson
from lessons.errors import Refused
from lessons.lab.events import Event, RunCreated
from lessons.lab.spec import RunSpec
from lessons.log.protocol import RunUnknown
from lessons.offload import offload
from lessons.playback.clock import START
from lessons.playback.kept_timelines import KeptTimelines
from lessons.playback.position import WHOLE
from lessons.playback.timeline import Timeline
from lessons.runs.service import run_service
from lessons.stage.fold import fold_events
from lessons.stage.model import Stage

_KEPT: Final = KeptTimelines(30_000)  # events; a run of 4 x 100 requests has some 6,000


class OtherRunUnknown(RunUnknown):
    """One of two runs that are to be compared is not there."""


@dataclass(frozen=True, slots=True)
class RunMoment:
    """Where in a run somebody looks, and at what."""

    run: str
    cursor: int  # number of the last event that is shown
    lane: str  # id of the pinned one
    request: int  # number of the pinned one

    def address(self, slug: str, route: str = "lessons:run") -> str:
        """Of the page that shows it."""
        query = urlencode((("lane", self.lane), ("request", self.request), ("cursor", self.cursor)))
        return f"{reverse(route, args=[slug, self.run])}?{query}"


def spec_of(events: Sequence[Event]) -> RunSpec:
    """What was asked for in a run that has begun."""
    created = events[0].body
    assert isinstance(created, RunCreated)  # or it is no run's history
    return RunSpec.from_data(created.spec)


async def run_history(lesson: Lesson, run: str) -> tuple[Event, ...]:
    """Every event of a run of this lesson so far. Raises `RunUnknown`, `LogUnavailable`."""
    found, events = await run_service().history(run)
    if found.slug != lesson.slug:
        raise RunUnknown(run)
    return events


async def run_stage(lesson: Lesson, run: str) -> Stage:
    """The run of this lesson as it stands. Raises `RunUnknown`, `LogUnavailable`."""
    if kept := await _kept_timeline(lesson, run):
        return kept.live
    events = await run_history(lesson, run)
    return await offload(len(events), fold_events, lesson, events)


async def run_timeline(lesson: Lesson, run: str) -> Timeline:
    """The same, with the stage at each of them."""
    if kept := await _kept_timeline(lesson, run):
        return kept
    events = await run_history(lesson, run)
    timeline = await offload(len(events), Timeline.of, lesson, events)
    _KEPT.keep(run, timeline)
    return timeline


async def _kept_timeline(lesson: Lesson, run: str) -> Timeline | None:
    """The timeline that was made before, if its run is still there, and no longer. Raises like `run_history`."""
    kept = _KEPT.find(lesson, run)
    if kept is None:
        return None
    try:
        news = (await run_service().log.read(run, kept.end)).events
    except RunUnknown:
        _KEPT.drop(run)
        raise
    return None if news else kept


def chosen_moment(fields: Mapping[str, str], lesson: Lesson, run: str, events: Sequence[Event]) -> RunMoment:
    """The moment in the fields `cursor`, `lane`, `request`; without them the end, the lesson's focus, the first one.

    Raises `Refused` for what the run has not.
    """
    spec = spec_of(events)
    lanes = [each.lane for each in spec.lanes]
    lane = fields.get("lane", lesson.focus if lesson.focus in lanes else lanes[0])
    if lane not in lanes:
        raise Refused("malformed", f"This run has no such lane. Its lanes are {', '.join(lanes)}.")
    cursor = max(START, _whole(fields, "cursor", 0, len(events), len(events)))  # what is shown for 0, too
    return RunMoment(run, cursor, lane, _whole(fields, "request", 1, spec.requests, 1))


def _whole(fields: Mapping[str, str], name: str, least: int, most: int, otherwise: int) -> int:
    text = fields.get(name, str(otherwise))
    if not WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise Refused("malformed", f"The {name} must be a whole number from {least} to {most} in this run.")
    return int(text)
