"""The scene: who was where and when, read from the facts. What is seen at a moment follows from it and the time alone.

Times are milliseconds since the run began. `static/js/scene.js` does the same in the browser; tests compare the two.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from lessons.stage.facts import RUN, Fact, FactKind
from lessons.stage.model import BLOCK

type Look = Literal["idle", "queued", "running", "free", "blocked", "ready", "done", "failed", "cancelled"]

LATE: Final = BLOCK * 1000  # ms after which a probe without an answer tells that the server is held
OUTCOMES: Final[dict[int, Look]] = {
    FactKind.ANSWERED: "done",
    FactKind.FAILED: "failed",
    FactKind.CANCELLED: "cancelled",
}
FOREVER: Final = float("inf")


@dataclass(slots=True)
class Stretch:
    """From `start` to `end`, which is `FOREVER` while it goes on."""

    start: float
    end: float = FOREVER


@dataclass(slots=True)
class RequestScene:
    """One request of a lane; times are None for what has not been told."""

    number: int
    sent: float | None = None
    received: float | None = None
    seat: int = 0  # index of the thread that took it
    stations: dict[int, float] = field(default_factory=dict)  # index of a node of the lesson -> when it was reached
    entered: float | None = None
    thread: int = 0  # index of the thread that runs the view
    waits: list[Stretch] = field(default_factory=list)
    suspended: list[Stretch] = field(default_factory=list)
    fetches: list[tuple[float, int]] = field(default_factory=list)  # when how many calls were under way
    left: float | None = None
    ended: float | None = None
    outcome: Look = "done"

    @property
    def own_thread(self) -> bool:
        """Does the view run in another thread than the one that took the request?"""
        return self.entered is not None and self.thread != self.seat


@dataclass(slots=True)
class LaneScene:
    """One lane."""

    requests: list[RequestScene]
    probes: list[Stretch] = field(default_factory=list)
    over: float | None = None
    total: float | None = None  # ms, as its client has measured it


class Scene:
    """A run as far as its facts tell."""

    def __init__(self, lanes: int, requests: int) -> None:
        self.zero: float | None = None  # when the load began
        self.over: float | None = None  # when the run ended
        self.lanes = [LaneScene([RequestScene(number) for number in range(1, requests + 1)]) for _ in range(lanes)]

    def add(self, facts: Iterable[Fact]) -> None:
        """Take what is new."""
        for lane, number, kind, ms, *value in facts:
            if lane == RUN:
                if kind == FactKind.ZERO:
                    self.zero = ms
                else:
                    self.over = ms
            elif not number:
                _add_to_lane(self.lanes[int(lane)], kind, ms, *value)
            else:
                _add_to_request(self.lanes[int(lane)].requests[int(number) - 1], kind, ms, value)


def _add_to_lane(lane: LaneScene, kind: float, ms: float, total: float | None = None) -> None:
    if kind == FactKind.PROBED:
        lane.probes.append(Stretch(ms))
    elif kind == FactKind.PROBE_ANSWERED:
        _close(lane.probes, ms)
    else:
        lane.over, lane.total = ms, total
        _close(lane.probes, ms)


def _add_to_request(request: RequestScene, kind: float, ms: float, value: Sequence[float]) -> None:
    if kind in OUTCOMES:
        request.ended, request.outcome = ms, OUTCOMES[int(kind)]
    else:
        _TAKE[int(kind)](request, ms, int(value[0]) if value else 0)


def _received(request: RequestScene, ms: float, thread: int) -> None:
    request.received, request.seat = ms, thread


def _entered(request: RequestScene, ms: float, thread: int) -> None:
    request.entered, request.thread = ms, thread


def _sent(request: RequestScene, ms: float, _: int) -> None:
    request.sent = ms


def _left(request: RequestScene, ms: float, _: int) -> None:
    request.left = ms


_TAKE: Final[dict[int, Callable[[RequestScene, float, int], None]]] = {
    FactKind.SENT: _sent,
    FactKind.RECEIVED: _received,
    FactKind.STATION: lambda request, ms, node: request.stations.update({node: ms}),
    FactKind.ENTERED: _entered,
    FactKind.FETCHES: lambda request, ms, count: request.fetches.append((ms, count)),
    FactKind.WAITS: lambda request, ms, _: request.waits.append(Stretch(ms)),
    FactKind.WAITED: lambda request, ms, _: _close(request.waits, ms),
    FactKind.SUSPENDED: lambda request, ms, _: request.suspended.append(Stretch(ms)),
    FactKind.RESUMED: lambda request, ms, _: _close(request.suspended, ms),
    FactKind.LEFT: _left,
}


def _close(stretches: list[Stretch], ms: float) -> None:
    if stretches and stretches[-1].end == FOREVER:
        stretches[-1].end = ms


# What follows for a moment


def held_stretches(lane: LaneScene, known: float) -> list[Stretch]:
    """The stretches in which the server could take no other request, as far as `known`, rising."""
    late = (probe for probe in lane.probes if min(probe.end, known) - probe.start > LATE)
    return [Stretch(probe.start, probe.end) for probe in late]


def within(stretches: Iterable[Stretch], t: float) -> Stretch | None:
    """The stretch in which the moment lies."""
    return next((each for each in stretches if each.start <= t < each.end), None)


def look_at(request: RequestScene, held: Sequence[Stretch], t: float) -> Look:
    """The state in which a request is seen at a moment; "idle": it has not been sent."""
    if request.sent is None or t < request.sent:
        return "idle"
    if request.ended is not None and t >= request.ended:
        return request.outcome
    if request.left is not None and t >= request.left:
        return "ready"
    if within(request.waits, t):
        return "blocked" if within(held, t) else "free"
    return "running" if request.entered is not None and t >= request.entered else "queued"


def read_scene(lanes: int, requests: int, facts: Iterable[Fact]) -> Scene:
    """The scene of a run of so many lanes and requests in each."""
    scene = Scene(lanes, requests)
    scene.add(facts)
    return scene
