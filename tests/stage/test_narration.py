"""Sentences are chosen by what was measured."""

from typing import Any

import pytest

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.stage import narration
from lessons.stage.fold import fold_events
from lessons.stage.model import LaneStage, RequestStage, Stage
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC


@pytest.fixture(scope="module")
def done() -> Stage:
    return fold_events(scenes.lesson(), scenes.one_each())


def said(stage: Stage, lane: str) -> list[str]:
    return [each.text for each in narration.step_sentences(stage, stage.lane(lane), stage.lane(lane).requests[0])]


def test_each_reached_step_has_a_sentence(done: Stage) -> None:
    assert len(said(done, SYNC)) == 6
    assert len(said(scenes.stage_at(scenes.one_each(), 0.5), SYNC)) == 3


def test_waiting_is_told_apart_by_measurement(done: Stage) -> None:
    step = scenes.lesson().steps[2].narration
    assert said(done, SYNC)[2].startswith(step.blocked.partition("{")[0])
    assert said(done, ASYNC)[2].startswith(step.suspended.partition("{")[0])


def test_every_sentence_of_the_lesson_can_be_filled_in(done: Stage) -> None:
    assert not any("{" in text for lane in (SYNC, ASYNC) for text in said(done, lane))


@pytest.mark.parametrize(("t", "who"), [(0.05, "nobody"), (0.5, "request #1 holds the only worker")])
def test_the_holder_of_a_worker_is_named(t: float, who: str) -> None:
    stage = scenes.stage_at(scenes.one_each(), t)
    assert narration.current_holder(stage, stage.lane(SYNC)).who == who


def test_a_free_event_loop_is_held_by_nobody() -> None:
    stage = scenes.stage_at(scenes.one_each(), 0.5)
    found = narration.current_holder(stage, stage.lane(ASYNC))
    assert (found.who, found.blocked) == ("server free", False)


def test_the_blocker_of_an_event_loop_is_named() -> None:
    lane = "async_blocking@daphne"
    wish = scenes.created(scenes.spec(requests=2, lanes=(lane,)))
    waiting = scenes.at(lane, 2, (0.1, ev.RequestSent()))
    blocking = [event for event in scenes.sync_request(lane, 1, 0.1, 0.102) if event.t < 0.5]
    events = [wish, scenes.started(lane), *waiting, *blocking, *scenes.probes(lane, (0.12, None))]
    stage = fold_events(scenes.lesson(), [*events, Event(0.5, ev.ClockTicked())])
    assert narration.current_holder(stage, stage.lane(lane)).who == "request #1 blocks the event loop"


def test_several_workers_are_named_together() -> None:
    wish = scenes.created(scenes.spec(requests=4, workers=3, lanes=(SYNC,)))
    inside = [e for n in (1, 2, 3) for e in scenes.sync_request(SYNC, n, 0.1, 0.102) if e.t < 0.5]
    events = [wish, scenes.started(SYNC, 3), *inside, *scenes.probes(SYNC, (0.12, None)), Event(0.5, ev.ClockTicked())]
    stage = fold_events(scenes.lesson(), events)
    assert narration.current_holder(stage, stage.lane(SYNC)).who == "requests #1 to #3 hold all 3 workers"


@pytest.mark.parametrize(
    ("handled", "answered", "told"),
    [
        (1.1, 1.2, "The answer arrived after 1,100 ms."),
        (
            1.3,
            1.2,
            "The answer arrived after 1,100 ms; that is where totals end.",
        ),
    ],
)
def test_work_behind_an_answer_is_said_to_be_in_no_total(handled: float, answered: float, told: str) -> None:
    request = RequestStage(1, begun=(0.2, handled), sent=0.1, ended=answered)
    assert narration.answer_sentence(request) == told


@pytest.mark.parametrize("changes", [{"ended": None}, {"failure": "refused"}, {"cancelled": True}])
def test_no_answer_is_told_where_there_was_none(changes: dict[str, Any]) -> None:
    request = RequestStage(1, begun=(0.2,), sent=0.1, ended=1.2)._replace(**changes)
    assert narration.answer_sentence(request) == ""


def test_a_run_that_cannot_end_in_its_time_box_is_said_to() -> None:
    start = Event(0.0, ev.RunStarted(1.7e9, 30.0, "3.13", "6.1"))
    stages = [
        fold_events(scenes.lesson(), [scenes.created(scenes.spec(requests=requests)), start]) for requests in (30, 31)
    ]
    told = [narration.race_forecast(stage) for stage in stages]
    assert told == ["", "The slowest lane would need about 31 s; a run is stopped after 30 s."]
    ended = fold_events(
        scenes.lesson(), [scenes.created(scenes.spec(requests=31)), start, Event(1.0, ev.RunEnded("done"))]
    )
    assert narration.race_forecast(ended) == ""


def test_the_verdict_compares_the_slowest_with_the_fastest(done: Stage) -> None:
    assert "about the same time" in narration.race_verdict(done)
    faster = [Event(1.2, ev.LaneDone(10.04, 1, 0), SYNC), Event(1.2, ev.LaneDone(1.03, 1, 0), ASYNC)]
    told = narration.race_verdict(fold_events(scenes.lesson(), [scenes.created(scenes.spec()), *faster]))
    assert told == "The answer came after 1.03 s in Async view and 10.04 s in Sync view."


def test_there_is_no_verdict_before_two_lanes_are_done() -> None:
    assert narration.race_verdict(scenes.stage_at(scenes.one_each(), 0.5)) == ""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (ev.RunQueued(4), "number 4 in the queue"),
        (ev.RunStarted(0.0, 30.0, "3.13", "6.1"), "2 servers"),
        (ev.LoadStarted(), "Running"),
        (ev.RunEnded("cancelled"), "Cancelled"),
        (ev.RunEnded("timed_out", "It took longer than 30 s."), "It took longer than 30 s."),
        (ev.RunEnded("failed", "The driver died."), "The driver died."),
    ],
)
def test_the_situation_of_a_run_is_one_sentence(body: ev.Body, words: str) -> None:
    stage = fold_events(scenes.lesson(), [scenes.created(scenes.spec()), Event(0.0, body)])
    assert words in narration.run_situation(stage)


def test_the_tally_tells_answers_that_are_ready_and_requests_that_were_cancelled() -> None:
    def tally(*states: dict[str, Any]) -> str:
        requests = tuple(RequestStage(number, sent=0.1, **each) for number, each in enumerate(states, 1))
        return narration.state_tally(LaneStage(SYNC, requests))

    done, ready, gone = {"ended": 1.0}, {"entered": 0.2, "left": 0.3}, {"ended": 1.0, "cancelled": True}
    assert tally(done, ready, {}) == "1 done, 1 answer ready, 1 queued"
    assert tally(ready, ready) == "2 answers ready"
    assert tally(done, gone, gone) == "1 done, 2 cancelled"
