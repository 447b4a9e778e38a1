"""Waiting until something holds: with a pause between two looks, and with words for what did not come."""

import asyncio
import time
from collections.abc import Callable
from inspect import isawaitable
from typing import Any, Final

PATIENCE: Final = 20.0  # seconds; only what is broken needs as long
PAUSE: Final = 0.02  # seconds between two looks

What = str | Callable[[], str]  # a function is asked at the end, so that it can tell how things stand then


def until[T](condition: Callable[[], T], what: What, seconds: float = PATIENCE) -> T:
    """Wait until `condition` returns something true, and return that. Raises `AssertionError`, naming `what`."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, in_vain(what, seconds)
        time.sleep(PAUSE)
    return found


async def until_async(
    condition: Callable[[], Any], what: What, seconds: float = PATIENCE, news: asyncio.Event | None = None
) -> Any:
    """The same on an event loop; `condition` may be a coroutine function.

    With `news` there is no pause: the next look comes when `news` is set, which it must be after each change.
    """
    deadline = time.monotonic() + seconds
    while True:
        if news is not None:
            news.clear()  # before the look, so that nothing is missed behind it
        found = condition()
        if isawaitable(found):
            found = await found
        if found:
            return found
        left = deadline - time.monotonic()
        assert left > 0, in_vain(what, seconds)
        await _pause(news, left)


def in_vain(what: What, seconds: float) -> str:
    """What an assertion says when patience has come to its end."""
    return f"waited {seconds:g} s in vain: {what if isinstance(what, str) else what()}"


async def _pause(news: asyncio.Event | None, most: float) -> None:
    if news is None:
        await asyncio.sleep(PAUSE)
        return
    try:
        await asyncio.wait_for(news.wait(), most)
    except TimeoutError:
        return  # a last look
