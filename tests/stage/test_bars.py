"""The timeline and the strip."""

from itertools import pairwise

import pytest

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.stage import bars
from lessons.stage.fold import fold_events
from lessons.stage.model import Stage
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC


def stretches(stage: Stage, lane: str) -> list[bars.BarStretch]:
    of = stage.lane(lane)
    return bars.bar_stretches(of.requests[0], of.blocked(stage.t), stage.t)


def phases(stage: Stage, lane: str) -> list[str]:
    return [stretch.phase for stretch in stretches(stage, lane)]


@pytest.fixture(scope="module")
def done() -> Stage:
    return fold_events(scenes.lesson(), scenes.one_each())


def test_a_waiting_sync_request_is_blocked_as_far_as_a_probe_says_so(done: Stage) -> None:
    assert phases(done, SYNC) == ["queued", "running", "free", "blocked", "running", "ready"]


def test_a_waiting_async_request_leaves_the_server_free(done: Stage) -> None:
    assert set(phases(done, ASYNC)) == {"queued", "running", "free", "ready"}


def test_the_stretches_of_a_request_touch(done: Stage) -> None:
    for lane in (SYNC, ASYNC):
        found = stretches(done, lane)
        assert all(before.end == after.start for before, after in pairwise(found))
        assert found[0].start - done.zero == pytest.approx(0.001)


def test_a_request_that_fails_in_the_queue_was_queued_until_then() -> None:
    events = [
        scenes.created(scenes.spec()),
        *scenes.at(SYNC, 1, (0.1, ev.RequestSent()), (0.4, ev.RequestFailed("connection refused"))),
    ]
    assert phases(fold_events(scenes.lesson(), events), SYNC) == ["queued", "failed"]


def test_a_cancelled_request_keeps_what_it_did() -> None:
    events = [event for event in scenes.one_each() if event.t <= 0.5]
    before = phases(fold_events(scenes.lesson(), [*events, Event(0.5, ev.ClockTicked())]), SYNC)
    tail = Event(0.5, ev.CancelRequested()), Event(0.6, ev.RunEnded("cancelled"))
    assert phases(fold_events(scenes.lesson(), [*events, *tail]), SYNC) == [*before, "cancelled"]


def test_the_clock_of_a_lane_stands_still_when_it_is_done(done: Stage) -> None:
    assert bars.lane_elapsed(scenes.stage_at(scenes.one_each(), 0.6), done.lane(SYNC)) == 1.007
    running = scenes.stage_at(scenes.one_each(), 0.6)
    assert bars.lane_elapsed(running, running.lane(SYNC)) == pytest.approx(0.5)


def test_the_free_share_is_measured(done: Stage) -> None:
    assert bars.free_share(done, done.lane(ASYNC)) == 1.0
    assert bars.free_share(done, done.lane(SYNC)) == pytest.approx(1 - 0.987 / 1.007, abs=0.001)
