"""Two runs of a lesson beside each other: on one time axis, with what they were asked for and how long they took."""

from collections.abc import Iterator
from dataclasses import dataclass

from lessons.content.model import Lesson
from lessons.lab.spec import POOLED, RunSpec
from lessons.stage import drawing, wording
from lessons.stage.drawing import TimeAxis
from lessons.stage.model import Stage
from lessons.stage.summary import LaneSummary, summarize

ALIKE = 1.05  # times longer up to which two totals count as the same


@dataclass(frozen=True, slots=True)
class LanePair:
    """One lane in both runs; None where a run has not the lane."""

    name: str
    sides: tuple[tuple[str, LaneSummary | None], ...]  # letter of the run, and its lane
    told: str  # which was faster; "" where they cannot be compared


@dataclass(frozen=True, slots=True)
class RunComparison:
    """Two runs, called A and B. Sentences are ready to be read."""

    pairs: tuple[LanePair, ...]  # every lane of either, in the order of the lesson
    axis: TimeAxis  # of all of them
    differences: tuple[str, ...]  # in what was asked for, and in the machines; none: they were alike
    verdict: str  # which run was faster as a whole; "" while one goes on
    ended: bool  # have both?


def compare_stages(a: Stage, b: Stage) -> RunComparison:
    """Both as they stand. They are of the same lesson, and each has its spec."""
    axis = max(drawing.time_axis(a), drawing.time_axis(b), key=lambda each: each.end)
    lanes = [{lane.id: lane for lane in summarize(each, axis).lanes} for each in (a, b)]
    pairs = tuple(
        _pair(lane.name, *(side.get(lane.id) for side in lanes))
        for lane in a.lesson.lanes
        if any(lane.id in side for side in lanes)
    )
    return RunComparison(pairs, axis, tuple(_differences(a, b)), _verdict(a, b), a.ended and b.ended)


def spec_in_words(spec: RunSpec) -> str:
    """`10 requests in each lane, I/O wait 1 s, 1 worker thread`: what was asked for."""
    each = " in each lane" if len(spec.lanes) > 1 else ""
    if spec.every:
        each += f", {wording.arrivals(spec.every)}"
    pooled = any(lane.server in POOLED for lane in spec.lanes)
    workers = f", {_workers(spec)}" if pooled else ""
    return f"{wording.count_noun(spec.requests, 'request')}{each}, I/O wait {spec.wait:g} s{workers}"


def _workers(spec: RunSpec) -> str:
    return wording.count_noun(spec.workers, "worker thread")


def _pair(name: str, a: LaneSummary | None, b: LaneSummary | None) -> LanePair:
    told = _faster(a.total, b.total) if a and b else ""
    return LanePair(name, (("A", a), ("B", b)), told)


def _faster(a: float | None, b: float | None) -> str:
    """`Run B was 3.3 times as fast.`; "" where a total is not known."""
    if not a or not b:
        return ""
    if max(a, b) / min(a, b) <= ALIKE:
        return "Both took about the same time."
    return f"Run {'A' if a < b else 'B'} was {max(a, b) / min(a, b):.1f} times as fast."


def _verdict(a: Stage, b: Stage) -> str:
    """By the slowest lane of those that both have."""
    if not (a.ended and b.ended):
        return ""
    both = [lane.id for lane in a.lanes if lane.id in {each.id for each in b.lanes}]
    if not both:
        return "They have no lane in common, so neither was the faster one."
    totals = [[stage.lane(lane).total for lane in both] for stage in (a, b)]
    if any(total is None for side in totals for total in side):
        return "One of them was not done, so there is no faster one."
    slowest = [max(total for total in side if total is not None) for side in totals]
    told = _faster(*slowest)
    times = " and ".join(
        f"{wording.seconds_text(each)} in run {letter}" for letter, each in zip("AB", slowest, strict=True)
    )
    which = f"The slowest of {len(both)} common lanes" if len(both) > 1 else "The common lane"
    return f"{told} {which} took {times}."


def _differences(a: Stage, b: Stage) -> Iterator[str]:
    if a.spec is None or b.spec is None:
        return
    yield from _asked(a.lesson, a.spec, b.spec)
    for name, one, other in (("Python", a.python, b.python), ("Django", a.django, b.django)):
        if one and other and one != other:
            yield f"Run A ran on {name} {one}, run B on {name} {other}."
    for lane in a.lanes:
        other_lane = {each.id: each for each in b.lanes}.get(lane.id)
        if other_lane and lane.version and other_lane.version and lane.version != other_lane.version:
            yield f"Run A had {lane.server} {lane.version}, run B {other_lane.server} {other_lane.version}."


def _asked(lesson: Lesson, a: RunSpec, b: RunSpec) -> Iterator[str]:
    if a.requests != b.requests:
        yield f"Run A sent {wording.count_noun(a.requests, 'request')} to each lane, run B {b.requests}."
    if a.wait != b.wait:
        yield f"The data took {a.wait:g} s to come in run A, and {b.wait:g} s in run B."
    if a.every != b.every:
        yield f"The requests of run A came {wording.arrivals(a.every)}, those of run B {wording.arrivals(b.every)}."
    if a.workers != b.workers:
        yield f"Run A had {_workers(a)}, run B {b.workers}."
    for letter, only in (("A", _only(lesson, a, b)), ("B", _only(lesson, b, a))):
        if only:
            yield f"Only run {letter} has {only}."


def _only(lesson: Lesson, spec: RunSpec, other: RunSpec) -> str:
    """Names of the lanes that only the first one has."""
    return wording.join_words([lesson.lane(lane.lane).name for lane in spec.lanes if lane not in other.lanes])
