"""One sentence for the moment that is seen."""

from dataclasses import replace

from lessons.stage.fold import fold_events
from lessons.stage.model import Stage
from lessons.stage.moment import moment_sentence
from lessons.stage.narration import step_sentences
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC

ASYNC_UNDER_WSGI = "async_under_wsgi@waitress"


def said(stage: Stage, lane: str, number: int = 1) -> str:
    found = stage.lane(lane)
    request = found.requests[number - 1]
    return moment_sentence(stage, found, request, step_sentences(stage, found, request))


def test_a_request_under_way_tells_what_it_does() -> None:
    stage = scenes.stage_at(scenes.one_each(), 0.5)
    lane = stage.lane(ASYNC)
    steps = step_sentences(stage, lane, lane.requests[0])
    assert said(stage, ASYNC) == next(each.text for each in steps if each.current)


def test_before_anything_is_sent_nothing_is_said() -> None:
    assert said(scenes.stage_at(scenes.one_each(), 0.05), SYNC) == ""


def test_once_it_is_answered_the_lanes_are_told() -> None:
    stage = fold_events(scenes.lesson(), scenes.one_each())
    assert said(stage, SYNC).startswith("Sync view: its one request answered after 1.0")
    assert "Async view: its one request answered after 1.0" in said(stage, SYNC)


def test_three_lanes_that_have_ended_are_all_told() -> None:
    lanes = (SYNC, ASYNC, ASYNC_UNDER_WSGI)
    body = [*scenes.one_each()[1:-1]]
    again = [replace(each, lane=ASYNC_UNDER_WSGI) for each in body if each.lane == SYNC]
    told = [scenes.created(scenes.spec(requests=1, lanes=lanes)), *sorted((*body, *again), key=lambda each: each.t)]
    stage = fold_events(scenes.lesson(), scenes.numbered(told))
    assert said(stage, SYNC).startswith("Every request is answered, the last one in Sync view after 1.0")
    assert said(stage, SYNC).count(" after 1.0") == len(lanes)


def test_one_that_queues_tells_who_holds_the_server() -> None:
    spec = scenes.spec(requests=2, lanes=(SYNC,))
    first, second = scenes.sync_request(SYNC, 1, 0.1, 0.102), scenes.sync_request(SYNC, 2, 0.1, 1.11)
    body = [*first, *second, *scenes.probes(SYNC, (0.11, 2.2))]
    events = scenes.numbered([scenes.created(spec), scenes.started(SYNC), *sorted(body, key=lambda each: each.t)])
    stage = scenes.stage_at(events, 0.5)
    assert said(stage, SYNC, 2) == "Sync view: request #1 holds the only worker, one queues."


def test_no_figure_of_it_runs() -> None:
    """A hundred answers are a handful of sentences, not a hundred."""
    spec = scenes.spec(requests=100, lanes=(ASYNC,))
    body = [event for n in range(1, 101) for event in scenes.async_request(ASYNC, n, 0.1, 0.1 + n / 1000, 1.0)]
    events = scenes.numbered([scenes.created(spec), scenes.started(ASYNC), *sorted(body, key=lambda each: each.t)])
    found = {said(scenes.stage_at(events, t / 1000), ASYNC, 100) for t in range(100, 1300, 2)}
    assert len(found) <= 12
