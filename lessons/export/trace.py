"""A run as Chrome Trace Event JSON, for Perfetto and VizTracer's viewer: a lane is a process, a request a thread.

On a request's thread lie, from the outside in: the request, its time in the queue and its steps, calls of
`fetch_data()`, stretches in which the view was suspended. A stretch that crosses a border of one outside it is cut
there, so everything nests. Reached lines are instants, with the local variables. Times are whole microseconds since
the run began.
"""

import json
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any, Final, NamedTuple

from lessons.content.model import Lesson
from lessons.lab.events import Event, FetchCalled, FetchRaised, FetchReturned, LineReached, ViewRaised
from lessons.stage.fold import fold_events
from lessons.stage.model import LaneStage, RequestStage, Span, Stage
from lessons.stage.steps import execution_table

THREADS: Final = 1000  # numbers of threads that a lane has for itself
Json = dict[str, Any]


class Slice(NamedTuple):
    """A stretch on a thread; microseconds."""

    start: int
    end: int
    name: str
    args: Json


def dump_trace(lesson: Lesson, events: Sequence[Event]) -> str:
    """The file's text."""
    return json.dumps(build_trace(lesson, events), default=dict)


def build_trace(lesson: Lesson, events: Sequence[Event]) -> Json:
    """The run so far: an object with `traceEvents`, metadata first, then rising in time."""
    stage = fold_events(lesson, events)
    their: dict[tuple[str, int], list[Event]] = defaultdict(list)
    for event in events:
        their[event.lane, event.request].append(event)
    heads: list[Json] = []
    found: list[Json] = []
    for pid, lane in enumerate(stage.lanes, 1):
        heads += _heads(stage, lane, pid)
        found += _holding(stage, lane, pid)
        for request in lane.requests:
            found += _request(stage, lane, request, their[lane.id, request.number], pid)
    found.sort(key=lambda each: (each["ts"], -each.get("dur", -1)))
    return {"traceEvents": [*heads, *found], "displayTimeUnit": "ms", "otherData": _about(stage)}


def _about(stage: Stage) -> Json:
    return {
        "lesson": stage.lesson.slug,
        "title": stage.lesson.title,
        "spec": stage.spec.as_data() if stage.spec else {},
        "python": stage.python,
        "django": stage.django,
        "servers": {lane.id: f"{lane.server} {lane.version}".strip() for lane in stage.lanes},
        "outcome": stage.outcome or "going on",
        "began": stage.at,
        "load_began_us": _us(stage.zero),
    }


# Who is who


def _heads(stage: Stage, lane: LaneStage, pid: int) -> Iterator[Json]:
    seats = "1 worker thread" if lane.capacity == 1 else f"{lane.capacity} worker threads"
    server = f"{lane.server} {lane.version}, {seats if lane.interface == 'WSGI' else 'one event loop'}"
    name = stage.lesson.lane(lane.id).name + (f" ({server})" if lane.server else "")
    yield _head(pid, 0, "process_name", name=name)
    yield _head(pid, 0, "process_sort_index", sort_index=pid)
    yield from _thread(pid, 0, "Who holds the server")
    for request in lane.requests:
        yield from _thread(pid, request.number, f"Request #{request.number}")


def _thread(pid: int, number: int, name: str) -> Iterator[Json]:
    yield _head(pid, number, "thread_name", name=name)
    yield _head(pid, number, "thread_sort_index", sort_index=number)


def _head(pid: int, number: int, kind: str, **args: object) -> Json:
    return {"ph": "M", "pid": pid, "tid": pid * THREADS + number, "name": kind, "args": args}


# What happened


def _holding(stage: Stage, lane: LaneStage, pid: int) -> Iterator[Json]:
    for block in lane.blocked(stage.t):
        args = {"meaning": "a probe was not answered within 50 ms: the server could not take another request"}
        yield _complete(pid, 0, "holding", _slice(stage, block, "blocked", args))


