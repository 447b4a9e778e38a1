"""The service behind `fetch_data()`, asked by the real `fetch_data()`."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from lessons.lab import fetch_async, fetch_sync, service
from lessons.lab.upstream_owner import UpstreamOwner


@pytest.fixture
async def port() -> AsyncIterator[int]:
    upstream = UpstreamOwner()
    yield await upstream.port()
    await upstream.close()


async def ask(port: int, question: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(question)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    return answer


async def test_the_blocking_call_takes_the_asked_time(port: int) -> None:
    service.set_upstream(port, 0.2)
    start = time.monotonic()
    assert await asyncio.to_thread(fetch_sync.fetch_data) == "Fetched data value"
    assert time.monotonic() - start >= 0.2


@pytest.mark.parametrize("times", [2, 0.5])
async def test_a_call_may_take_some_times_the_usual_wait(port: int, times: float) -> None:
    service.set_upstream(port, 0.2)
    start = time.monotonic()
    await fetch_async.fetch_data(times=times)
    asyncio_took = time.monotonic() - start
    await asyncio.to_thread(fetch_sync.fetch_data, times)
    assert asyncio_took >= 0.2 * times
    assert time.monotonic() - start >= 0.4 * times


async def test_four_hundred_are_served_at_once(port: int) -> None:
    service.set_upstream(port, 0.5)
    start = time.monotonic()
    answers = await asyncio.gather(*(fetch_async.fetch_data() for _ in range(400)))
    assert set(answers) == {"Fetched data value"}
    assert 0.5 <= time.monotonic() - start < 10  # one after another: 200


async def test_a_service_may_take_some_at_once_and_the_others_wait_there(port: int) -> None:
    service.set_upstream(port, 0.2)
    start = time.monotonic()
    free = asyncio.gather(*(fetch_async.fetch_data() for _ in range(5)))
    await asyncio.gather(*(fetch_async.fetch_data(at_once=2) for _ in range(5)))
    took = time.monotonic() - start
    await free
    assert 0.6 <= took < 1.0  # three rounds of two; one after another: 1.0


async def test_who_has_gone_holds_no_place(port: int) -> None:
    service.set_upstream(port, 0.3)
    impatient = [asyncio.create_task(fetch_async.fetch_data(at_once=1)) for _ in range(20)]
    await asyncio.sleep(0)  # they are on their way
    _, waiting = await asyncio.wait(impatient, return_when=asyncio.FIRST_COMPLETED)
    for each in waiting:
        each.cancel()
    await asyncio.wait(waiting)
    start = time.monotonic()
    await fetch_async.fetch_data(at_once=1)
    assert time.monotonic() - start < 1.5  # the one that was under way, and its own; the nineteen: 5.7


@pytest.mark.parametrize(
    "question",
    [
        b"",
        b"\n",
        b"wait\n",
        b"wait -1\n",
        b"wait nan\n",
        b"wait 1e3\n",
        b"wait 9.1\n",
        b"wait 999\n",
        b"wait 1 at once\n",
    ],
)
async def test_what_is_not_a_short_wait_is_not_waited_for(port: int, question: bytes) -> None:
    async with asyncio.timeout(2.5):  # less than the longest wait
        assert await ask(port, question) == b"cannot wait that long\n"


async def test_who_says_too_much_is_not_answered(port: int) -> None:
    async with asyncio.timeout(2.5):
        assert await ask(port, b"x" * 5000) == b""
