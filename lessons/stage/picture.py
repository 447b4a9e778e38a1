"""What is seen of a lane at a moment: pure numbers and paths, in units of its layout.

The first picture of a page and the exports are made of it; `static/js/scene.js` is the same in the browser, and tests
compare the two.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from lessons.content.model import Lesson
from lessons.content.teaching import Formula
from lessons.lab.spec import POOLED, RunSpec
from lessons.stage import law
from lessons.stage.layout import Kind, Layout, Width, lay_out
from lessons.stage.motion import HOP, Motion, Point, ease
from lessons.stage.scene import (
    FOREVER,
    LaneScene,
    Look,
    RequestScene,
    Scene,
    Stretch,
    held_stretches,
    look_at,
    within,
)
from lessons.stage.shapes import SHAPES

PHASES: Final[tuple[Look, ...]] = ("queued", "running", "free", "blocked", "ready", "done", "failed", "cancelled")
ENDS: Final[tuple[Look, ...]] = ("done", "failed", "cancelled")
STUB: Final = 5  # width of the mark at the end of a bar that tells an end other than "done"
TICKS: Final = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
TICK: Final = 2.4  # width of a view's run on its row, however short: the seam between two waits
GROWTH: Final = 1.25  # times, by which an axis grows that reality has outrun


@dataclass(frozen=True, slots=True)
class LaneHead:
    """What does not change of a lane: part of the header that goes to the browser."""

    id: str
    key: str
    name: str
    kind: Kind
    seats: int
    wait: float  # seconds that were asked for
    law: tuple[Formula, int]  # of its total, and how many waits a request has in a row
    layouts: Mapping[Width, Layout]


class DrawnDot(NamedTuple):
    """One request."""

    number: int
    x: float
    y: float
    look: Look
    alpha: float  # 0 to 1: coming in
    ring: float  # 0 to 1: how much of the asked wait is over; -1: it does not wait
    calls: int  # of fetch_data() under way


@dataclass(frozen=True, slots=True)
class LanePicture:
    """A lane at a moment."""

    dots: tuple[DrawnDot, ...]
    looks: Mapping[Look, int]  # how many requests are in which state
    taken: tuple[bool, ...]  # worker slots
    held: bool  # the server could take no other request
    elapsed: float  # ms on the lane's clock
    over: bool  # all is answered, or will not be
    shelved: int  # how many are outside the event loop
    threads: bool  # are they in threads of their own?

    @property
    def answered(self) -> int:
        """How many have an answer, or will not get one though somebody waits for it."""
        return self.looks.get("done", 0) + self.looks.get("failed", 0)


def lane_heads(lesson: Lesson, spec: RunSpec, beside: int | None = None) -> tuple[LaneHead, ...]:
    """The lanes of a run, laid out as if there were so many; by default as many as there are."""
    count = len(spec.lanes) if beside is None else beside
    found = []
    for lane in spec.lanes:
        kind: Kind = "pool" if lane.server in POOLED else "loop"
        seats = spec.workers if kind == "pool" else 1
        layouts: dict[Width, Layout] = {
            width: lay_out(lesson, kind, seats, spec.requests, count, width) for width in ("wide", "narrow")
        }
        key = lane.lane.replace("@", "-").replace("_", "-")
        name, formula = lesson.lane(lane.lane).name, law.lane_formula(lesson, lane.lane)
        found.append(LaneHead(lane.lane, key, name, kind, seats, spec.wait, formula, layouts))
    return tuple(found)


def draw_lane(
    lane: LaneScene, head: LaneHead, layout: Layout, t: float, known: float, rest: float = 0.0
) -> LanePicture:
    """The lane at `t`, of a run that is known up to `known`; both are milliseconds since the run began.

    At the end of a run its last dots are still on their way: they are seen `rest` ms further.
    """
    motion = Motion(lane, layout, head.kind)
    held = held_stretches(lane, known)
    looks = {each.number: look_at(each, held, t) for each in lane.requests}
    seen = [each for each in lane.requests if looks[each.number] != "idle"]
    dots = tuple(_dot(each, motion.point(each.number, t + rest), looks[each.number], head, t) for each in seen)
    elapsed, over = lane_clock(lane, t)
    held_now = within(held, t) is not None
    shelved = [each for each in seen if head.kind == "loop" and outside_loop(each, t)]
    threads = any(each.own_thread for each in shelved)
    taken = _taken(lane, head, t)
    return LanePicture(dots, Counter(looks.values()), taken, held_now, elapsed, over, len(shelved), threads)


def outside_loop(request: RequestScene, t: float) -> bool:
    """Is the view suspended, or in a thread of its own?"""
    if request.own_thread and request.entered is not None and request.entered <= t:
        return request.left is None or t < request.left
    return within(request.suspended, t) is not None


def _dot(request: RequestScene, point: Point, look: Look, head: LaneHead, t: float) -> DrawnDot:
    x, y = point
    wait = within(request.waits, t)
    ring = min(1.0, (t - wait.start) / (head.wait * 1000)) if wait and look in ("free", "blocked") else -1.0
    calls = next((count for since, count in reversed(request.fetches) if since <= t), 0)
    alpha = ease((t - (request.sent or 0.0)) / HOP)
    return DrawnDot(request.number, round(x, 2), round(y, 2), look, round(alpha, 3), round(ring, 3), calls)


def _taken(lane: LaneScene, head: LaneHead, t: float) -> tuple[bool, ...]:
    taken = [False] * head.seats if head.kind == "pool" else []
    for each in lane.requests if taken else ():
        if each.received is not None and each.received <= t and (each.ended is None or t < each.ended):
            taken[each.seat % head.seats] = True
    return tuple(taken)


def lane_clock(lane: LaneScene, t: float) -> tuple[float, bool]:
    """Milliseconds since the lane's first request was sent, and whether the clock has come to its end."""
    sent = [each.sent for each in lane.requests if each.sent is not None]
    if not sent:
        return 0.0, False
    ends = [each.ended for each in lane.requests if each.ended is not None]
    over = len(ends) == len(lane.requests) and max(ends) <= t
    if over and lane.total is not None:
        return lane.total, True
    return max(0.0, (max(ends) if over else t) - min(sent)), over


