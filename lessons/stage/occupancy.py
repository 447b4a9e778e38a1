"""Who held a server from when to when, in a few sentences: the turns that requests took, and what the probes say."""

from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import NamedTuple

from lessons.stage import bars, wording
from lessons.stage.model import BLOCK, LaneStage, RequestStage, Span, Stage

MOST = 12  # turns that are told one by one


class Turn(NamedTuple):
    """Requests that held the server side by side; seconds since the load began."""

    start: float
    end: float
    requests: tuple[int, ...]


def occupancy_sentences(stage: Stage, lane: LaneStage) -> Iterator[str]:
    """The sentences, the turns first."""
    if lane.sent is None:
        yield "No request has been sent yet."
        return
    yield from _turns(stage, lane, server_turns(stage, lane))
    yield from _crowd(stage, lane)
    yield _probes(stage, lane)


def server_turns(stage: Stage, lane: LaneStage) -> tuple[Turn, ...]:
    """Who held a worker thread (WSGI), or the event loop for longer than a probe waits (ASGI), in the order of time."""
    spans = sorted(each for request in lane.requests for each in _held(stage, lane, request))
    found: list[Turn] = []
    for start, end, number in spans:
        if found and start < found[-1].end:
            last = found[-1]
            found[-1] = Turn(last.start, min(last.end, end), (*last.requests, number))
        else:
            found.append(Turn(start, end, (number,)))
    ends = {number: end for _, end, number in spans}
    return tuple(turn._replace(end=max(ends[number] for number in turn.requests)) for turn in found)


def _held(stage: Stage, lane: LaneStage, request: RequestStage) -> Iterator[tuple[float, float, int]]:
    if lane.interface == "WSGI":
        if request.received is not None:
            yield request.received - stage.zero, _over(stage, request) - stage.zero, request.number
    elif request.entered is not None and request.coroutine:
        for start, end in _awake(request, stage.t):
            if end - start > BLOCK:
                yield start - stage.zero, end - stage.zero, request.number


def _over(stage: Stage, request: RequestStage) -> float:
    known = (each for each in (request.handled, request.left, request.ended) if each is not None)
    return next(known, stage.t)


def _awake(request: RequestStage, now: float) -> Iterator[tuple[float, float]]:
    """When the view ran without having given the event loop back."""
    at = request.entered or 0.0
    for span in request.suspended:
        yield at, span.start
        at = now if span.end is None else span.end
    yield at, now if request.left is None else request.left


def _turns(stage: Stage, lane: LaneStage, found: Sequence[Turn]) -> Iterator[str]:
    if not found and lane.interface != "WSGI":
        who = "No single request" if bars.blocked_spans(stage, lane) else "Nobody"
        yield f"{who} held the event loop for longer than {BLOCK * 1000:g} ms at a time."
        return
    if len(found) <= MOST:
        yield from (_turn(lane, turn) for turn in found)
        return
    yield from (_turn(lane, turn) for turn in found[:3])
    rest = found[3:-1]
    numbers = [number for turn in rest for number in turn.requests]
    average = wording.span_text(fmean(turn.end - turn.start for turn in rest))
    yield (
        f"In the same way, until {wording.seconds_text(rest[-1].end)}: {len(numbers)} more requests "
        f"in {len(rest)} more turns, each {average} long on average."
    )
    yield _turn(lane, found[-1])


def _turn(lane: LaneStage, turn: Turn) -> str:
    who = wording.request_numbers(sorted(turn.requests))
    when = f"{wording.seconds_text(turn.start)} to {wording.seconds_text(turn.end)}"
    return f"{when}: {who} held {_seat(lane, len(turn.requests))}."


def _seat(lane: LaneStage, taken: int) -> str:
    if lane.interface != "WSGI":
        return "the event loop"
    if lane.capacity == 1:
        return "the only worker"
    return f"all {taken} workers" if taken == lane.capacity else f"{taken} of {lane.capacity} workers"


def _crowd(stage: Stage, lane: LaneStage) -> Iterator[str]:
    """How many were in the view side by side, and in how many threads."""
    spans = [(each.entered, stage.t if each.left is None else each.left) for each in lane.requests if each.entered]
    if not spans:
        return
    edges = sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans], key=lambda edge: edge)
    most = now = 0
    for _, change in edges:
        now += change
        most = max(most, now)
    threads = len({each.thread for each in lane.requests if each.entered is not None and each.thread})
    yield (
        f"At most {wording.count_noun(most, 'request')} {'was' if most == 1 else 'were'} in the view at the same time, "
        f"in {wording.count_noun(threads, 'thread')}."
    )


def _probes(stage: Stage, lane: LaneStage) -> str:
    lasted, blocks = bars.lane_elapsed(stage, lane), bars.blocked_spans(stage, lane)
    if not lane.probes and not blocks:
        return "No probe has been answered yet."
    if not blocks:
        return (
            f"All {lane.probes} probes were answered within {BLOCK * 1000:g} ms: "
            "the server could have taken one more request at any time."
        )
    share = 1 - bars.free_share(stage, lane)
    longest = max(blocks, key=lambda block: _length(block))
    return (
        f"According to its probes, the server could take no other request for {wording.span_text(share * lasted)} "
        f"of {wording.span_text(lasted)}; the longest stretch was from {wording.seconds_text(longest.start)} "
        f"to {wording.seconds_text(longest.end)}."
    )


def _length(span: Span) -> float:
    return (span.end or span.start) - span.start
