"""The facts of the scene: what happened to whom and when, as plain numbers that are appended and never changed.

A fact is a list `[lane, request, kind, ms]` or `[lane, request, kind, ms, value]`: the lane's index in the run, or -1
for the run itself; the number of the request, or 0 for the lane itself; a `FactKind`; milliseconds since the run began,
in tenths. They follow from the fold: each event of the log, once folded, adds what is new. `static/js/scene.js` reads
the same lists.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final

from lessons.content.model import Lesson
from lessons.lab.events import Event
from lessons.stage.fold import apply_event, empty_stage
from lessons.stage.model import LaneStage, RequestStage, Span, Stage

RUN: Final = -1  # instead of the index of a lane

type Fact = list[float]  # as it is sent: see above


class FactKind(IntEnum):
    """What happened. Where a value goes along, it is named."""

    ZERO = 0  # of the run: the load began; the zero of what is shown
    OVER = 1  # of the run: it ended
    SENT = 2
    RECEIVED = 3  # the server took it; the index of the thread, in order of appearance in the lane
    STATION = 4  # the index of the lesson's node that it has reached; told again when it was earlier than was known
    ENTERED = 5  # the view's first instruction ran; the index of the thread
    WAITS = 6  # `fetch_data()` is under way, or the view is suspended
    WAITED = 7
    SUSPENDED = 8  # the view gave the event loop back
    RESUMED = 9
    LEFT = 10  # the view returned or raised
    ANSWERED = 11
    FAILED = 12
    CANCELLED = 13
    PROBED = 14  # of a lane: it was asked whether it could take one more request
    PROBE_ANSWERED = 15  # of a lane
    LANE_OVER = 16  # of a lane: all is answered, or its process has died; its total in ms, if it has one
    FETCHES = 17  # how many calls of `fetch_data()` are under way


OUTCOMES: Final = {"done": FactKind.ANSWERED, "failed": FactKind.FAILED, "cancelled": FactKind.CANCELLED}


def fact(lane: int, request: int, kind: FactKind, t: float, *value: float) -> Fact:
    """A fact at `t` seconds since the run began."""
    return [lane, request, kind.value, round(t * 1000, 1), *value]


class RunFacts:
    """The facts of one run so far, in the order in which they were learnt."""

    def __init__(self, lesson: Lesson) -> None:
        self.facts: list[Fact] = []
        self._threads: dict[tuple[int, int], int] = {}  # lane, native id -> index in the lane

    @classmethod
    def of(cls, lesson: Lesson, events: Iterable[Event]) -> "RunFacts":
        """The facts of these events."""
        found, stage = cls(lesson), empty_stage(lesson)
        for event in events:
            then = apply_event(stage, event)
            found.add(stage, then, event.t)
            stage = then
        return found

    def add(self, before: Stage, after: Stage, t: float) -> None:
        """Append what an event of the time `t` has changed."""
        if after.zero != before.zero:
            self.facts.append(fact(RUN, 0, FactKind.ZERO, after.zero))
        for index, (old, new) in enumerate(zip(before.lanes, after.lanes, strict=False)):
            if old is not new:
                self.facts.extend(self._of_lane(index, old, new, after, t))
        if after.ended and not before.ended:
            self.facts.append(fact(RUN, 0, FactKind.OVER, after.t))

    def _of_lane(self, index: int, old: LaneStage, new: LaneStage, stage: Stage, t: float) -> Iterator[Fact]:
        if new.requests is not old.requests:
            for was, now in zip(old.requests, new.requests, strict=True):
                if was is not now:
                    yield from self._of_request(index, was, now, t)
        if new.probe != old.probe and new.probe is not None:
            yield fact(index, 0, FactKind.PROBED, new.probe)
        if new.probes > old.probes and old.probe is not None:
            yield fact(index, 0, FactKind.PROBE_ANSWERED, old.probe + (new.probe_took or 0.0))
        if _over(new, stage) and not _over(old, stage._replace(state="running")):
            total = () if new.total is None else (round(new.total * 1000, 3),)
            yield fact(index, 0, FactKind.LANE_OVER, t, *total)

    def _of_request(self, lane: int, was: RequestStage, now: RequestStage, t: float) -> Iterator[Fact]:
        number = now.number
        if now.sent is not None and was.sent is None:
            yield fact(lane, number, FactKind.SENT, now.sent)
        if now.received is not None and was.received is None:
            yield fact(lane, number, FactKind.RECEIVED, now.received, self._thread(lane, now.thread))
        if now.entered is not None and was.entered is None:
            yield fact(lane, number, FactKind.ENTERED, now.entered, self._thread(lane, now.thread))
        for node, at in _reached(was.nodes, now.nodes):
            yield fact(lane, number, FactKind.STATION, at, node)
        yield from _of_spans(lane, number, was.waits, now.waits, (FactKind.WAITS, FactKind.WAITED))
        kinds = FactKind.SUSPENDED, FactKind.RESUMED
        yield from _of_spans(lane, number, was.suspended, now.suspended, kinds)
        if now.fetches != was.fetches:
            yield fact(lane, number, FactKind.FETCHES, t, now.fetches)
        if now.left is not None and was.left is None:
            yield fact(lane, number, FactKind.LEFT, now.left)
        if now.ended is not None and was.ended is None:
            yield fact(lane, number, OUTCOMES[now.state], now.ended)

    def _thread(self, lane: int, id: int) -> int:
        taken = sum(1 for known, _ in self._threads if known == lane)
        return self._threads.setdefault((lane, id), taken)


def _over(lane: LaneStage, stage: Stage) -> bool:
    return lane.state in ("done", "died") or stage.ended


def _reached(was: tuple[float | None, ...], now: tuple[float | None, ...]) -> Iterator[tuple[int, float]]:
    """Index of each node that was reached, or turns out to have been reached earlier, and when."""
    for index, (before, at) in enumerate(zip(was, now, strict=True) if now is not was else ()):
        if at is not None and at != before:
            yield index, at


def _of_spans(
    lane: int, number: int, was: tuple[Span, ...], now: tuple[Span, ...], kinds: tuple[FactKind, FactKind]
) -> Iterator[Fact]:
    """What has begun or ended. A span that began and ended at once tells both."""
    begins, ends = kinds
    if was and was[-1].end is None and len(now) >= len(was) and (end := now[len(was) - 1].end) is not None:
        yield fact(lane, number, ends, end)
    for span in now[len(was) :]:
        yield fact(lane, number, begins, span.start)
        if span.end is not None:
            yield fact(lane, number, ends, span.end)
