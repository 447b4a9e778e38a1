"""The stage in plain sentences, chosen by what was measured."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lessons.stage import bars, wording
from lessons.stage.model import BLOCK, LaneStage, RequestStage, RequestState, Stage
from lessons.stage.steps import Row, table


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said of one step."""

    step: int
    text: str
    current: bool


def sentences(stage: Stage, lane: LaneStage, request: RequestStage, rows: Sequence[Row] = ()) -> tuple[Sentence, ...]:
    """One sentence per step that the request has reached; `rows` are its table, where that is known."""
    return tuple(
        Sentence(row.step.number, _sentence(stage, lane, request, row), row.current)
        for row in rows or table(stage, lane, request)
        if row.reached
    )


def _sentence(stage: Stage, lane: LaneStage, request: RequestStage, row: Row) -> str:
    said = row.step.said(lane.id.partition("@")[0])
    so_far = " so far" if row.going else ""
    text = (row.server_block and said.blocked) or (row.async_wait and said.suspended) or said.plain
    return text.format(
        lane=stage.lesson.lane(lane.id).name,
        request=request.number,
        took=wording.span(row.took or 0.0) + so_far,
        blocked=wording.span(row.blocked) + so_far,
        value=request.value,
        server=lane.server,
    )


def situation(stage: Stage) -> str:
    """How the run stands, in one sentence."""
    match stage.state:
        case "created":
            return "The run has been accepted and is about to start."
        case "queued":
            return f"The lab is busy. This run is number {stage.place} in the queue and starts by itself."
        case "starting":
            return f"Starting {wording.count(len(stage.lanes), 'server')}, each a process of its own…"
        case "running" if stage.cancelling:
            return "Cancelling…"
        case "running":
            return "Running: real requests are on their way."
        case _:
            return _ending(stage)


def _ending(stage: Stage) -> str:
    match stage.outcome:
        case "done":
            return "Done. Every request has been answered."
        case "cancelled":
            return "Cancelled. What happened until then stays on the page."
        case "timed_out":
            return f"Stopped: {stage.reason}"
        case _:
            return f"The run failed: {stage.reason}"


def tally(lane: LaneStage) -> str:
    """`4 done, 1 waiting, 5 queued`: only the states that occur, latest first."""
    found = Counter(request.state for request in lane.requests)
    order: tuple[RequestState, ...] = ("done", "failed", "waiting", "running", "queued")
    return ", ".join(f"{found[state]} {state}" for state in order if found[state]) or "no request sent yet"


def capacity(lane: LaneStage) -> str:
    """What the server offers: `WSGI · 1 worker thread`, `ASGI · one event loop`."""
    if not lane.server:
        return "starting…"
    pool = wording.count(lane.capacity, "worker thread") if lane.interface == "WSGI" else "one event loop"
    return f"{lane.interface} · {pool}"


@dataclass(frozen=True, slots=True)
class Hold:
    """The answer to: who holds the server?"""

    who: str  # "request #5 holds the only worker"
    so: str  # "no other request can start"
    blocked: bool


def hold(stage: Stage, lane: LaneStage) -> Hold:
    """Who keeps the server from taking one more request right now, by the last probe."""
    if lane.state in ("starting", "ready"):
        return Hold("nobody", "no request has been sent yet", blocked=False)
    if lane.state == "died":
        return Hold("nobody", "the server process has died", blocked=True)
    if stage.ended or lane.state == "done":
        return Hold(
            "nobody any more",
            f"it was blocked for {_percent(1 - bars.free_share(stage, lane))} of the time",
            blocked=False,
        )
    blocks = lane.blocked(stage.t)
    if blocks and blocks[-1].end is None:
        return _held(stage, lane)
    if lane.probe_took is None:
        return Hold("nobody", "the server is free", blocked=False)
    took = wording.span(lane.probe_took)
    if lane.probe_took > BLOCK:
        return Hold("nobody just now", f"it has answered a probe after {took}", blocked=False)
    return Hold("nobody", f"the server is free, a probe was answered in {took}", blocked=False)


def _percent(share: float) -> str:
    return f"{share:.1%}".replace(".0%", "%")


def _held(stage: Stage, lane: LaneStage) -> Hold:
    inside = [each.number for each in lane.requests if each.in_view]
    if not inside:
        return Hold("the server itself", "it does not answer a probe", blocked=True)
    if lane.interface == "WSGI":
        seat = "the only worker" if lane.capacity == 1 else f"all {lane.capacity} workers"
        verb = "holds" if len(inside) == 1 else "hold"
        return Hold(f"{wording.requests(inside)} {verb} {seat}", "no other request can start", blocked=True)
    guilty = [each.number for each in lane.requests if each.state != "idle" and _on_loop(each)] or inside
    verb = "blocks" if len(guilty) == 1 else "block"
    return Hold(f"{wording.requests(guilty)} {verb} the event loop", "nothing else can run", blocked=True)


def _on_loop(request: RequestStage) -> bool:
    """Is the view under way without having given the loop back?"""
    return request.in_view and not (request.suspended and request.suspended[-1].end is None)


def verdict(stage: Stage) -> str:
    """Which lane was how many times faster; empty until every lane is done, or the run, and two can be compared."""
    if not stage.ended and any(lane.total is None for lane in stage.lanes):
        return ""
    done = sorted((lane.total, lane.id) for lane in stage.lanes if lane.total and not _failures(lane))
    if len(done) < 2:
        return ""
    (best, fast), (worst, slow) = done[0], done[-1]
    first, last = stage.lesson.lane(fast).name, stage.lesson.lane(slow).name
    if worst / best < 1.15:
        return f"{first} and {last} took about the same time: {wording.seconds(best)} and {wording.seconds(worst)}."
    return (
        f"{first} was {worst / best:.1f} times faster with {wording.whole(len(stage.lanes[0].requests))}: "
        f"{wording.seconds(best)} against {wording.seconds(worst)} for {last}."
    )


def _failures(lane: LaneStage) -> int:
    return sum(1 for each in lane.requests if each.failure)
