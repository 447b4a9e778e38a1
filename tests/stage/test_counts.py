"""What is said of a lane's hops and threads."""

import pytest

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.stage import narration
from lessons.stage.fold import fold_events
from lessons.stage.model import LaneStage, Stage
from tests.stage import scenes
from tests.stage.scenes import ASYNC

PROJECT = "async@daphne-ordinary"


def handled(lane: str, *answers: tuple[int | None, int | None]) -> Stage:
    """Of requests with so many hops, and so many threads when the last byte of their answer left."""
    spec = scenes.spec(requests=len(answers), lanes=(lane,))
    events = [scenes.created(spec), scenes.started(lane)]
    for number, (hops, threads) in enumerate(answers, 1):
        events.append(Event(0.1 * number, ev.ResponseSent(200, threads), lane, number))
        events.append(Event(0.1 * number, ev.RequestHandled(hops), lane, number))
    return fold_events(scenes.lesson(), scenes.numbered(events))


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([(15, 23), (15, 21)], "15 thread hops per request · 23 threads at the first answer"),
        ([(1, 3)], "1 thread hop per request · 3 threads at the first answer"),
        ([(4, 9), (2, 9)], "2 to 4 thread hops per request · 9 threads at the first answer"),
        ([(0, 1)], "0 thread hops per request · 1 thread at the first answer"),
        ([(None, 4)], "4 threads at the first answer"),  # under WSGI
        ([(None, None)], ""),  # of a run before they were counted
    ],
)
def test_hops_and_threads_are_told(answers: list[tuple[int | None, int | None]], sentence: str) -> None:
    assert narration.count_sentence(handled(ASYNC, *answers).lanes[0]) == sentence


def test_a_project_is_told_from_a_bare_view() -> None:
    assert narration.server_capacity(*_first(handled(PROJECT, (15, 4)))) == "ASGI · one event loop · ordinary project"
    assert narration.server_capacity(*_first(handled(ASYNC, (1, 3)))) == "ASGI · one event loop"


def _first(stage: Stage) -> tuple[Stage, LaneStage]:
    return stage, stage.lanes[0]
