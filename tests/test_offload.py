"""What is computed beside the event loop."""

import asyncio
from threading import Event

import pytest

from lessons.offload import LONG, offload


async def test_what_is_short_does_not_wait_for_what_is_long_and_what_nobody_waits_for_is_not_begun() -> None:
    begun, go, done = Event(), Event(), list[str]()

    def work(name: str) -> str:
        begun.set()
        assert go.wait(30)
        done.append(name)
        return name

    first = asyncio.create_task(offload(LONG + 1, work, "first"))
    try:
        assert await asyncio.to_thread(begun.wait, 30)
        given_up, last = (asyncio.create_task(offload(LONG + 1, work, name)) for name in ("given up", "last"))
        assert await offload(LONG, "short".upper) == "SHORT"
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
    finally:
        go.set()
    assert [await first, await last] == done == ["first", "last"]


async def test_what_goes_wrong_is_told_to_who_waits() -> None:
    with pytest.raises(ZeroDivisionError):
        await offload(1, divmod, 1, 0)
