"""What is known of a measurement: the points of a lesson's performance chart, folded from the measurement's events.

A measurement has a history of its own in the event log. Its events say which run measures which point
(`request.sent`: the lane is the run's name, the request the point's number), how that ended (`lane.done`,
`request.failed`), what the machine gave to it (`lane.scheduled`), and how the whole ended (`run.ended`). All times are
seconds.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from hashlib import sha256
from itertools import product
from math import ceil
from typing import Any, Final

from lessons.content.teaching import Performance
from lessons.lab import events as ev
from lessons.lab.events import Body, Event, Outcome
from lessons.stage.disturbance import spoilt_part
from lessons.stage.wording import count_noun

KEY: Final = "measured"  # of the lesson's slug in the data of `run.created`
PLAN: Final = "plan"  # of the fingerprint of what is measured
EVIDENCE: Final = 10  # requests, at most, of a point that is not in the chart
TIE: Final = 1.1  # how many times the least total another one may be and still count as the same
WORKERS: Final = 4  # threads of its lane, if it runs on a WSGI server


@dataclass(frozen=True, slots=True)
class Point:
    """One series at one number of requests."""

    number: int  # from 1, in the order of measuring
    lane: str  # id
    workers: int
    requests: int
    series: int | None = None  # index into the lesson's series; None: evidence for a pattern, not in the chart
    run: str = ""  # name of the run that measures it
    total: float | None = None  # from the first request sent to the last answer
    mean: float | None = None  # from a request to its answer, on average
    failure: str = ""
    ran: float = 0.0  # seconds of its lane's process, as `lane.scheduled` tells
    waited: float = 0.0

    @property
    def over(self) -> bool:
        """Has it been measured, or failed?"""
        return self.total is not None or bool(self.failure)

    @property
    def disturbed(self) -> bool:
        """Was the machine too busy to measure it well?"""
        return spoilt_part(self.total or 0.0, self.ran, self.waited) > 0

    @property
    def rate(self) -> float | None:
        """Requests answered per second."""
        return self.requests / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measurement at one moment."""

    points: tuple[Point, ...]
    lesson: str = ""  # slug
    owner: str = ""
    at: float = 0.0  # wall clock of the start, Unix time
    cores: int | None = None  # of the machine, if that was told
    t: float = 0.0  # the latest time any event told
    cancelling: bool = False
    outcome: Outcome | None = None
    reason: str = ""
    guess: float | None = None  # seconds that the learner has said of the point that is asked for

    @property
    def ended(self) -> bool:
        """Is its outcome known?"""
        return self.outcome is not None

    @property
    def over(self) -> int:
        """How many points are settled."""
        return sum(point.over for point in self.points)

    @property
    def current(self) -> Point | None:
        """The point that is being measured, or comes next."""
        return None if self.ended else next((point for point in self.points if not point.over), None)

    def tied(self, requests: int) -> tuple[Point, ...]:
        """The points of the chart with the least total for so many requests: all that are within a tenth of it.

        One that is far ahead of the others is alone, and ties with nobody: then there are none.
        """
        known = [each for each in self.points if each.requests == requests and each.series is not None and each.total]
        least = min((each.total or 0.0 for each in known), default=0.0)
        alike = tuple(each for each in known if (each.total or 0.0) <= TIE * least)
        return alike if len(alike) > 1 else ()

    def of(self, series: int) -> tuple[Point, ...]:
        """The points of one series, fewest requests first."""
        return tuple(sorted((point for point in self.points if point.series == series), key=lambda each: each.requests))


def plan_points(performance: Performance) -> tuple[Point, ...]:
    """Every point to measure: few requests first, so that all lines of the chart grow together.

    In the end comes one point for each pattern whose lane is in no series.
    """
    pairs = product(sorted(set(performance.requests)), enumerate(performance.series))
    drawn = [(each.lane, each.workers, requests, index) for requests, (index, each) in pairs]
    known = {each.lane for each in performance.series}
    lanes = dict.fromkeys(each.lane for each in performance.patterns if each.lane not in known)
    some = max((each for each in performance.requests if each <= EVIDENCE), default=min(performance.requests))
    undrawn = [(lane, WORKERS, some, None) for lane in lanes]
    return tuple(Point(number, *each) for number, each in enumerate([*drawn, *undrawn], 1))


