"""What each request was doing when: the bars of the timeline and the strip "Who holds the server"."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lessons.stage.model import LaneStage, RequestStage, Span, Stage

Phase = Literal["queued", "running", "free", "blocked", "failed"]
PHASES: tuple[Phase, ...] = ("queued", "running", "free", "blocked", "failed")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a request's bar; seconds since the load began."""

    request: int
    phase: Phase  # queued: before or behind the view; free, blocked: waiting in it while the server could, or not
    start: float
    end: float


def segments(stage: Stage, lane: LaneStage) -> Iterator[Segment]:
    """Every stretch of every request of the lane, up to the stage's time."""
    blocks = lane.blocked(stage.t)
    for request in lane.requests:
        if request.sent is not None:
            yield from _bar(stage, blocks, request)


def _bar(stage: Stage, blocks: tuple[Span, ...], request: RequestStage) -> Iterator[Segment]:
    now = request.ended if request.ended is not None else stage.t
    turn: Phase = "failed" if request.failure and request.entered is None else "queued"
    at = request.sent or 0.0
    entered = now if request.entered is None else max(at, request.entered)
    left = now if request.left is None else max(entered, request.left)
    yield from _stretch(stage, request, turn, at, entered)
    at = entered
    for wait in request.waits:
        yield from _stretch(stage, request, "running", at, wait.start)
        end = now if wait.end is None else wait.end
        yield from _wait(stage, blocks, request, max(at, wait.start), end)
        at = max(at, end)
    yield from _stretch(stage, request, "running", at, left)
    yield from _stretch(stage, request, "failed" if request.failure else "queued", max(at, left), now)


def _wait(stage: Stage, blocks: tuple[Span, ...], request: RequestStage, start: float, end: float) -> Iterator[Segment]:
    at = start
    for block in blocks:
        low, high = max(block.start, at), min(end if block.end is None else block.end, end)
        if high <= low:
            continue
        yield from _stretch(stage, request, "free", at, low)
        yield from _stretch(stage, request, "blocked", low, high)
        at = high
    yield from _stretch(stage, request, "free", at, end)


def _stretch(stage: Stage, request: RequestStage, phase: Phase, start: float, end: float) -> Iterator[Segment]:
    if end > start:
        yield Segment(request.number, phase, start - stage.zero, end - stage.zero)


def busy(stage: Stage, lane: LaneStage) -> tuple[Span, ...]:
    """The blocked stretches of the lane, closed at the stage's time; seconds since the load began."""
    return tuple(
        Span(block.start - stage.zero, (stage.t if block.end is None else block.end) - stage.zero)
        for block in lane.blocked(stage.t)
    )


def elapsed(stage: Stage, lane: LaneStage) -> float:
    """The lane's clock: seconds since its first request was sent, standing still when all are answered."""
    if lane.total is not None:
        return lane.total
    return 0.0 if lane.sent is None else max(0.0, stage.t - lane.sent)


def free_share(stage: Stage, lane: LaneStage) -> float:
    """The part of the lane's time in which the server could have taken another request, 0..1."""
    lasted = elapsed(stage, lane)
    if not lasted or lane.sent is None:
        return 1.0
    end = lane.sent + lasted
    return 1.0 - min(1.0, sum(block.overlap(lane.sent, end, stage.t) for block in lane.blocked(stage.t)) / lasted)
