"""What is said of an answer that came in parts."""

import pytest

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.stage.fold import STREAMING, fold_events
from lessons.stage.narration import stream_sentence
from tests.stage import scenes
from tests.stage.scenes import ASYNC


def said(*answers: tuple[float | None, float | None], value: str = STREAMING) -> str:
    """Of requests whose first and last bytes came then; None: not yet."""
    spec = scenes.spec(requests=len(answers), lanes=(ASYNC,))
    events = [scenes.created(spec), scenes.started(ASYNC)]
    for number, (first, last) in enumerate(answers, 1):
        timed = [(0.0, ev.RequestSent()), (0.1, ev.ViewStarted(7)), (0.2, ev.ViewReturned(value))]
        events += scenes.at(ASYNC, number, *timed)
        if last is not None:
            events.append(Event(last, ev.ResponseReceived(200, 9, first), ASYNC, number))
    return stream_sentence(fold_events(scenes.lesson(), scenes.numbered(events)).lane(ASYNC))


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([(0.3, 0.9)], "The first part came after 0.30 s, the last one after 0.90 s."),
        ([(0.3, 0.9), (0.4, 1.0)], "The first part came after 0.40 s, the last one after 1.00 s."),
        ([(0.89, 0.9)], "It came in one piece, after 0.90 s."),
        ([(0.3, 0.9), (None, None)], ""),  # not all of them are there
        ([(None, 0.9)], ""),  # an answer without a body
    ],
)
def test_the_slowest_of_them_is_told(answers: list[tuple[float | None, float | None]], sentence: str) -> None:
    assert said(*answers) == sentence


def test_of_an_answer_that_is_no_stream_nothing_is_told() -> None:
    assert said((0.3, 0.9), value="<JsonResponse>") == ""
