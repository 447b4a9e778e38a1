"""The pure fold: `stage = fold(lesson, events)`.

Events of different processes may come a little out of order, so nothing here depends on the order between processes:
each event only adds what it knows. What an event changes is collected and then replaced once.
"""

from collections.abc import Callable, Iterable
from functools import cache, reduce
from typing import Any, NamedTuple

from lessons.content.model import Beginnings, Lesson, beginnings
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.lab.spec import RunSpec
from lessons.stage.model import BLOCK, LaneStage, LearnerPrediction, Reached, RequestStage, Span, Stage

__all__ = ["STOPPED", "LaneStage", "RequestStage", "Stage", "apply_event", "empty_stage", "fold_events"]

STOPPED = "The run ended before the answer came."
STREAMING = "<StreamingHttpResponse>"  # as the tracer tells what a view returned

Changes = dict[str, Any]  # field -> its new value


def empty_stage(lesson: Lesson) -> Stage:
    """The stage before anything has happened."""
    return Stage(lesson)


def fold_events(lesson: Lesson, events: Iterable[Event]) -> Stage:
    """The stage after these events."""
    return reduce(apply_event, events, empty_stage(lesson))


def apply_event(stage: Stage, event: Event) -> Stage:
    """The stage after one more event. An event of a lane or request that is not in the run only moves the time."""
    changes: Changes = {}
    if event.lane:
        changes = {
            "lanes": tuple(
                _apply_to_lane(stage, lane, event) if lane.id == event.lane else lane for lane in stage.lanes
            )
        }
    elif change := _RUN.get(type(event.body)):
        changes = change(stage, event.body, event.t)
    return stage._replace(**changes, seq=max(event.seq, stage.seq), t=max(event.t, stage.t))


def _apply_to_lane(stage: Stage, lane: LaneStage, event: Event) -> LaneStage:
    if not event.request:
        change = _LANE.get(type(event.body))
        return lane._replace(**change(lane, event.body, event.t)) if change else lane
    at = event.request - 1
    if not 0 <= at < len(lane.requests):
        return lane
    old = lane.requests[at]
    new = _apply_to_request(stage.lesson, old, event)
    changes: Changes = {"requests": _put(lane.requests, at, new)}
    if isinstance(event.body, ev.RequestSent) and (lane.sent is None or event.t < lane.sent):
        changes["sent"] = event.t
    if isinstance(event.body, ev.ResponseSent) and lane.threads is None:
        changes["threads"] = event.body.threads
    if new.fetches != old.fetches:
        calls = lane.calls + new.fetches - old.fetches
        changes |= {"calls": calls, "most_calls": max(calls, lane.most_calls)}
    return lane._replace(**changes)


def _apply_to_request(lesson: Lesson, request: RequestStage, event: Event) -> RequestStage:
    changes = _placed(lesson, request, event)
    if change := _REQUEST.get(type(event.body)):
        changes |= change(request, event.body, event.t)
    return request._replace(**changes) if changes else request


def _put[T](values: tuple[T, ...], at: int, value: T) -> tuple[T, ...]:
    return (*values[:at], value, *values[at + 1 :])


# What an event means to the lesson: node, step, moment


class _Meaning(NamedTuple):
    """What the kinds of events mean to a lesson, in one of its samples."""

    nodes: dict[str, int]  # kind -> index of the node it brings a request to
    steps: Beginnings
    moments: Beginnings


@cache
def _meaning(lesson: Lesson, sample: str) -> _Meaning:
    source = next((each.source for each in lesson.samples if each.id == sample), "")
    return _Meaning(
        {kind: index for index, node in enumerate(lesson.nodes) for kind in node.on},
        beginnings(lesson.steps, sample, source),
        beginnings(lesson.moments, sample, source),
    )


def _placed(lesson: Lesson, request: RequestStage, event: Event) -> Changes:
    meaning, kind = _meaning(lesson, event.lane.partition("@")[0]), event.kind
    changes: Changes = {}
    if (at := meaning.nodes.get(kind)) is not None:
        known = request.nodes[at]
        if known is None or event.t < known:  # processes are not heard in the order of their times
            changes["nodes"] = _put(request.nodes, at, event.t)
    changes |= _step_reached(meaning, request, event)
    now = request._replace(begun=changes["begun"]) if "begun" in changes else request
    return changes | _moment_reached(meaning, now, event)


def _step_reached(meaning: _Meaning, request: RequestStage, event: Event) -> Changes:
    """The step that begins here; else the line that is new in the step under way."""
    for step in meaning.steps.at(event.kind, _line_of(event)):
        if request.begun[step] is None:
            at = Reached(_line_of_view(request, event.body), event.t)
            return {"begun": _put(request.begun, step, event.t), "lines": _put(request.lines, step, (at,))}
    if isinstance(event.body, ev.LineReached) and (now := request.step):
        line, seen = event.body.line, request.lines[now - 1]
        if all(each.line != line for each in seen):
            return {"lines": _put(request.lines, now - 1, (*seen, Reached(line, event.t)))}
    return {}


