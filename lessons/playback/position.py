"""A position in a run: what an address asks to look at, and at which moment.

The page of a run, its socket, and a viewer who comes back name a position by the same query.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

from lessons.content.model import Lesson
from lessons.lab.spec import RunSpec
from lessons.playback.clock import FASTEST, SLOWEST
from lessons.playback.timeline import Timeline
from lessons.stage.viewpoint import Viewpoint, settle_viewpoint

WHOLE: Final = re.compile(r"[0-9]{1,9}")
DECIMAL: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
ANYWHERE: Final = Viewpoint()


class NotInRun(LookupError):
    """A lane, request or moment that the run does not have; the message is a sentence for the learner."""


@dataclass(frozen=True, slots=True)
class Position:
    """What was asked for. It need not be in the run."""

    viewpoint: Viewpoint = ANYWHERE
    cursor: int | None = None  # number of the last event to show; None: as far as the run has got
    step: int | None = None  # of the pinned request: the moment at which its facts are known
    rate: float = 1.0
    playing: bool = False  # does it go on from there by itself?
    fault: str = ""  # what is wrong with the query, as a sentence; the rest of it holds
    stray: bool = False  # is what stands for the request no number of one?

    @property
    def names_moment(self) -> bool:
        """Was a moment asked for, be it there or not?"""
        return self.cursor is not None or self.step is not None or bool(self.fault)


def parse_position(query: Mapping[str, str]) -> Position:
    """The position that a query names, as far as it can be read."""
    lane, request, hold = (query.get(name, "") for name in ("lane", "request", "hold"))
    viewpoint = Viewpoint(lane, _whole(request) or 0, hold={"1": True, "0": False}.get(hold))
    rate = query.get("rate", "")
    speed = float(rate) if DECIMAL.fullmatch(rate) else 1.0
    faults = [
        f"The {name} must be a whole number, 0 or more." for name in ("cursor", "step") if _unreadable(query.get(name))
    ]
    return Position(
        viewpoint,
        _whole(query.get("cursor", "")),
        _whole(query.get("step", "")),
        speed if SLOWEST <= speed <= FASTEST else 1.0,
        query.get("play") == "1",
        " ".join(faults),
        stray="request" in query and not _whole(request),
    )


def position_faults(lesson: Lesson, spec: RunSpec, position: Position) -> str:
    """What the position pins that is not in such a run, as sentences; "" if all of it is there."""
    wrong = []
    lane, request = position.viewpoint.lane, position.viewpoint.request
    ids = [each.lane for each in spec.lanes]
    if lane and lane not in ids:
        names = " and ".join(lesson.lane(each).name for each in ids)
        wrong.append(f"This run has no such lane. It has {names}.")
    if position.stray or request > spec.requests:
        wrong.append(f"The request must be a whole number from 1 to {spec.requests} in this run. This is request #1.")
    return " ".join(wrong)


def position_cursor(timeline: Timeline, end: int, position: Position) -> int | None:
    """The position's cursor in a run that has got as far as `end`; None: none was asked for. Raises `NotInRun`."""
    if position.fault:
        raise NotInRun(position.fault)
    if position.cursor is not None:
        if position.cursor > end:
            raise NotInRun(f"This run has no event {position.cursor}; it has events 1 to {end}.")
        return position.cursor
    if position.step is None:
        return None
    viewpoint = settle_viewpoint(timeline.live, position.viewpoint)
    for mark in timeline.marks(viewpoint.lane, viewpoint.request):
        if mark.step == position.step and mark.cursor <= end:
            return mark.cursor
    raise NotInRun(f"Request #{viewpoint.request} has no step {position.step} in this run.")


@lru_cache(maxsize=1024)
def position_query(viewpoint: Viewpoint, cursor: int | None = None, rate: float = 1.0, *, playing: bool = False) -> str:
    """The query that `parse_position` reads."""
    wish: dict[str, object] = {"lane": viewpoint.lane, "request": viewpoint.request, "hold": int(bool(viewpoint.hold))}
    if cursor is not None:
        wish["cursor"] = cursor
    if rate != 1:
        wish["rate"] = f"{rate:g}"
    if playing:
        wish["play"] = 1
    return urlencode(wish)


def _whole(text: str) -> int | None:
    return int(text) if WHOLE.fullmatch(text) else None


def _unreadable(text: str | None) -> bool:
    return text is not None and not WHOLE.fullmatch(text)