def _request(stage: Stage, lane: LaneStage, request: RequestStage, events: Sequence[Event], pid: int) -> Iterator[Json]:
    layers: tuple[tuple[str, Iterable[Slice]], ...] = (
        ("request", _whole(stage, request)),
        ("step", chain(_queue(stage, request), _steps(stage, lane, request))),
        ("fetch", _fetches(stage, request, events)),
        ("suspended", (_slice(stage, span, "suspended", {}) for span in request.suspended)),
    )
    borders: list[int] = []  # of what lies there already, rising
    for category, slices in layers:
        for each in sorted(slices, key=lambda each: (each.start, -each.end)):
            yield from (_complete(pid, request.number, category, piece) for piece in _cut(each, borders))
            insort(borders, each.start)
            insort(borders, each.end)
    for event in events:
        if isinstance(event.body, LineReached):
            text = _source(stage, lane, event.body.line)
            yield _instant(pid, event, f"line {event.body.line}" + (f": {text}" if text else ""), event.body.locals)
        elif isinstance(event.body, ViewRaised):
            yield _instant(pid, event, event.body.error, {"message": event.body.message})


def _whole(stage: Stage, request: RequestStage) -> Iterator[Slice]:
    if request.sent is not None:
        args = {"state": request.state, "failure": request.failure, "os_thread": request.thread}
        yield _slice(stage, Span(request.sent, request.ended), f"Request #{request.number}", args)


def _queue(stage: Stage, request: RequestStage) -> Iterator[Slice]:
    if request.sent is not None:
        begun = request.received if request.received is not None else request.ended
        yield _slice(stage, Span(request.sent, begun), "queued", {})


def _steps(stage: Stage, lane: LaneStage, request: RequestStage) -> Iterator[Slice]:
    for row in execution_table(stage, lane, request):
        began = request.begun[row.step.number - 1]
        if began is not None:
            args = {
                "step": row.step.number,
                "async_wait": row.async_wait,
                "suspended_ms": round(row.suspended * 1e3, 3),
                "server_block": row.server_block,
                "blocked_ms": round(row.blocked * 1e3, 3),
                "response_sent": row.response_sent,
            }
            yield _slice(stage, Span(began, began + (row.took or 0.0)), row.action, args)


def _fetches(stage: Stage, request: RequestStage, events: Iterable[Event]) -> Iterator[Slice]:
    """A stretch for the time in which one call is under way, within it one for the time in which two are, and so on."""
    open_: list[float] = []
    for event in events:
        if isinstance(event.body, FetchCalled):
            open_.append(event.t)
        elif isinstance(event.body, FetchReturned | FetchRaised) and open_:
            yield _fetch(stage, len(open_), Span(open_.pop(), event.t))
    while open_:
        until = request.left if request.left is not None else request.ended
        yield _fetch(stage, len(open_), Span(open_.pop(), until))


def _fetch(stage: Stage, depth: int, span: Span) -> Slice:
    return _slice(stage, span, "fetch_data()" if depth == 1 else f"fetch_data(), {depth} at once", {})


# The format


def _us(t: float) -> int:
    return max(0, round(t * 1e6))


def _slice(stage: Stage, span: Span, name: str, args: Json) -> Slice:
    start = _us(span.start)
    return Slice(start, max(start, _us(stage.t if span.end is None else span.end)), name, args)


def _cut(whole: Slice, borders: Sequence[int]) -> Iterator[Slice]:
    """The stretch in pieces, none of which crosses a border of what lies around it."""
    crossed = borders[bisect_right(borders, whole.start) : bisect_left(borders, whole.end)]
    for start, end in pairwise(sorted({whole.start, *crossed, whole.end})):
        yield whole._replace(start=start, end=end)
    if whole.start == whole.end:
        yield whole


def _complete(pid: int, number: int, category: str, each: Slice) -> Json:
    place = {"pid": pid, "tid": pid * THREADS + number, "ts": each.start, "dur": each.end - each.start}
    return {"ph": "X", "cat": category, "name": each.name, **place, "args": each.args}


def _instant(pid: int, event: Event, name: str, args: Any) -> Json:
    place = {"pid": pid, "tid": pid * THREADS + event.request, "ts": _us(event.t)}
    return {"ph": "i", "s": "t", "cat": "line", "name": name, **place, "args": dict(args)}


def _source(stage: Stage, lane: LaneStage, line: int) -> str:
    lines = stage.lesson.sample(lane.id.partition("@")[0]).source.split("\n")
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""
