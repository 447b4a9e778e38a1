"""The facts of the scene: appended, never changed, and as many as the fold has learnt."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.lab.spec import RunSpec
from lessons.stage.facts import RUN, FactKind, RunFacts
from lessons.stage.fold import fold_events
from lessons.stage.picture import draw_lane, lane_clock, lane_heads
from lessons.stage.scene import read_scene
from tests.stage.scenes import ASYNC, SYNC, created, lesson, numbered, one_each, probes, spec, sync_request

EVENTS = one_each()
DRIVEN = {ev.LoadStarted.kind, ev.RequestSent.kind, ev.ResponseReceived.kind, ev.LaneDone.kind}


def of(events: tuple[Event, ...]) -> RunFacts:
    return RunFacts.of(lesson(), events)


@given(st.integers(0, len(EVENTS)))
def test_more_events_only_append(count: int) -> None:
    assert of(EVENTS).facts[: len(of(EVENTS[:count]).facts)] == of(EVENTS[:count]).facts


def test_a_request_is_told_from_sent_to_answered() -> None:
    kinds = [FactKind(int(kind)) for lane, request, kind, *_ in of(EVENTS).facts if (lane, request) == (0, 1)]
    assert [each for each in kinds if each not in (FactKind.STATION, FactKind.FETCHES)] == [
        FactKind.SENT,
        FactKind.RECEIVED,
        FactKind.ENTERED,
        FactKind.WAITS,
        FactKind.WAITED,
        FactKind.LEFT,
        FactKind.ANSWERED,
    ]


def test_the_run_tells_its_zero_and_its_end() -> None:
    told = [(kind, ms) for lane, _, kind, ms, *_ in of(EVENTS).facts if lane == RUN]
    assert told == [(FactKind.ZERO, 99.0), (FactKind.OVER, 1300.0)]


def test_the_scene_has_the_times_of_the_fold() -> None:
    stage = fold_events(lesson(), EVENTS)
    scene = read_scene(2, 1, of(EVENTS).facts)
    for lane, drawn in zip(stage.lanes, scene.lanes, strict=True):
        request, seen = lane.requests[0], drawn.requests[0]
        for name in ("sent", "received", "entered", "left", "ended"):
            assert getattr(seen, name) == round(getattr(request, name) * 1000, 1)
        assert [(each.start, each.end) for each in seen.suspended] == [
            (round(each.start * 1000, 1), round((each.end or 0) * 1000, 1)) for each in request.suspended
        ]


def test_threads_are_counted_in_the_order_in_which_they_appear() -> None:
    first, second = sync_request(SYNC, 1, 0.1, 0.102), sync_request(SYNC, 2, 0.1, 0.103)
    took = ev.RequestReceived(77)
    other = [replace(each, body=ev.RequestReceived(78)) if each.body == took else each for each in second]
    scene = read_scene(2, 2, of(numbered([created(spec(2, 2)), *first, *other])).facts)
    assert [each.seat for each in scene.lanes[0].requests] == [0, 1]
    assert [each.own_thread for each in scene.lanes[0].requests] == [False, True]  # its view runs in thread 77


def test_a_probe_that_is_never_answered_ends_with_its_lane() -> None:
    events = numbered([created(spec()), *probes(ASYNC, (0.2, None)), Event(0.9, ev.LaneDone(0.5, 1, 0), ASYNC)])
    lane = read_scene(2, 1, of(events).facts).lanes[1]
    assert [(each.start, each.end) for each in lane.probes] == [(200.0, 900.0)]


def test_a_lane_s_clock_ends_at_the_total_that_its_client_has_measured() -> None:
    """To the last digit: the facts' own times are rounded, and what stands beside it is not."""
    done = [replace(each, body=ev.LaneDone(0.60496, 1, 0)) if each.kind == "lane.done" else each for each in EVENTS]
    scene = read_scene(2, 1, of(tuple(done)).facts)
    assert [lane_clock(lane, 1300.0) for lane in scene.lanes] == [(604.96, True)] * 2


def test_a_cancel_is_a_fact_of_its_own_at_the_time_it_was_asked_for() -> None:
    events = tuple(event for event in EVENTS if event.t <= 0.5)
    found = of((*events, Event(0.5, ev.CancelRequested()), Event(0.6, ev.RunEnded("cancelled")))).facts
    assert [each for each in found if each[2] == FactKind.CANCELLED] == [[lane, 1, 13, 500.0] for lane in (0, 1)]
    assert not [each for each in found if each[2] == FactKind.FAILED]


def by_process(events: tuple[Event, ...]) -> list[list[Event]]:
    """What each process of the run has told, in its own order: the lab, the driver, and every lane."""
    told: dict[str, list[Event]] = {}
    for event in events:
        driven = event.kind.partition(".")[0] == "probe" or event.kind in DRIVEN
        told.setdefault("driver" if driven else event.lane, []).append(event)
    return list(told.values())


@given(st.randoms(use_true_random=False), st.floats(0.0, 1400.0))
def test_lanes_that_are_heard_late_are_drawn_where_they_belong(chance: Random, t: float) -> None:
    """The processes of a run are not heard in the order of their times; the lab begins and ends it."""
    start, *middle, end = EVENTS
    ways, mixed = by_process(tuple(middle)), [start]
    while any(ways):
        mixed.append(chance.choice([way for way in ways if way]).pop(0))
    mixed.append(end)
    spec = RunSpec.from_data(start.body.spec)  # type: ignore[attr-defined]
    scenes = [read_scene(2, 1, of(numbered(order)).facts) for order in (list(EVENTS), mixed)]
    for index, head in enumerate(lane_heads(lesson(), spec)):
        layout = head.layouts["wide"]
        one, other = (draw_lane(scene.lanes[index], head, layout, t, 1400.0) for scene in scenes)
        assert one == other
