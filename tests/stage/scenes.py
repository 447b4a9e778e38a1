"""Hand-made events of small runs, so that a test shows what it is about."""

from collections.abc import Iterator
from dataclasses import replace

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.lab import events as ev
from lessons.lab.events import Body, Event
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.stage.fold import fold_events
from lessons.stage.model import Stage

SYNC = "sync@waitress"
ASYNC = "async@daphne"


def lesson() -> Lesson:
    return catalogue.find_lesson("why-async-matters")


def spec(requests: int = 1, workers: int = 1, lanes: tuple[str, ...] = (SYNC, ASYNC)) -> RunSpec:
    return RunSpec("why-async-matters", tuple(map(LaneSpec.parse, lanes)), requests=requests, wait=1.0, workers=workers)


def created(wish: RunSpec) -> Event:
    return Event(0.0, ev.RunCreated(wish.as_data()))


def at(lane: str, request: int, *timed: tuple[float, Body]) -> list[Event]:
    return [Event(t, body, lane, request) for t, body in timed]


def numbered(events: list[Event]) -> tuple[Event, ...]:
    return tuple(replace(event, seq=seq) for seq, event in enumerate(events, 1))


def started(lane: str, workers: int = 1) -> Event:
    wsgi = lane.endswith("waitress")
    body = ev.LaneStarted(lane.partition("@")[2], "9.9", "WSGI" if wsgi else "ASGI", workers if wsgi else 1, 4711)
    return Event(0.01, body, lane)


def sync_request(lane: str, number: int, sent: float, begun: float, took: float = 1.0) -> list[Event]:
    """A request of a sync view, from sent to answered."""
    end = begun + took
    unset, bound = {"request": "<WSGIRequest>"}, {"request": "<WSGIRequest>", "data": "'value'"}
    return at(
        lane,
        number,
        (sent, ev.RequestSent()),
        (begun, ev.RequestReceived(77)),
        (begun + 0.001, ev.ViewResolved(False)),
        (begun + 0.002, ev.ViewStarted(77, unset)),
        (begun + 0.002, ev.LineReached(7, unset)),
        (begun + 0.003, ev.FetchCalled()),
        (end, ev.FetchReturned("'value'")),
        (end + 0.001, ev.LineReached(8, bound)),
        (end + 0.002, ev.ViewReturned("<JsonResponse>", bound)),
        (end + 0.003, ev.ResponseSent(200)),
        (end + 0.004, ev.RequestHandled()),
        (end + 0.005, ev.ResponseReceived(200, 30)),
    )


def async_request(lane: str, number: int, sent: float, begun: float, took: float = 1.0) -> list[Event]:
    """A request of an async view that is suspended twice within fetch_data()."""
    events = sync_request(lane, number, sent, begun, took)
    pauses = [
        (begun + 0.004, ev.ViewSuspended()),
        (begun + 0.005, ev.ViewResumed()),
        (begun + 0.006, ev.ViewSuspended()),
        (begun + took - 0.001, ev.ViewResumed()),
    ]
    resolved = [replace(each, body=ev.ViewResolved(True)) if each.kind == "view.resolved" else each for each in events]
    return sorted([*resolved, *at(lane, number, *pauses)], key=lambda event: event.t)


def without_a_fetch(lane: str, work: int) -> list[Event]:
    """A run of one request whose view spends 0.2 s in line `work` and never enters fetch_data()."""
    return [
        created(spec(lanes=(lane,))),
        *at(
            lane,
            1,
            (0.1, ev.RequestSent()),
            (0.1, ev.RequestReceived(7)),
            (0.101, ev.ViewResolved(False)),
            (0.102, ev.ViewStarted(7)),
            (0.103, ev.LineReached(work)),
            (0.303, ev.LineReached(work + 1, {"data": "'Computed value'"})),
            (0.304, ev.ViewReturned(None, {"data": "'Computed value'"})),
        ),
    ]


def probes(lane: str, *sent_answered: tuple[float, float | None]) -> Iterator[Event]:
    for number, (sent, answered) in enumerate(sent_answered, 1):
        yield Event(sent, ev.ProbeSent(number), lane)
        if answered is not None:
            yield Event(answered, ev.ProbeAnswered(number), lane)


def one_each() -> tuple[Event, ...]:
    """One request in a sync lane whose only worker is held, and one in a free async lane."""
    body = [
        *sync_request(SYNC, 1, 0.1, 0.102),
        *async_request(ASYNC, 1, 0.1, 0.103),
        *probes(SYNC, (0.099, 0.1), (0.12, 1.11)),
        *probes(ASYNC, (0.099, 0.1), (0.12, 0.121), (0.14, 0.141)),
        Event(0.099, ev.LoadStarted()),
    ]
    head = [created(spec()), Event(0.0, ev.RunStarted(1.7e9, 30.0, "3.13", "6.1")), started(SYNC), started(ASYNC)]
    tail = [
        Event(1.2, ev.LaneDone(1.007, 1, 0), SYNC),
        Event(1.2, ev.LaneDone(1.008, 1, 0), ASYNC),
        Event(1.3, ev.RunEnded("done")),
    ]
    return numbered([*head, *sorted(body, key=lambda event: event.t), *tail])


def stage_at(events: tuple[Event, ...], t: float) -> Stage:
    """The stage at a time, which the driver's beat has told."""
    return fold_events(lesson(), [*(event for event in events if event.t <= t), Event(t, ev.ClockTicked())])
