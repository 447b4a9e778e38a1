"""The fold: from recorded events alone."""

import random

import pytest

from lessons import catalogue
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.stage.fold import STOPPED, apply_event, fold_events
from lessons.stage.model import Span
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC


@pytest.mark.parametrize(
    ("t", "sync", "asynchronous"),
    [
        (0.05, "idle", "idle"),
        (0.101, "queued", "queued"),
        (0.1045, "running", "queued"),
        (0.5, "waiting", "waiting"),
        (1.1035, "running", "running"),
        (1.1065, "ready", "ready"),
        (1.2, "done", "done"),
    ],
)
def test_a_request_goes_through_its_states(t: float, sync: str, asynchronous: str) -> None:
    stage = scenes.stage_at(scenes.one_each(), t)
    assert (stage.lane(SYNC).requests[0].state, stage.lane(ASYNC).requests[0].state) == (sync, asynchronous)


def test_a_request_reaches_one_node_after_the_other() -> None:
    events = scenes.one_each()
    nodes = [scenes.stage_at(events, t).lane(SYNC).requests[0].nodes for t in (0.05, 0.101, 0.1035, 0.1045, 0.5, 1.2)]
    assert [sum(at is not None for at in each) for each in nodes] == [0, 1, 2, 3, 4, 5]
    assert list(nodes[-1]) == sorted(nodes[-1])  # type: ignore[type-var]


def test_a_prefix_and_then_the_rest_is_the_whole() -> None:
    lesson = scenes.lesson()
    events = catalogue.recorded_events(lesson)
    for cut in range(0, len(events), 97):
        stage = fold_events(lesson, events[:cut])
        for event in events[cut:]:
            stage = apply_event(stage, event)
        assert stage == fold_events(lesson, events)


def test_the_order_between_processes_does_not_matter() -> None:
    """Each process reports in order; how their reports interleave is chance."""
    events = scenes.one_each()
    head, body, tail = events[:1], list(events[1:-1]), events[-1:]
    driver = {"request.sent", "response.received", "probe.sent", "probe.answered", "lane.done", "load.started"}
    expected = fold_events(scenes.lesson(), events)
    chance = random.Random(7)
    for _ in range(20):
        sources = [[e for e in body if e.kind in driver]]
        sources += [[e for e in body if e.kind not in driver and e.lane == lane] for lane in ("", SYNC, ASYNC)]
        mixed: list[Event] = []
        while any(sources):
            mixed.append(chance.choice([source for source in sources if source]).pop(0))
        assert fold_events(scenes.lesson(), (*head, *mixed, *tail)) == expected


def test_a_late_probe_blocks_the_server_while_it_is_under_way_and_afterwards() -> None:
    events = scenes.one_each()
    during = scenes.stage_at(events, 0.5)
    (open_block,) = during.lane(SYNC).blocked(0.5)
    assert (open_block.start, open_block.end) == (0.12, None)
    (block,) = scenes.stage_at(events, 1.2).lane(SYNC).blocks
    assert (block.start, block.end) == (0.12, 1.11)
    assert scenes.stage_at(events, 1.2).lane(ASYNC).blocks == ()


def test_a_probe_of_less_than_50_ms_blocks_nothing() -> None:
    wish = scenes.created(scenes.spec())
    for took, expected in ((0.049, 0), (0.051, 1)):
        stage = fold_events(scenes.lesson(), [wish, *scenes.probes(SYNC, (1.0, 1.0 + took))])
        assert len(stage.lane(SYNC).blocks) == expected


def test_a_run_that_ends_early_stops_what_was_under_way() -> None:
    events = [event for event in scenes.one_each() if event.t <= 0.5]
    stage = fold_events(scenes.lesson(), [*events, Event(0.6, ev.RunEnded("timed_out", "It took too long."))])
    request = stage.lane(SYNC).requests[0]
    assert (request.state, request.failure, request.ended) == ("failed", STOPPED, 0.6)
    assert stage.lane(SYNC).blocks[-1].end == 0.6
    assert stage.outcome == "timed_out"


def test_a_cancel_fails_nothing_and_counts_from_the_moment_it_was_asked_for() -> None:
    events = [event for event in scenes.one_each() if event.t <= 0.5]
    tail = Event(0.5, ev.CancelRequested()), Event(0.6, ev.RunEnded("cancelled", "The run was cancelled."))
    request = fold_events(scenes.lesson(), [*events, *tail]).lane(SYNC).requests[0]
    assert (request.state, request.failure, request.ended) == ("cancelled", "", 0.5)
    assert request.waits[-1].end == 0.5