def asked_point(performance: Performance) -> Point:
    """What a learner may guess before measuring: most requests at once, on several workers if there is such a pool."""
    drawn = [each for each in plan_points(performance) if each.series is not None]
    most = [each for each in drawn if each.requests == max(performance.requests)]
    return next((each for each in most if each.lane.endswith("@waitress") and each.workers > 1), most[0])


def plan_fingerprint(performance: Performance) -> str:
    """Tells whether the numbers of a measurement's points still mean what they did when it was made."""
    points = [(point.lane, point.workers, point.requests, point.series) for point in plan_points(performance)]
    return sha256(repr((performance.wait, points)).encode()).hexdigest()[:16]


def pool_seconds(requests: int, workers: int, wait: float) -> float:
    """The law of a finite pool: ceil(N / W) rounds of one wait each."""
    return ceil(requests / workers) * wait


def waiting_seconds(point: Point, wait: float, blocked: bool) -> float:
    """How long the waits alone take: what would be left of the total if nothing else took any time.

    A pool serves in rounds. An event loop waits once for all, or if its view blocks it (`blocked`), once for each.
    """
    if point.lane.endswith("@waitress"):
        return pool_seconds(point.requests, point.workers, wait)
    return pool_seconds(point.requests, 1 if blocked else point.requests, wait)


def fold_measurement(performance: Performance, events: Iterable[Event]) -> Measurement:
    """The measurement after these events. Raises `ValueError` when they are not those of a measurement of just this."""
    history = list(events)
    first = history[0].body if history else None
    if not isinstance(first, ev.RunCreated) or KEY not in first.spec:
        raise ValueError("this is not the history of a measurement")
    if first.spec.get(PLAN, now := plan_fingerprint(performance)) != now:
        raise ValueError("something else is measured now")
    return reduce(_apply, history, Measurement(plan_points(performance)))


def measured_lesson(events: Iterable[Event]) -> str:
    """The slug of the lesson whose measurement this is; "" when it is none."""
    first = next(iter(events), None)
    return str(first.body.spec.get(KEY, "")) if first and isinstance(first.body, ev.RunCreated) else ""


def _apply(measurement: Measurement, event: Event) -> Measurement:
    if change := _WHOLE.get(type(event.body)):
        measurement = change(measurement, event.body)
    elif (settle := _POINT.get(type(event.body))) and 1 <= event.request <= len(measurement.points):
        points = tuple(
            settle(replace(point, run=event.lane), event.body) if point.number == event.request else point
            for point in measurement.points
        )
        measurement = replace(measurement, points=points)
    return replace(measurement, t=max(measurement.t, event.t))


def with_results(point: Point, bodies: Iterable[Body]) -> Point:
    """The point after these events of its run."""
    return reduce(lambda known, body: _POINT[type(body)](known, body), bodies, point)


def _measured(point: Point, body: ev.LaneDone) -> Point:
    if body.failed:
        return replace(point, failure=f"{body.failed} of {count_noun(point.requests, 'request')} failed.")
    return replace(point, total=body.total, mean=body.mean)


_POINT: Mapping[type, Callable[[Point, Any], Point]] = {
    ev.RequestSent: lambda point, body: point,
    ev.LaneScheduled: lambda point, body: replace(point, ran=body.ran, waited=body.waited),
    ev.LaneDone: _measured,
    ev.RequestFailed: lambda point, body: replace(point, failure=body.reason or "It could not be measured."),
}
_WHOLE: Mapping[type, Callable[[Measurement, Any], Measurement]] = {
    ev.RunCreated: lambda whole, body: replace(whole, lesson=str(body.spec.get(KEY, "")), owner=body.owner),
    ev.PredictionMade: lambda whole, body: replace(whole, guess=body.seconds),
    ev.RunStarted: lambda whole, body: replace(whole, at=body.at, cores=body.cores),
    ev.CancelRequested: lambda whole, body: replace(whole, cancelling=True),
    ev.RunEnded: lambda whole, body: replace(whole, outcome=body.outcome, reason=body.reason),
}
