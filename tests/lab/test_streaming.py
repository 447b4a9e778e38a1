"""What a streaming answer looks like from outside: its first bytes are timed by the client. Real servers."""

from collections.abc import AsyncIterator

import pytest

from lessons import catalogue
from lessons.content.variants import lane_id
from lessons.lab.supervisor import Lab
from lessons.management.measuring import LessonRuns
from lessons.stage.model import RequestStage

LESSON = catalogue.find_lesson("why-async-matters")
TASK = next(each for each in LESSON.teaching.tasks if each.id == "part-by-part")
WAIT, PARTS = 0.2, 3


@pytest.fixture
async def runs() -> AsyncIterator[LessonRuns]:
    lab = Lab(time_box=20.0)
    yield LessonRuns(lab, LESSON)
    await lab.close()


async def asked(runs: LessonRuns, text: str) -> tuple[RequestStage, float]:
    """A request of the view with this text in its blank, and how long its answer took."""
    number = next(at for at, option in enumerate(TASK.options, 1) if option.text == text)
    stage = await runs.run([lane_id(TASK, number)], 1, WAIT)
    (lane,) = stage.lanes
    assert lane.total
    return lane.requests[0], lane.total


async def test_parts_of_an_async_generator_come_as_they_are_made(runs: LessonRuns) -> None:
    request, total = await asked(runs, "StreamingHttpResponse(parts())")
    assert request.streams
    assert request.first
    assert WAIT <= request.first < total - WAIT  # two parts were still to come
    assert len(request.waits) == PARTS  # they are seen, though the view has long returned


@pytest.mark.parametrize(
    "text", ["StreamingHttpResponse(plain_parts())", "StreamingHttpResponse([part async for part in parts()])"]
)
async def test_others_come_in_one_piece(runs: LessonRuns, text: str) -> None:
    request, total = await asked(runs, text)
    assert request.streams
    assert request.first
    assert PARTS * WAIT <= request.first <= total


async def test_what_cannot_be_iterated_is_taken_for_a_text(runs: LessonRuns) -> None:
    request, total = await asked(runs, "HttpResponse(parts())")
    assert (request.streams, request.failure) == (False, "")
    assert total < WAIT