def _moment_reached(meaning: _Meaning, request: RequestStage, event: Event) -> Changes:
    """The moment that has come, and the values of those that were waiting for some."""
    changes: Changes = {}
    due = request.due
    for moment in meaning.moments.at(event.kind, _line_of(event)):
        if request.moments[moment] is None and moment not in due:
            due = changes["due"] = due | {moment}
            changes["moment_steps"] = _put(request.moment_steps, moment, request.step)
            break
    if due and (values := getattr(event.body, "locals", None)) is not None:
        changes["moments"] = tuple(values if index in due else old for index, old in enumerate(request.moments))
        changes["due"] = frozenset()
    return changes


def startable_steps(lesson: Lesson, event: Event) -> tuple[int, ...]:
    """Indexes of the steps that an event of a request may begin: the first of them that has not begun yet."""
    return _meaning(lesson, event.lane.partition("@")[0]).steps.at(event.kind, _line_of(event))


def _line_of(event: Event) -> int:
    return event.body.line if isinstance(event.body, ev.LineReached) else 0


def _line_of_view(request: RequestStage, body: ev.Body) -> int:
    """The line of the view at which something happens; 0: outside it."""
    return body.line if isinstance(body, ev.LineReached) else request.line if request.in_view else 0


# The run


def _created(stage: Stage, body: ev.RunCreated, t: float) -> Changes:
    spec = RunSpec.from_data(body.spec)
    lesson = stage.lesson
    steps, moments = len(lesson.steps), len(lesson.moments)
    blank = RequestStage(
        0,
        nodes=(None,) * len(lesson.nodes),
        begun=(None,) * steps,
        lines=((),) * steps,
        moments=(None,) * moments,
        moment_steps=(0,) * moments,
    )
    requests = tuple(blank._replace(number=number) for number in range(1, spec.requests + 1))
    return {"spec": spec, "owner": body.owner, "lanes": tuple(LaneStage(lane.lane, requests) for lane in spec.lanes)}


def _predicted(stage: Stage, body: ev.PredictionMade, t: float) -> Changes:
    known = body.lane in [each.id for each in stage.lanes]
    return {"prediction": LearnerPrediction(body.lane, body.seconds)} if known else {}


def _started(stage: Stage, body: ev.RunStarted, t: float) -> Changes:
    versions = {"python": body.python, "django": body.django}
    return {"state": "starting", "place": 0, "at": body.at, "time_box": body.time_box, **versions}


def _ended(stage: Stage, body: ev.RunEnded, t: float) -> Changes:
    cancel = (t if stage.cancelled is None else stage.cancelled) if body.outcome == "cancelled" else None
    lanes = tuple(lane if lane.total is not None else _stopped(lane, t, cancel) for lane in stage.lanes)
    return {"state": "ended", "outcome": body.outcome, "reason": body.reason, "place": 0, "lanes": lanes}


def _stopped(lane: LaneStage, t: float, cancel: float | None) -> LaneStage:
    """The run ended before the lane did, or was cancelled then: what was under way will not be answered."""
    requests = tuple(
        each if each.ended is not None or each.sent is None else _unanswered(each, t, cancel) for each in lane.requests
    )
    return lane._replace(**_over(lane, t), requests=requests)


def _unanswered(request: RequestStage, t: float, cancel: float | None) -> RequestStage:
    if cancel is None:
        return request._replace(**_left(request, t, STOPPED), ended=t)
    end = max(cancel, _latest(request))
    return request._replace(**_left(request, end) | {"line": 0, "ended": end, "cancelled": True})


def _latest(request: RequestStage) -> float:
    """The last that is known of a request: some of it may have happened while the cancel was on its way."""
    spans = (edge for span in (*request.waits, *request.suspended) for edge in span)
    known = (request.sent, request.received, request.entered, request.left, *spans)
    return max(t for t in known if t is not None)


_RUN: dict[type, Callable[[Stage, Any, float], Changes]] = {
    ev.RunCreated: _created,
    ev.PredictionMade: _predicted,
    ev.RunQueued: lambda stage, body, t: {"state": "queued", "place": body.place, "turn_in": body.seconds},
    ev.RunStarted: _started,
    ev.LoadStarted: lambda stage, body, t: {"state": "running", "zero": t},
    ev.CancelRequested: lambda stage, body, t: {"cancelled": t if stage.cancelled is None else stage.cancelled},
    ev.ProcessDied: lambda stage, body, t: {"died": (*stage.died, body.process)},
    ev.RunEnded: _ended,
}


# The lane