def test_a_call_that_ends_without_a_value_is_no_longer_under_way() -> None:
    calls = scenes.at(ASYNC, 1, (0.1, ev.FetchCalled()), (0.2, ev.FetchCalled()), (0.4, ev.FetchRaised("OSError")))
    more = scenes.at(ASYNC, 2, (0.3, ev.FetchCalled()), (0.5, ev.FetchRaised("CancelledError")))
    wish = scenes.created(scenes.spec(requests=2))
    lane = fold_events(scenes.lesson(), [wish, *sorted((*calls, *more), key=lambda event: event.t)]).lane(ASYNC)
    assert [each.fetches for each in lane.requests[:2]] == [1, 0]
    assert lane.requests[1].waits == (Span(0.3, 0.5),)
    assert (lane.calls, lane.most_calls) == (1, 3)


def test_what_a_request_still_did_after_the_cancel_stays() -> None:
    events = [event for event in scenes.one_each() if event.t <= 0.5]
    late = scenes.at(SYNC, 1, (0.55, ev.FetchReturned("'value'")), (0.56, ev.ViewReturned(None)))
    end = Event(0.6, ev.RunEnded("cancelled"))
    request = (
        fold_events(scenes.lesson(), [*events, Event(0.5, ev.CancelRequested()), *late, end]).lane(SYNC).requests[0]
    )
    assert (request.state, request.left, request.ended) == ("cancelled", 0.56, 0.56)


@pytest.mark.parametrize("outcome", ["cancelled", "failed", "timed_out"])
def test_an_end_at_any_moment_changes_no_request_that_was_answered_or_not_sent(outcome: ev.Outcome) -> None:
    lesson = scenes.lesson()
    events = catalogue.recorded_events(lesson)
    for cut in range(0, len(events) - 1, 61):
        before = fold_events(lesson, events[:cut])
        tail = Event(before.t, ev.CancelRequested()), Event(before.t + 0.1, ev.RunEnded(outcome))
        after = fold_events(lesson, [*events[:cut], *tail])
        end = "cancelled" if outcome == "cancelled" else "failed"
        for lane, then in zip(before.lanes, after.lanes, strict=True):
            for was, now in zip(lane.requests, then.requests, strict=True):
                kept = was.state in ("idle", "done", "failed") or lane.total is not None
                assert now.state == (was.state if kept else end)


def test_a_view_that_raises_fails_its_request() -> None:
    request = [
        *scenes.at(SYNC, 1, (0.1, ev.RequestSent()), (0.2, ev.RequestReceived(1)), (0.3, ev.ViewStarted(1))),
        *scenes.at(SYNC, 1, (0.4, ev.ViewRaised("ValueError", "no")), (0.5, ev.ResponseReceived(500, 9))),
    ]
    stage = fold_events(scenes.lesson(), [scenes.created(scenes.spec()), *request])
    assert stage.lane(SYNC).requests[0].failure == "ValueError: no"
    assert stage.lane(SYNC).requests[0].state == "failed"


def test_a_dead_lane_says_so() -> None:
    events = [scenes.created(scenes.spec()), scenes.started(SYNC), Event(0.4, ev.LaneDied(-9), SYNC)]
    lane = fold_events(scenes.lesson(), events).lane(SYNC)
    assert (lane.state, lane.exit_code) == ("died", -9)


@pytest.mark.parametrize("stranger", [("nobody@daphne", 1), (SYNC, 99), ("nobody@daphne", 0)])
def test_an_event_of_nobody_only_moves_the_time(stranger: tuple[str, int]) -> None:
    before = fold_events(scenes.lesson(), scenes.one_each())
    after = apply_event(before, Event(9.0, ev.RequestSent(), *stranger, seq=500))
    assert after == before._replace(seq=500, t=9.0)


def test_the_recorded_run_ended_well() -> None:
    stage = fold_events(scenes.lesson(), catalogue.recorded_events(scenes.lesson()))
    assert (stage.outcome, stage.ended) == ("done", True)
    assert all(request.state == "done" for lane in stage.lanes for request in lane.requests)
    assert {lane.id for lane in stage.lanes} == {SYNC, ASYNC}


def test_queue_and_cancel_are_known() -> None:
    head = scenes.created(scenes.spec())
    assert fold_events(scenes.lesson(), [head, Event(0.0, ev.RunQueued(3))]).place == 3
    assert fold_events(scenes.lesson(), [head, Event(0.0, ev.CancelRequested())]).cancelling
