"""Where the dot of a request is at a moment.

It is a function of the scene and the time alone, so pausing, scrubbing and slow motion are one thing.
`static/js/scene.js` does the same in the browser; tests compare the two.

A request makes *stops*: the queue, a worker slot and the stations in it, the loop, the shelf, the tray. It leaves a
stop when the facts say so and takes `HOP` to the next. What lasts less than `BLINK` cannot be seen and is no stop.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from lessons.stage.layout import Grid, Kind, Layout
from lessons.stage.scene import FOREVER, LaneScene, RequestScene

HOP = 220.0  # ms from one stop to the next
BLINK = 40.0  # ms between two departures, at least
REST = 400.0  # ms after the end of a run, when all dots have come to rest

type Place = Literal["line", "seat", "active", "shelf", "ready", "tray"]
type Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Stop:
    """A place, and when the request sets out for it: milliseconds since the run began."""

    t: float
    place: Place
    at: int = 0  # slot, or cell of the place's grid
    station: int = 0  # in a slot: 0 from the left; -1: the right end


def ease(progress: float) -> float:
    """From 0 to 1, slow at both ends."""
    p = min(1.0, max(0.0, progress))
    return p * p * (3 - 2 * p)


def cell(grid: Grid, index: int) -> Point:
    """The middle of a cell."""
    row, column = divmod(index, grid.wrap)
    return grid.x + column * grid.dx, grid.y + row * grid.dy


def between(a: Point, b: Point, share: float) -> Point:
    """The point at a share of the way from one to the other."""
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


class Motion:
    """The ways of all requests of a lane."""

    def __init__(self, lane: LaneScene, layout: Layout, kind: Kind) -> None:
        self._layout = layout
        self._requests = lane.requests
        left = _ranks([each.left for each in lane.requests])
        ended = _ranks([each.ended for each in lane.requests])
        raw = [_stops(each, kind, left[at], ended[at], len(layout.stations)) for at, each in enumerate(lane.requests)]
        self._stops = [_spread(_seen(each)) for each in raw]
        self._departures = [stops[1].t if len(stops) > 1 else float("inf") for stops in self._stops]

    def stops(self, number: int) -> Sequence[Stop]:
        """The stops of a request, by the time it sets out for them."""
        return self._stops[number - 1]

    def point(self, number: int, t: float) -> Point:
        """The middle of the dot of a request that has been sent by then."""
        stops = self._stops[number - 1]
        last = max((at for at, stop in enumerate(stops) if stop.t <= t), default=0)
        return self._on_the_way(number, last, t)

    def _on_the_way(self, number: int, at: int, t: float) -> Point:
        stop = self._stops[number - 1][at]
        target = self._target(number, stop, t)
        if at:
            source = self._on_the_way(number, at - 1, stop.t)
        else:
            source = self._layout.queue.x - 2 * self._layout.radius, target[1]
        return between(source, target, ease((t - stop.t) / HOP))

    def _target(self, number: int, stop: Stop, t: float) -> Point:
        layout = self._layout
        match stop.place:
            case "line":
                return self._in_line(number, t)
            case "seat":
                seat = layout.seats[stop.at % len(layout.seats)]
                x = layout.stations[stop.station] if stop.station >= 0 else seat.w - layout.radius - 4
                return seat.x + x, seat.y + seat.h * (0.62 if layout.line_up else 0.5)
            case "active":
                return cell(layout.active, stop.at % layout.active.wrap)
            case "shelf":
                return cell(layout.seats_on_shelf, stop.at)
            case "ready":
                return cell(layout.ready, stop.at)
            case _:
                return cell(layout.answered, stop.at)

    def _in_line(self, number: int, t: float) -> Point:
        """Each line moves up by as much as those in front have left, so nobody is in another's way."""
        line, before = self._layout.line, number - 1
        row = before % line.wrap
        rank = sum(1 - ease((t - gone) / HOP) for gone in self._departures[row : before : line.wrap])
        return line.x + rank * line.dx, line.y + row * line.dy


def _stops(request: RequestScene, kind: Kind, left: int, ended: int, stations: int) -> list[Stop]:
    """Every stop, in the order of the facts."""
    if request.sent is None:
        return []
    found = [Stop(request.sent, "line")]
    cell = request.number - 1
    if request.received is not None:
        if kind == "pool":
            found.append(Stop(request.received, "seat", request.seat))
            found.extend(_inside(request, stations))
        else:
            found.append(Stop(request.received, "active", cell))
            found.extend(_outside(request, cell))
    if request.left is not None:
        found.append(
            Stop(request.left, "seat", request.seat, -1) if kind == "pool" else Stop(request.left, "ready", left)
        )
    if request.ended is not None:
        found.append(Stop(request.ended, "tray", ended))
    return sorted(found, key=lambda stop: stop.t)


def _inside(request: RequestScene, stations: int) -> Iterator[Stop]:
    """In a worker slot: the stations that were reached before any behind them, so none is gone back to."""
    earliest = FOREVER
    for index in range(stations - 1, 0, -1):
        if (t := request.stations.get(index, FOREVER)) < earliest:
            earliest = t
            yield Stop(t, "seat", request.seat, index)


def _outside(request: RequestScene, cell: int) -> list[Stop]:
    """Out of the event loop and back: suspended, or in a thread of its own."""
    if request.own_thread and request.entered is not None:
        return [Stop(request.entered, "shelf", cell)]
    found = []
    for each in request.suspended:
        found.append(Stop(each.start, "shelf", cell))
        if each.end != float("inf"):
            found.append(Stop(each.end, "active", cell))
    return found


def _seen(stops: Sequence[Stop]) -> list[Stop]:
    """Without those that last less than can be seen; the first, the queue, and the last stay."""
    last = len(stops) - 1
    kept = [stop for at, stop in enumerate(stops) if at in (0, last) or stops[at + 1].t - stop.t >= BLINK]
    return [stop for at, stop in enumerate(kept) if not at or not _same(kept[at - 1], stop)]


def _same(one: Stop, other: Stop) -> bool:
    return (one.place, one.at, one.station) == (other.place, other.at, other.station)


def _spread(stops: Sequence[Stop]) -> list[Stop]:
    """Departures that are close together a little apart."""
    found: list[Stop] = []
    for stop in stops:
        t = max(stop.t, found[-1].t + BLINK) if found else stop.t
        found.append(Stop(t, stop.place, stop.at, stop.station))
    return found


def _ranks(times: Sequence[float | None]) -> list[int]:
    """The place of each in the order of time; 0 for those that have none."""
    known = sorted((t, at) for at, t in enumerate(times) if t is not None)
    ranks = [0] * len(times)
    for rank, (_, at) in enumerate(known):
        ranks[at] = rank
    return ranks
