"""What each request was doing when: the bars of the timeline and the strip "Who holds the server"."""

from typing import Literal, NamedTuple

from lessons.stage.model import LaneStage, RequestStage, Span, Stage

Phase = Literal["queued", "running", "free", "blocked", "ready", "failed", "cancelled"]
PHASES: tuple[Phase, ...] = ("queued", "running", "free", "blocked", "ready", "failed", "cancelled")
WAITS: frozenset[Phase] = frozenset(("free", "blocked"))  # in the view


class BarStretch(NamedTuple):
    """A stretch of a request's bar; seconds since the run began.

    queued: before the view; free, blocked: waiting in it while the server could take another request, or not; ready:
    behind it, until the answer has come. What failed or was cancelled has a mark of no length at its end.
    """

    phase: Phase
    start: float
    end: float


def bar_stretches(request: RequestStage, blocks: tuple[Span, ...], now: float) -> list[BarStretch]:
    """Every stretch of a request of a lane with these blocked ones, up to `now`. Those of one that has ended stay."""
    found: list[BarStretch] = []
    if request.sent is None:
        return found
    now = request.ended if request.ended is not None else now
    at = request.sent
    entered = now if request.entered is None else max(at, request.entered)
    left = now if request.left is None else max(entered, request.left)
    _add(found, "queued", at, entered)
    at = entered
    for wait in request.waits:
        _add(found, "running", at, wait.start)
        end = now if wait.end is None else wait.end
        _wait(found, blocks, max(at, wait.start), end)
        at = max(at, end)
    _add(found, "running", at, left)
    _add(found, "ready", max(at, left), now)
    if (state := request.state) == "failed" or state == "cancelled":
        found.append(BarStretch(state, now, now))
    return found


def _wait(found: list[BarStretch], blocks: tuple[Span, ...], start: float, end: float) -> None:
    at = start
    for block in blocks:
        low, high = max(block.start, at), min(end if block.end is None else block.end, end)
        if high <= low:
            continue
        _add(found, "free", at, low)
        _add(found, "blocked", low, high)
        at = high
    _add(found, "free", at, end)


def _add(found: list[BarStretch], phase: Phase, start: float, end: float) -> None:
    if end > start:
        found.append(BarStretch(phase, start, end))


def blocked_spans(stage: Stage, lane: LaneStage) -> tuple[Span, ...]:
    """The blocked stretches of the lane, closed at the stage's time; seconds since the load began."""
    return tuple(
        Span(block.start - stage.zero, (stage.t if block.end is None else block.end) - stage.zero)
        for block in lane.blocked(stage.t)
    )


def lane_elapsed(stage: Stage, lane: LaneStage) -> float:
    """The lane's clock: seconds since its first request was sent, standing still when all have ended."""
    if lane.total is not None:
        return lane.total
    if lane.sent is None:
        return 0.0
    ends = [each.ended for each in lane.requests if each.ended is not None]
    return max(0.0, (max(ends) if len(ends) == len(lane.requests) else stage.t) - lane.sent)


def free_share(stage: Stage, lane: LaneStage) -> float:
    """The part of the lane's time in which the server could have taken another request, 0..1."""
    lasted = lane_elapsed(stage, lane)
    if not lasted or lane.sent is None:
        return 1.0
    end = lane.sent + lasted
    return 1.0 - min(1.0, sum(block.overlap(lane.sent, end, stage.t) for block in lane.blocked(stage.t)) / lasted)