# Along time


class SceneAxis(NamedTuple):
    """An axis from 0; both in seconds."""

    end: float
    tick: float  # from one label to the next

    @property
    def milliseconds(self) -> int:
        """Its length as a whole number."""
        return round(self.end * 1000)


def axis_for(end: float, known: float) -> SceneAxis:
    """The axis of a run that should take `end` s and is known up to `known` s: it grows only when it is outrun."""
    while end < known:
        end *= GROWTH
    return SceneAxis(end, next((tick for tick in TICKS if end < 7 * tick), 20.0))


def place_on_axis(ms: float, axis: SceneAxis, place_x: float, place_w: float) -> float:
    """Where a moment, in ms since the load began, stands on an axis that is `place_w` wide."""
    return round(place_x + min(place_w, max(0.0, ms / 1000 / axis.end * place_w)), 1)


def row_stretches(request: RequestScene, held: Sequence[Stretch]) -> list[tuple[Look, float, float]]:
    """What a request did from when to when; the last goes on for ever if nothing has ended it."""
    if request.sent is None:
        return []
    ended = FOREVER if request.ended is None else request.ended
    left = min(ended, FOREVER if request.left is None else request.left)
    entered = min(left, FOREVER if request.entered is None else request.entered)
    found: list[tuple[Look, float, float]] = []
    _add(found, "queued", request.sent, entered)
    at = entered
    for wait in request.waits:
        start, end = max(at, wait.start), min(wait.end, left)
        _add(found, "running", at, start)
        _add_wait(found, held, start, end)
        at = max(at, end)
    _add(found, "running", at, left)
    _add(found, "ready", left, ended)
    return found


def _add(found: list[tuple[Look, float, float]], look: Look, start: float, end: float) -> None:
    if end > start:
        found.append((look, start, end))


def _add_wait(found: list[tuple[Look, float, float]], held: Sequence[Stretch], start: float, end: float) -> None:
    at = start
    for each in held:
        low, high = max(at, each.start), min(end, each.end)
        if high > low:
            _add(found, "free", at, low)
            _add(found, "blocked", low, high)
            at = high
    _add(found, "free", at, end)


def row_paths(scene: Scene, lane: LaneScene, layout: Layout, axis: SceneAxis, known: float) -> dict[Look, str]:
    """The timeline's rows, a path for each state. What goes on is drawn to the end of the axis: the page covers it."""
    zero, place = scene.zero or 0.0, layout.rows
    held = held_stretches(lane, known)
    parts: dict[Look, list[str]] = {look: [] for look in PHASES}
    for request in lane.requests:
        y = round(place.y + (request.number - 1) * layout.row, 2)
        h = round(layout.row - _slit(layout.row), 2)
        edge = 0.0  # of what is drawn so far: nothing covers a short run
        for look, start, end in row_stretches(request, held):
            low, high = (max(edge, place_on_axis(t - zero, axis, place.x, place.w)) for t in (start, end))
            if look == "running":
                high = max(high, round(low + TICK, 1))
            if high > low:
                parts[look].append(_rectangle(low, y, high, h))
                edge = high
        if request.ended is not None and request.outcome != "done":
            low = place_on_axis(request.ended - zero, axis, place.x, place.w)
            parts[request.outcome].append(_rectangle(low, y, low + STUB, h))
    return {look: "".join(each) for look, each in parts.items()}


def _slit(row: float) -> float:
    return 1.4 if row >= 4 else 0.3


def strip_path(scene: Scene, lane: LaneScene, layout: Layout, axis: SceneAxis, known: float) -> str:
    """The stretches in which the server was held."""
    zero, place = scene.zero or 0.0, layout.strip
    edges = (
        (
            place_on_axis(each.start - zero, axis, place.x, place.w),
            place_on_axis(each.end - zero, axis, place.x, place.w),
        )
        for each in held_stretches(lane, known)
    )
    return "".join(_rectangle(low, place.y, max(high, low + 0.5), place.h) for low, high in edges)


def _rectangle(low: float, y: float, high: float, h: float) -> str:
    return f"M{low:g} {y:g}H{high:g}v{h:g}H{low:g}z"


def header(heads: Iterable[LaneHead], spec: RunSpec, end: float) -> dict[str, Any]:
    """The scene's header for the browser; `end` seconds are the axis that the law lets expect."""
    return {
        "requests": spec.requests,
        "wait": spec.wait,
        "workers": spec.workers,
        "end": end,
        "shapes": SHAPES,
        "lanes": [
            {
                "id": each.id,
                "key": each.key,
                "name": each.name,
                "kind": each.kind,
                "seats": each.seats,
                "law": each.law,
                "layouts": {width: layout.as_data() for width, layout in each.layouts.items()},
            }
            for each in heads
        ],
    }
