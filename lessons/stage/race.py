"""A race told in the order of time: what had changed, at the moments worth telling."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.stage import narration, wording
from lessons.stage.fold import STOPPED, apply_event, empty_stage
from lessons.stage.model import BLOCK, LaneStage, RequestStage, Stage

MOST = 10  # waves of answers of one lane that are told one by one; of more, only some
LONG = 3  # times the gap between two waves that a wave may last
NEAR = 0.05  # seconds; what happens closer together is told at once
SETTLED = 0.02  # seconds after an answer in which the next request comes into the view


def in_time(events: Sequence[Event]) -> list[Event]:
    """The events by the times they tell; those of one process stay in order. What ends the run stays at the end."""
    return sorted(events, key=lambda event: (isinstance(event.body, ev.RunEnded), event.t))


def race_passages(final: Stage, events: Sequence[Event]) -> Iterator[tuple[float, str]]:
    """(seconds since the load began, what is told then), rising, of these events and the stage behind them.

    Empty before the load began.
    """
    if final.state not in ("running", "ended") or not any(lane.sent is not None for lane in final.lanes):
        return
    yield 0.0, _opening(final)
    ordered = in_time(events)
    stage, at = empty_stage(final.lesson), 0
    told = final._replace(lanes=())
    moments = _moments(final, events)
    for t in moments:
        while at < len(ordered) and ordered[at].t <= t and not isinstance(ordered[at].body, ev.RunEnded):
            stage, at = apply_event(stage, ordered[at]), at + 1
        stage = stage._replace(t=max(t, stage.t))
        if said := " ".join(_news(told, stage, whole=t == moments[-1] and not final.ended)):
            yield t - final.zero, said
        told = stage
    if final.ended:
        yield max(0.0, final.t - final.zero), narration.run_situation(final)


def _opening(stage: Stage) -> str:
    assert stage.spec
    lanes = wording.count_noun(len(stage.lanes), "lane")
    count = wording.count_noun(stage.spec.requests, "request")
    once = f", {wording.arrivals(stage.spec.every)}" if stage.spec.requests > 1 else ""
    return f"The load begins: {count} to each of {lanes}{once}." if len(stage.lanes) > 1 else f"{count}{once}."


# When


def _moments(stage: Stage, events: Sequence[Event]) -> list[float]:
    """The times worth stopping at, rising and not closer together than `NEAR`."""
    assert stage.spec
    wait = stage.spec.wait
    found = [t for lane in stage.lanes for t in _waves(lane, max(NEAR, 0.2 * wait), stage.t)]
    if found:
        found.append(stage.zero + (min(found) - stage.zero) / 2)
    kinds = (ev.LaneDied, ev.ProcessDied, ev.CancelRequested, ev.TracerFailed)
    found += [event.t for event in events if isinstance(event.body, kinds)]
    if not stage.ended or stage.outcome != "done":
        found.append(stage.t)  # the last that is known
    return _apart(sorted(t for t in found if t >= stage.zero), max(NEAR, 0.1 * wait))


def _apart(times: Sequence[float], least: float) -> list[float]:
    """Of times that are close together, the last."""
    kept: list[float] = []
    began = float("-inf")
    for t in times:
        if t - began > least:
            kept.append(t)
            began = t
        else:
            kept[-1] = t
    return kept


def _waves(lane: LaneStage, gap: float, now: float) -> Iterator[float]:
    """When a wave of answers had come.

    Of many waves, or of one that has no end, these: the first, the last, and those with each quarter of the answers.
    """
    times = sorted(
        each.ended
        for each in lane.requests
        if each.ended is not None and each.failure != STOPPED and not each.cancelled
    )
    if not times:
        return
    ends = [index for index, (t, then) in enumerate(pairwise(times)) if then - t > gap] + [len(times) - 1]
    starts = [0, *(end + 1 for end in ends[:-1])]
    quarters = [max(0, len(times) * part // 4 - 1) for part in (1, 2, 3)]
    if any(times[end] - times[start] > LONG * gap for start, end in zip(starts, ends, strict=True)):
        ends = sorted({0, *quarters, ends[-1]})
    elif len(ends) > MOST:
        near = [next(end for end in ends if end >= quarter) for quarter in quarters]
        ends = sorted({*ends[:2], *near, ends[-1]})
    for end in ends:
        then = times[end + 1] if end + 1 < len(times) else now
        yield times[end] + max(0.0, min(SETTLED, (then - times[end]) / 4))


# What


def _news(before: Stage, stage: Stage, whole: bool) -> Iterator[str]:
    """What has changed; if `whole`, also where those lanes stand in which nothing has."""
    old = {lane.id: lane for lane in before.lanes}
    cancelled = stage.cancelling and not before.cancelling
    for lane in stage.lanes:
        if text := _lane_passages(stage, old.get(lane.id), lane, whole or cancelled):
            yield text
    for process in stage.died[len(before.died) :]:
        yield f"The process “{process}” of the lab died."
    if cancelled:
        yield "The learner cancels the run."


def _lane_passages(stage: Stage, old: LaneStage | None, lane: LaneStage, whole: bool) -> str:
    name = stage.lesson.lane(lane.id).name
    gone = set(_ended(old)) if old else set()
    fresh = [each for each in lane.requests if each.ended is not None and each.number not in gone]
    heads = list(_answers(lane, fresh))
    if lane.tracer_failure and not (old and old.tracer_failure):
        heads.append(f"its tracer switches itself off ({lane.tracer_failure})")
    if lane.exit_code is not None and not (old and old.exit_code is not None):
        heads.append("its server process dies")
    if old and not heads and not whole:
        return ""
    told = "; ".join([*heads, *_rest(stage, lane, first=old is None)])
    return f"{name}: {told}." if told else ""


def _ended(lane: LaneStage) -> Iterator[int]:
    return (each.number for each in lane.requests if each.ended is not None)


def _answers(lane: LaneStage, fresh: Sequence[RequestStage]) -> Iterator[str]:
    """What has come back since the last time."""
    done = [each.number for each in fresh if each.state == "done"]
    count, so_far = len(lane.requests), sum(1 for each in lane.requests if each.state == "done")
    if done and so_far == count:
        took = max(each.ended or 0.0 for each in lane.requests) - (lane.sent or 0.0)
        be, it = ("is", "it") if count == 1 else ("are", "the first")
        yield f"{wording.all_of(count)} {be} answered, {wording.seconds_text(took)} after {it} was sent"
    elif done:
        yield f"{wording.request_numbers(done)} {'is' if len(done) == 1 else 'are'} answered, {so_far} of {count}"
    if failed := [each.number for each in fresh if each.state == "failed"]:
        yield f"{wording.request_numbers(failed)} {'has' if len(failed) == 1 else 'have'} failed"


def _rest(stage: Stage, lane: LaneStage, first: bool) -> Iterator[str]:
    """Where the requests are that have no answer yet, and who holds the server."""
    under_way = [each for each in lane.requests if each.sent is not None and each.ended is None]
    if lane.state == "died" or not under_way:
        return
    hold = narration.current_holder(stage, lane)
    inside = [each for each in under_way if each.in_view]
    if not (hold.blocked and lane.interface == "WSGI"):  # there, those who hold the workers are those in the view
        yield from _inside(inside, len(lane.requests))
    if hold.blocked:
        yield hold.who + (f", {hold.so}" if first else "")
    yield from _outside(under_way)
    if inside and not hold.blocked and _surely_free(stage, lane, len(inside)):
        yield "nobody holds the server"


def _surely_free(stage: Stage, lane: LaneStage, inside: int) -> bool:
    """Does the last answered probe still tell? Not when the next one is late, or every worker has been taken since."""
    late = lane.probe is not None and stage.t - lane.probe > BLOCK / 2
    return lane.probe_took is not None and not late and (lane.interface != "WSGI" or inside < lane.capacity)


def _inside(inside: Sequence[RequestStage], count: int) -> Iterator[str]:
    if not inside:
        return
    waiting = all(each.waiting for each in inside)
    verb, does = ("is", "waits for its data") if len(inside) == 1 else ("are", "wait for their data")
    who = wording.all_of(count) if len(inside) == count else wording.request_numbers([each.number for each in inside])
    yield f"{who} {verb} in the view" + (f" and {does}" if waiting else "")


def _outside(under_way: Sequence[RequestStage]) -> Iterator[str]:
    queued = sum(1 for each in under_way if each.entered is None)
    back = sum(1 for each in under_way if each.left is not None)
    if queued:
        yield f"{queued} {'waits' if queued == 1 else 'wait'} in the queue"
    if back:
        yield f"{wording.count_noun(back, 'answer')} on the way back"
