"""The pure fold: `stage = fold(lesson, events)`.

Events of different processes may come a little out of order, so nothing here depends on the order
between processes: each event only adds what it knows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache, reduce
from typing import Any

from lessons.content.model import Lesson
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.lab.spec import RunSpec
from lessons.stage.model import BLOCK, LaneStage, RequestStage, Span, Stage

STOPPED = "The run ended before the answer came."

__all__ = ["STOPPED", "LaneStage", "RequestStage", "Stage", "apply", "empty", "fold"]


def empty(lesson: Lesson) -> Stage:
    """The stage before anything has happened."""
    return Stage(lesson)


def fold(lesson: Lesson, events: Iterable[Event]) -> Stage:
    """The stage after these events."""
    return reduce(apply, events, empty(lesson))


def apply(stage: Stage, event: Event) -> Stage:
    """The stage after one more event. An event of a lane or request that is not in the run only moves the time."""
    if event.request:
        stage = _in_request(stage, event)
    elif event.lane:
        stage = _in_lane(stage, event)
    elif change := _RUN.get(type(event.body)):
        stage = change(stage, event.body, event.t)
    return replace(stage, seq=max(event.seq, stage.seq), t=max(event.t, stage.t))


def _in_lane(stage: Stage, event: Event) -> Stage:
    change = _LANE.get(type(event.body))
    return _with_lane(stage, event.lane, lambda lane: change(lane, event.body, event.t)) if change else stage


def _in_request(stage: Stage, event: Event) -> Stage:
    change = _REQUEST.get(type(event.body))

    def changed(request: RequestStage) -> RequestStage:
        if change:
            request = change(request, event.body, event.t)
        return _placed(stage.lesson, request, event)

    def within(lane: LaneStage) -> LaneStage:
        at = event.request - 1
        if not 0 <= at < len(lane.requests):
            return lane
        return replace(lane, requests=(*lane.requests[:at], changed(lane.requests[at]), *lane.requests[at + 1 :]))

    return _with_lane(stage, event.lane, within)


def _with_lane(stage: Stage, id: str, change: Callable[[LaneStage], LaneStage]) -> Stage:
    return replace(stage, lanes=tuple(change(lane) if lane.id == id else lane for lane in stage.lanes))


# What an event means to the lesson: node, step, moment


@cache
def _nodes(lesson: Lesson) -> Mapping[str, int]:
    return {kind: index for index, node in enumerate(lesson.nodes) for kind in node.on}


@cache
def _steps(lesson: Lesson) -> Mapping[str, int]:
    return {step.on: step.number for step in lesson.steps}


@cache
def _moments(lesson: Lesson) -> Mapping[str, int]:
    return {moment.on: index for index, moment in enumerate(lesson.moments)}


def _placed(lesson: Lesson, request: RequestStage, event: Event) -> RequestStage:
    kind = event.kind
    if (at := _nodes(lesson).get(kind)) is not None and at >= _node_index(lesson, request.node):
        request = replace(request, node=lesson.nodes[at].id)
    if (number := _steps(lesson).get(kind)) and request.begun[number - 1] is None:
        request = replace(request, begun=_put(request.begun, number - 1, event.t))
    if (moment := _moments(lesson).get(kind)) is not None and request.moments[moment] is None:
        request = replace(request, due=request.due | {moment})
    if request.due and (values := getattr(event.body, "locals", None)) is not None:
        moments = tuple(values if index in request.due else old for index, old in enumerate(request.moments))
        request = replace(request, moments=moments, due=frozenset())
    return request


@cache
def _indexes(lesson: Lesson) -> Mapping[str, int]:
    return {node.id: index for index, node in enumerate(lesson.nodes)}


def _node_index(lesson: Lesson, node: str) -> int:
    return _indexes(lesson).get(node, -1)


def _put[T](values: tuple[T, ...], at: int, value: T) -> tuple[T, ...]:
    return (*values[:at], value, *values[at + 1 :])


# The run


def _created(stage: Stage, body: ev.RunCreated, t: float) -> Stage:
    spec = RunSpec.from_data(body.spec)
    lesson = stage.lesson
    blank = RequestStage(0, begun=(None,) * len(lesson.steps), moments=(None,) * len(lesson.moments))
    requests = tuple(replace(blank, number=number) for number in range(1, spec.requests + 1))
    lanes = tuple(LaneStage(lane.lane, requests) for lane in spec.lanes)
    return replace(stage, spec=spec, owner=body.owner, lanes=lanes)


def _started(stage: Stage, body: ev.RunStarted, t: float) -> Stage:
    return replace(
        stage,
        state="starting",
        place=0,
        at=body.at,
        time_box=body.time_box,
        python=body.python,
        django=body.django,
    )


def _ended(stage: Stage, body: ev.RunEnded, t: float) -> Stage:
    lanes = tuple(lane if lane.total is not None else _stopped(lane, t) for lane in stage.lanes)
    return replace(stage, state="ended", outcome=body.outcome, reason=body.reason, place=0, lanes=lanes)


def _stopped(lane: LaneStage, t: float) -> LaneStage:
    """The run ended before the lane did: what was under way will not be answered."""
    requests = tuple(
        each if each.ended is not None or each.sent is None else replace(_view_left(each, t, STOPPED), ended=t)
        for each in lane.requests
    )
    return replace(_lane_over(lane, t), requests=requests)


_RUN: dict[type, Callable[[Stage, Any, float], Stage]] = {
    ev.RunCreated: _created,
    ev.RunQueued: lambda stage, body, t: replace(stage, state="queued", place=body.place),
    ev.RunStarted: _started,
    ev.LoadStarted: lambda stage, body, t: replace(stage, state="running", zero=t),
    ev.CancelRequested: lambda stage, body, t: replace(stage, cancelling=True),
    ev.ProcessDied: lambda stage, body, t: replace(stage, died=(*stage.died, body.process)),
    ev.RunEnded: _ended,
}


# The lane


def _lane_started(lane: LaneStage, body: ev.LaneStarted, t: float) -> LaneStage:
    return replace(
        lane,
        server=body.server,
        version=body.version,
        interface=body.interface,
        capacity=body.capacity,
        pid=body.pid,
    )


def _probe_answered(lane: LaneStage, body: ev.ProbeAnswered, t: float) -> LaneStage:
    if lane.probe is None:
        return lane
    took = t - lane.probe
    blocks = (*lane.blocks, Span(lane.probe, t)) if took > BLOCK else lane.blocks
    return replace(lane, probe=None, probe_took=took, probes=lane.probes + 1, blocks=blocks)


def _lane_over(lane: LaneStage, t: float) -> LaneStage:
    """A probe that will never be answered ends where the lane ends."""
    return replace(
        lane, blocks=tuple(Span(s.start, t if s.end is None else s.end) for s in lane.blocked(t)), probe=None
    )


_LANE: dict[type, Callable[[LaneStage, Any, float], LaneStage]] = {
    ev.LaneStarted: _lane_started,
    ev.LaneDone: lambda lane, body, t: replace(_lane_over(lane, t), total=body.total),
    ev.LaneDied: lambda lane, body, t: replace(_lane_over(lane, t), exit_code=body.exit_code),
    ev.ProbeSent: lambda lane, body, t: replace(lane, probe=t),
    ev.ProbeAnswered: _probe_answered,
    ev.TracerFailed: lambda lane, body, t: replace(lane, tracer_failure=body.reason),
}


# The request


def _opened(spans: tuple[Span, ...], t: float) -> tuple[Span, ...]:
    return spans if spans and spans[-1].end is None else (*spans, Span(t))


def _closed(spans: tuple[Span, ...], t: float) -> tuple[Span, ...]:
    return (*spans[:-1], Span(spans[-1].start, t)) if spans and spans[-1].end is None else spans


def _fetch_called(request: RequestStage, body: ev.FetchCalled, t: float) -> RequestStage:
    return replace(request, fetches=request.fetches + 1, waits=_opened(request.waits, t))


def _fetch_returned(request: RequestStage, body: ev.FetchReturned, t: float) -> RequestStage:
    left = max(0, request.fetches - 1)
    waits = request.waits if left else _closed(request.waits, t)
    return replace(request, fetches=left, waits=waits, value=body.value)


def _suspended(request: RequestStage, body: ev.ViewSuspended, t: float) -> RequestStage:
    return replace(request, suspended=_opened(request.suspended, t), waits=_opened(request.waits, t))


def _resumed(request: RequestStage, body: ev.ViewResumed, t: float) -> RequestStage:
    waits = request.waits if request.fetches else _closed(request.waits, t)
    return replace(request, suspended=_closed(request.suspended, t), waits=waits)


def _view_left(request: RequestStage, t: float, failure: str = "") -> RequestStage:
    """The view returned or raised: nothing of it is under way any more."""
    return replace(
        request,
        left=t if request.in_view else request.left,
        line=0 if failure else request.line,
        fetches=0,
        waits=_closed(request.waits, t),
        suspended=_closed(request.suspended, t),
        failure=failure or request.failure,
    )


def _answered(request: RequestStage, body: ev.ResponseReceived, t: float) -> RequestStage:
    failure = request.failure or ("" if body.status < 400 else f"The server answered {body.status}.")
    return replace(request, ended=t, failure=failure)


_REQUEST: dict[type, Callable[[RequestStage, Any, float], RequestStage]] = {
    ev.RequestSent: lambda request, body, t: replace(request, sent=t),
    ev.RequestReceived: lambda request, body, t: replace(request, received=t, thread=body.thread),
    ev.ViewResolved: lambda request, body, t: replace(request, coroutine=body.coroutine),
    ev.ViewStarted: lambda request, body, t: replace(request, entered=t, thread=body.thread),
    ev.LineReached: lambda request, body, t: replace(request, line=body.line),
    ev.FetchCalled: _fetch_called,
    ev.FetchReturned: _fetch_returned,
    ev.ViewSuspended: _suspended,
    ev.ViewResumed: _resumed,
    ev.ViewReturned: lambda request, body, t: _view_left(request, t),
    ev.ViewRaised: lambda request, body, t: _view_left(request, t, f"{body.error}: {body.message}"),
    ev.ResponseSent: lambda request, body, t: replace(request, response_sent=t),
    ev.RequestHandled: lambda request, body, t: replace(request, handled=t),
    ev.ResponseReceived: _answered,
    ev.RequestFailed: lambda request, body, t: replace(_view_left(request, t, body.reason), ended=t),
}