def _lane_started(lane: LaneStage, body: ev.LaneStarted, t: float) -> Changes:
    server = {"server": body.server, "version": body.version, "interface": body.interface}
    return {**server, "capacity": body.capacity, "pid": body.pid}


def _probe_answered(lane: LaneStage, body: ev.ProbeAnswered, t: float) -> Changes:
    if lane.probe is None:
        return {}
    took = t - lane.probe
    blocks = (*lane.blocks, Span(lane.probe, t)) if took > BLOCK else lane.blocks
    return {"probe": None, "probe_took": took, "probes": lane.probes + 1, "blocks": blocks}


def _over(lane: LaneStage, t: float) -> Changes:
    """A probe that will never be answered ends where the lane ends."""
    closed = tuple(Span(span.start, t if span.end is None else span.end) for span in lane.blocked(t))
    return {"blocks": closed, "probe": None}


_LANE: dict[type, Callable[[LaneStage, Any, float], Changes]] = {
    ev.LaneStarted: _lane_started,
    ev.LaneDone: lambda lane, body, t: {**_over(lane, t), "total": body.total},
    ev.LaneScheduled: lambda lane, body, t: {"ran": body.ran, "waited": body.waited},
    ev.LaneDied: lambda lane, body, t: {**_over(lane, t), "exit_code": body.exit_code},
    ev.ProbeSent: lambda lane, body, t: {"probe": t},
    ev.ProbeAnswered: _probe_answered,
    ev.TracerFailed: lambda lane, body, t: {"tracer_failure": body.reason},
}


# The request


def _opened(spans: tuple[Span, ...], t: float) -> tuple[Span, ...]:
    return spans if spans and spans[-1].end is None else (*spans, Span(t))


def _closed(spans: tuple[Span, ...], t: float) -> tuple[Span, ...]:
    return (*spans[:-1], Span(spans[-1].start, t)) if spans and spans[-1].end is None else spans


def _fetch_called(request: RequestStage, body: ev.FetchCalled, t: float) -> Changes:
    return {"fetches": request.fetches + 1, "waits": _opened(request.waits, t)}


def _fetch_returned(request: RequestStage, body: ev.FetchReturned, t: float) -> Changes:
    return {**_fetch_over(request, t), "value": body.value}


def _fetch_over(request: RequestStage, t: float) -> Changes:
    left = max(0, request.fetches - 1)
    return {"fetches": left, "waits": request.waits if left else _closed(request.waits, t)}


def _suspended(request: RequestStage, body: ev.ViewSuspended, t: float) -> Changes:
    return {"suspended": _opened(request.suspended, t), "waits": _opened(request.waits, t)}


def _resumed(request: RequestStage, body: ev.ViewResumed, t: float) -> Changes:
    waits = request.waits if request.fetches else _closed(request.waits, t)
    return {"suspended": _closed(request.suspended, t), "waits": waits}


def _left(request: RequestStage, t: float, failure: str = "") -> Changes:
    """The view returned or raised: nothing of it is under way any more."""
    return {
        "left": t if request.in_view else request.left,
        "line": 0 if failure else request.line,
        "fetches": 0,
        "waits": _closed(request.waits, t),
        "suspended": _closed(request.suspended, t),
        "failure": failure or request.failure,
    }


def _answered(request: RequestStage, body: ev.ResponseReceived, t: float) -> Changes:
    failure = request.failure or ("" if body.status < 400 else f"The server answered {body.status}.")
    return {"ended": t, "failure": failure, "first": body.first}


def _returned(request: RequestStage, body: ev.ViewReturned, t: float) -> Changes:
    return {**_left(request, t), "streams": body.value == STREAMING}


_REQUEST: dict[type, Callable[[RequestStage, Any, float], Changes]] = {
    ev.RequestSent: lambda request, body, t: {"sent": t},
    ev.RequestReceived: lambda request, body, t: {"received": t, "thread": body.thread},
    ev.ViewResolved: lambda request, body, t: {"coroutine": body.coroutine},
    ev.ViewStarted: lambda request, body, t: {"entered": t, "thread": body.thread},
    ev.LineReached: lambda request, body, t: {"line": body.line},
    ev.FetchCalled: _fetch_called,
    ev.FetchReturned: _fetch_returned,
    ev.FetchRaised: lambda request, body, t: _fetch_over(request, t),
    ev.ViewSuspended: _suspended,
    ev.ViewResumed: _resumed,
    ev.ViewReturned: _returned,
    ev.ViewRaised: lambda request, body, t: _left(request, t, f"{body.error}: {body.message}"),
    ev.ResponseSent: lambda request, body, t: {"response_sent": t},
    ev.RequestHandled: lambda request, body, t: {"handled": t, "hops": body.hops},
    ev.ResponseReceived: _answered,
    ev.RequestFailed: lambda request, body, t: {**_left(request, t, body.reason), "ended": t},
}
