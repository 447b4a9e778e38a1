"""The playhead: where a viewer stands in a run, for the scrubber and the buttons around it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil
from typing import Any, Final

from django.template.loader import get_template

from lessons.playback.clock import RATES, START, Mode, StepMark
from lessons.playback.position import position_query
from lessons.playback.timeline import Timeline
from lessons.stage import wording
from lessons.stage.model import Stage
from lessons.stage.viewpoint import Viewpoint

COARSE: Final = 4  # times a second a paused picture is told that the run has got on


@dataclass(frozen=True, slots=True)
class Playhead:
    """Times are seconds since the load began, as everywhere on the page; what was before is at 0."""

    mode: Mode
    rate: float
    cursor: int  # number of the last event shown
    end: int  # number of the last event there is
    at: float  # the moment that is shown
    last: float  # the last moment there is, rounded up to a millisecond
    step: int  # that the pinned request has reached; 0: none
    request: int
    over: bool  # the run has ended, whatever is shown of it

    @property
    def moving(self) -> bool:
        """Does the picture go on by itself?"""
        return self.mode == "playing" or (self.mode == "live" and not (self.over and self.cursor >= self.end))

    @property
    def behind(self) -> bool:
        """Is there something to come back to?"""
        return self.mode != "live" and not (self.over and self.cursor >= self.end)

    @property
    def text(self) -> str:
        """What the scrubber says of its value."""
        return wording.seconds_text(self.at) + (f", step {self.step} of request #{self.request}" if self.step else "")


def find_playhead(
    timeline: Timeline, end: int, stage: Stage, viewpoint: Viewpoint, mode: Mode, rate: float
) -> Playhead:
    """Where somebody stands who sees this stage of a run that has got as far as `end`."""
    lanes = {each.id: each for each in stage.lanes}
    lane = lanes.get(viewpoint.lane)
    step = lane.requests[viewpoint.request - 1].step if lane else 0
    at = _since_load(timeline, stage.t)
    over = timeline.live.ended and end == timeline.end
    return Playhead(mode, rate, stage.seq, end, at, scrubber_end(timeline, end), step, viewpoint.request, over)


def scrubber_end(timeline: Timeline, end: int) -> float:
    """The scrubber's end."""
    return ceil(_since_load(timeline, timeline.times[end - 1]) * 1000) / 1000


def step_ticks(timeline: Timeline, end: int, viewpoint: Viewpoint) -> tuple[tuple[int, int], ...]:
    """Number and milliseconds of each step of the pinned request."""
    marks = timeline.marks(viewpoint.lane, viewpoint.request)
    return tuple((each.step, round(_since_load(timeline, each.t) * 1000)) for each in marks if each.cursor <= end)


@dataclass(frozen=True, slots=True)
class PlayheadFields:
    """What a frame tells of the playhead."""

    news: tuple[object, ...]  # differs where a frame is necessary though the picture is the same
    ticks: str  # their region
    fields: str  # of the frame, as JSON


def playhead_fields(
    timeline: Timeline, end: int, stage: Stage, viewpoint: Viewpoint, mode: Mode, rate: float
) -> PlayheadFields:
    """For everybody who stands there."""
    head = find_playhead(timeline, end, stage, viewpoint, mode, rate)
    fields = {
        "mode": mode,
        "rate": rate,
        "end": end,
        "at": round(head.at, 3),
        "last": head.last,
        "text": head.text,
        "over": head.over,
        "held": viewpoint.held,
        "back": position_query(
            replace(viewpoint, held=False), head.cursor if head.behind else None, rate, playing=mode == "playing"
        ),
    }
    stands = None if mode == "live" else head.cursor  # each event that is gone to is told, whatever it changes
    news = mode, rate, head.over, head.behind and int(head.last * COARSE), stands
    return PlayheadFields(news, ticks_region(step_ticks(timeline, end, viewpoint)), json.dumps(fields)[1:-1])


@lru_cache(maxsize=256)
def ticks_region(found: tuple[tuple[int, int], ...]) -> str:
    """The ticks as a region of a frame. How long the scrubber is says the frame itself."""
    inside = get_template("lessons/stage/_playhead.html#ticks").render({"ticks": found})
    return f'<svg id="ticks" hx-swap-oob="innerMorph">{inside}</svg>'


def playhead_context(timeline: Timeline, stage: Stage, viewpoint: Viewpoint, *, paused: bool) -> dict[str, Any]:
    """The context of `lessons/stage/_playhead.html` for the page, where nothing plays."""
    head = find_playhead(timeline, timeline.end, stage, viewpoint, "paused" if paused else "live", 1.0)
    return {
        "playhead": head,
        "ticks": step_ticks(timeline, timeline.end, viewpoint),
        "rates": [f"{rate:g}" for rate in RATES],
        "links": _links(timeline.marks(viewpoint.lane, viewpoint.request), head),
    }


def _links(marks: Sequence[StepMark], head: Playhead) -> list[tuple[str, int]]:
    """Name and cursor of each place that a page without scripts leads to."""
    back = next((mark.cursor for mark in reversed(marks) if mark.cursor < head.cursor), START)
    forward = next((mark.cursor for mark in marks if mark.cursor > head.cursor), head.end)
    return [("Start", START), ("Step back", back), ("Step forward", forward), ("End", head.end)]


def _since_load(timeline: Timeline, t: float) -> float:
    return max(0.0, t - timeline.live.zero)
