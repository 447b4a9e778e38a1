"""A run told again: who stands where is read from the run."""

from collections import Counter
from dataclasses import replace

import pytest

from lessons import catalogue
from lessons.content.analogy import Analogy
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.stage.analogy import AnalogyLane, draw_analogy
from lessons.stage.fold import fold_events
from lessons.stage.model import Stage
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC

LESSON = scenes.lesson()
ANALOGY = LESSON.teaching.analogies[0]


def recorded() -> Stage:
    """Ten requests at once, a second's wait, one worker."""
    return fold_events(LESSON, catalogue.recorded_events(LESSON))


def drawn(stage: Stage, lane: str, analogy: Analogy = ANALOGY) -> AnalogyLane:
    picture = draw_analogy(analogy, stage)
    assert picture
    return picture.lanes[[each.id for each in stage.lanes].index(lane)]


def looks(lane: AnalogyLane) -> list[dict[str, int]]:
    return [dict(Counter(guest.look for guest in panel.guests)) for panel in lane.panels]


def test_a_plain_view_keeps_its_person_at_the_place_and_the_others_wait() -> None:
    lane = drawn(recorded(), SYNC)
    assert looks(lane) == [{"waiting": 1, "queued": 9}, {"done": 1, "waiting": 1, "queued": 8}]
    assert [(len(panel.standing), len(panel.free)) for panel in lane.panels] == [(1, 0), (1, 0)]
    assert lane.panels[1].said == (
        "1 waiter standing in the kitchen",
        "8 tables waiting for a waiter",
        "1 table with an order in the kitchen",
        "1 table served",
    )
    assert lane.held


def test_a_view_that_gives_its_thread_back_leaves_only_the_orders_there() -> None:
    lane = drawn(recorded(), ASYNC)
    assert looks(lane) == [{"waiting": 10}, {"done": 10}]
    assert [(len(panel.standing), len(panel.free)) for panel in lane.panels] == [(0, 1), (0, 1)]
    assert lane.panels[0].said == ("1 waiter free for the next table", "10 tables with an order in the kitchen")
    assert [guest.order for guest in lane.panels[1].guests] == [None] * 10


def three_workers() -> Stage:
    """Two plain requests on three workers; the second one's answer is ready at 1.5 s, and comes at 2 s."""
    spec = scenes.spec(requests=2, workers=3, lanes=(SYNC,))
    requests = [event for number in (1, 2) for event in scenes.sync_request(SYNC, number, 0.0, 0.01)]
    late = [
        replace(each, t=2.0) if each.request == 2 and each.kind == "response.received" else each for each in requests
    ]
    over = [Event(2.0, ev.LaneDone(2.0, 2, 0), SYNC), Event(2.0, ev.RunEnded("done"))]
    events = [scenes.created(spec), scenes.started(SYNC, 3), *sorted(late, key=lambda event: event.t), *over]
    return fold_events(LESSON, scenes.numbered(events))


def test_workers_that_have_nothing_to_do_are_free_and_what_is_ready_is_told() -> None:
    lane = drawn(three_workers(), SYNC)
    assert looks(lane) == [{"waiting": 2}, {"done": 1, "ready": 1}]
    assert [(len(panel.standing), len(panel.free)) for panel in lane.panels] == [(2, 1), (0, 3)]
    assert "1 table whose dish is ready" in lane.panels[1].said


def test_a_view_that_runs_and_does_not_wait_is_neither_in_line_nor_at_the_place() -> None:
    lane = drawn(three_workers(), SYNC, replace(ANALOGY, waits=(0.0125,)))  # entered after 12 ms, fetches after 13
    assert looks(lane) == [{"running": 2}]
    assert [(len(each.standing), len(each.attending), len(each.free)) for each in lane.panels] == [(0, 2, 1)]
    assert lane.panels[0].said == ("2 waiters taking an order", "1 waiter free for the next table", "2 tables ordering")


@pytest.mark.parametrize("outcome", ["cancelled", "failed", "timed_out"])
def test_a_run_that_is_not_done_is_not_drawn(outcome: ev.Outcome) -> None:
    events = [scenes.created(scenes.spec()), scenes.started(SYNC), Event(1.0, ev.RunEnded(outcome))]
    assert draw_analogy(ANALOGY, fold_events(LESSON, scenes.numbered(events))) is None


def test_moments_lie_on_the_strip_where_they_are_on_its_axis() -> None:
    picture = draw_analogy(ANALOGY, recorded())
    assert picture
    end = float(picture.ticks[-1])
    assert picture.marks == pytest.approx((50 / end, 150 / end), abs=0.5)
