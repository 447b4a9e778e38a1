"""A lane that lies, floods or never stops answering: it is ended, and nobody else notices."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from lessons.lab.bounds import MOST_STEPS
from lessons.lab.driver import MOST_BYTES
from lessons.lab.events import RequestFailed
from lessons.lab.spec import MAX_REQUESTS
from lessons.lab.supervisor import Lab
from lessons.lab.tracer import MAX_STEPS
from tests.lab.watching import SAMPLES, Watch, a_spec, run, submit

Write = Callable[[str], dict[str, Path]]

LANE, HONEST = "own@waitress", "async@daphne"
# A view that says what it likes, over its process's own wire, and answers nobody.
LIAR: Final = """
import gc
from threading import Event

def view(request):
    wire = next(each for each in gc.get_objects() if type(each).__name__ == "Wire")
    with wire._sending:
        wire._sock.sendall(SAID)
    Event().wait()
"""
LIES: Final = {
    "in another's name": f'[0.01, "{HONEST}", 1, "fetch.called", {{}}]',
    "in nobody's name": '[0.01, "", 0, "fetch.called", {}]',
    "the end of the run": '[0.01, "", 0, "run.ended", {"outcome": "done"}]',
    "an answer that it did not get": f'[0.01, "{LANE}", 1, "response.received", {{"status": 200, "size": 1}}]',
    "a total": f'[0.01, "{LANE}", 0, "lane.done", {{"total": 0.1, "done": 1, "failed": 0}}]',
    "a request that nobody sent": f'[0.01, "{LANE}", 9, "fetch.called", {{}}]',
    "the future": f'[9999, "{LANE}", 1, "fetch.called", {{}}]',
    "the past": f'[-1, "{LANE}", 1, "fetch.called", {{}}]',
    "no time": f'[NaN, "{LANE}", 1, "fetch.called", {{}}]',
    "a kind that is none": f'[0.01, "{LANE}", 1, "fetch.forged", {{}}]',
    "a kind that can't be one": f'[0.01, "{LANE}", 1, [], {{}}]',
    "a field of another type": f'[0.01, "{LANE}", 1, "line.reached", {{"line": "1"}}]',
    "half a character": f'[0.01, "{LANE}", 1, "view.raised", {{"error": "\\ud800", "message": ""}}]',
    "three parts": '[0.01, "", 0]',
    "no JSON": "{",
    "no word": "7",
    "a bottomless pit": "[" * 50_000,
    "a line without an end": "a" * 2**21,
    "a port beyond all": '{"port": 65536}',
}


def liar(line: str, times: int = 1) -> str:
    return LIAR.replace("SAID", f"{line.encode() + b'\n'!r} * {times}")


async def run_beside_an_honest_one(lab: Lab, samples: dict[str, Path]) -> Watch:
    watch = submit(lab, a_spec(LANE, HONEST, requests=2, wait=0.3), {**SAMPLES, **samples})
    ended = await watch.end()
    assert (ended.outcome, ended.reason) == ("failed", f"The server process of {LANE} died.")
    assert [event.lane for event in watch.of("lane.died")] == [LANE]
    assert (ended.lanes[HONEST]["done"], ended.lanes[HONEST]["failed"]) == (2, 0)
    assert len(watch.of("fetch.called", HONEST)) == 2
    return watch


@pytest.mark.parametrize("what", LIES)
async def test_a_lane_speaks_of_itself_and_of_what_it_saw(
    lab: Lab, sample: Write, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    watch = await run_beside_an_honest_one(lab, sample(liar(LIES[what])))
    assert not watch.of("response.received", LANE)
    assert all(event.t < 9999 for event in watch.events)
    assert "A waitress process is ended: " in caplog.text


@pytest.mark.parametrize("line", [f'[0.01, "{LANE}", 1, "view.suspended", {{}}]', '{"error": "again"}', "{}"])
async def test_a_flood_ends_at_the_bound(lab: Lab, sample: Write, line: str) -> None:
    watch = await run_beside_an_honest_one(lab, sample(liar(line, 20 * MOST_STEPS)))
    assert len([event for event in watch.events if event.lane == LANE]) < MOST_STEPS + 20


async def test_many_large_lines_end_at_the_bound_of_bytes(lab: Lab, sample: Write) -> None:
    line = f'[0.01, "{LANE}", 1, "view.raised", {{"error": "E", "message": "{"a" * 50_000}"}}]'
    await run_beside_an_honest_one(lab, sample(liar(line, 2000)))


def test_the_bound_is_above_all_that_a_lane_says_by_itself() -> None:
    of_a_request = 5  # received, resolved, raised, sent, handled; the tracer has its own bound
    assert MAX_STEPS + of_a_request * MAX_REQUESTS + 2 < MOST_STEPS


async def test_half_a_character_in_an_exception_is_told_as_what_it_is(lab: Lab, sample: Write) -> None:
    watch = await run(lab, a_spec("own@daphne"), sample("def view(request):\n    raise ValueError('\\ud800')\n"))
    assert watch.of("view.raised")[0].body.message == "\\ud800"  # type: ignore[attr-defined]


# Answers


ENDLESS: Final = """
from itertools import repeat
from django.http import HttpResponse, StreamingHttpResponse

def view(request):
    return StreamingHttpResponse(repeat(bytes(65536)))
"""
PACKED: Final = """
import gzip
from django.http import HttpResponse

PACKED = gzip.compress(bytes(2**28))

def view(request):
    return HttpResponse(PACKED, headers={"Content-Encoding": "gzip"})
"""


async def test_an_answer_without_an_end_is_given_up(lab: Lab, sample: Write) -> None:
    watch = await run(lab, a_spec(LANE), sample(ENDLESS))
    assert [event.body for event in watch.of("request.failed")] == [
        RequestFailed(f"TooMuch: the answer has more than {MOST_BYTES:,} bytes")
    ]


async def test_a_packed_answer_is_not_unpacked(lab: Lab, sample: Write) -> None:
    watch = await run(lab, a_spec(LANE), sample(PACKED))
    assert watch.of("response.received")[0].body.size < MOST_BYTES  # type: ignore[attr-defined]


async def test_an_answer_to_the_probe_without_an_end_ends_the_probing(lab: Lab, sample: Write) -> None:
    source = ENDLESS + (
        "from lessons.lab import handlers\n"
        "handlers.WSGIApp.__call__ = lambda self, environ, start: (start('200 OK', []), repeat(bytes(65536)))[1]\n"
    )
    watch = await run(lab, a_spec(LANE), sample(source))
    assert not watch.of("probe.answered")
