"""A run in a few lines."""

import pytest

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.stage.fold import fold_events
from lessons.stage.summary import RunSummary, summarize
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC

LANES = {SYNC: {"total": 2.0, "done": 2, "failed": 0}}


def told(*events: Event, lanes: tuple[str, ...] = (SYNC,)) -> RunSummary:
    begun = [scenes.created(scenes.spec(requests=2, lanes=lanes)), *(scenes.started(lane) for lane in lanes)]
    return summarize(fold_events(scenes.lesson(), scenes.numbered([*begun, *events])))


def test_a_run_that_has_begun_is_not_ended() -> None:
    found = told()
    assert not found.ended
    assert [lane.name for lane in found.lanes] == ["Sync view"]
    assert found.lanes[0].server == "waitress 9.9"


def test_a_lane_tells_its_total_and_its_blocked_time() -> None:
    requests = [*scenes.sync_request(SYNC, 1, 0.0, 0.0), *scenes.sync_request(SYNC, 2, 0.0, 1.0)]
    probe = [Event(0.0, ev.ProbeSent(1), SYNC), Event(1.0, ev.ProbeAnswered(1), SYNC)]
    over = [Event(2.0, ev.LaneDone(2.0, 2, 0), SYNC), Event(2.0, ev.RunEnded("done", "", LANES))]
    found = told(*requests, *probe, *over)
    assert (found.ended, found.outcome) == (True, "done")
    lane = found.lanes[0]
    assert (lane.clock, lane.total) == ("2.00 s", 2.0)
    assert lane.blocked
    assert lane.share == "50%"


def test_a_probe_that_is_a_little_late_blocks_nothing() -> None:
    probe = [Event(0.0, ev.ProbeSent(1), ASYNC), Event(0.07, ev.ProbeAnswered(1), ASYNC)]
    sent = Event(0.0, ev.RequestSent(), ASYNC, 1)
    over = Event(0.1, ev.LaneDone(0.1, 2, 0), ASYNC)
    assert told(sent, *probe, over, lanes=(ASYNC,)).lanes[0].blocked == ""


@pytest.mark.parametrize(
    ("failed", "said"),
    [
        ((), "Done. Every request has been answered."),
        ((1,), "Done. 1 of 2 requests failed."),
        ((1, 2), "Done. Every request failed."),
    ],
)
def test_the_end_says_what_failed(failed: tuple[int, ...], said: str) -> None:
    answers = [Event(0.5, ev.ResponseReceived(500 if number in failed else 200, 9), ASYNC, number) for number in (1, 2)]
    over = [Event(0.6, ev.LaneDone(0.6, 2, 0), ASYNC), Event(0.6, ev.RunEnded("done"))]
    assert told(*answers, *over, lanes=(ASYNC,)).situation == said


def test_equal_failures_are_told_once() -> None:
    raised = ev.ViewRaised("TypeError", "not serializable")
    failed = [Event(0.1, raised, ASYNC, number) for number in (1, 2)]
    assert told(*failed, lanes=(ASYNC,)).lanes[0].failures == ("TypeError: not serializable",)


def test_two_lanes_are_compared() -> None:
    over = [Event(2.0, ev.LaneDone(2.0, 2, 0), SYNC), Event(2.0, ev.LaneDone(1.0, 2, 0), ASYNC)]
    assert "after 1.00 s in Async view and 2.00 s in Sync view" in told(*over, lanes=(SYNC, ASYNC)).verdict
