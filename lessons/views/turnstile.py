"""Pages are made a few at a time for an address; files, pictures and texts of runs one at a time.

Making one takes a part of a second of a processor, and anybody may ask. So those of an address wait for one another;
those of others do not wait for them. Files are apart from pages: who waits for many pictures can go on reading.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, Final

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponseBase

from lessons.addresses import client_address

FILES: Final = 1  # made at once for one address …
FILE_SECONDS: Final = 10.0  # … and for so long; who takes longer waits for something, and takes nothing from others
PAGES: Final = 2  # the same of pages; some of their time is the database's
PAGE_SECONDS: Final = 0.5
MOST_OF_ADDRESS: Final = 200  # that are made or wait for one; the browsers of a class ask for as many pictures at once
MOST: Final = 400  # that are made or wait, in this process

TAKES_TURNS: Final = "takes_turns"  # of views

type Making[**P] = Callable[P, Coroutine[Any, Any, HttpResponseBase]]


class TooMuchToMake(Exception):
    """As many files and pictures as may wait are waiting already."""


class TooMuchFromAddress(TooMuchToMake):
    """As many of this address are."""


class Turnstile:
    """Belongs to one event loop at a time: nothing is kept of whoever has gone through."""

    def __init__(self, of_address: int, seconds: float) -> None:
        self._of_address = of_address  # inside at once
        self._seconds = seconds  # for which one keeps its place
        self._asked = Counter[str]()  # by address, those inside and those that wait
        self._places: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Wait until it is this one's turn. Raises `TooMuchToMake`, `TooMuchFromAddress`."""
        if self._asked[address] >= MOST_OF_ADDRESS:
            raise TooMuchFromAddress
        if sum(self._asked.values()) >= MOST:
            raise TooMuchToMake
        self._asked[address] += 1
        try:
            async with self._place(self._places.setdefault(address, asyncio.Semaphore(self._of_address))):
                yield
        finally:
            self._asked[address] -= 1
            if not self._asked[address]:
                del self._asked[address], self._places[address]

    @asynccontextmanager
    async def _place(self, places: asyncio.Semaphore) -> AsyncIterator[None]:
        """One of these places, until one leaves or the time is over."""
        await places.acquire()
        mine = True

        def give_back() -> None:
            nonlocal mine
            if mine:
                mine = False
                places.release()

        over = asyncio.get_running_loop().call_later(self._seconds, give_back)
        try:
            yield
        finally:
            over.cancel()
            give_back()


_files: Final = Turnstile(FILES, FILE_SECONDS)
_pages: Final = Turnstile(PAGES, PAGE_SECONDS)


def file_in_turn[**P](view: Making[P]) -> Making[P]:
    """Have a view that makes a file wait for its address's turn."""
    return _in_turn(view, _files)


def page_in_turn(view: Callable[..., Any]) -> Callable[..., Any]:
    """Have a view, async or not, wait for its address's turn, unless it makes a file."""
    if TAKES_TURNS in view.__dict__:
        return view
    return _in_turn(view if iscoroutinefunction(view) else sync_to_async(view), _pages)


def _in_turn[**P](view: Making[P], turnstile: Turnstile) -> Making[P]:
    @wraps(view)
    async def waiting(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request = args[0]
        assert isinstance(request, HttpRequest)
        async with turnstile.turn(client_address(request)):
            return await view(*args, **kwargs)

    waiting.__dict__[TAKES_TURNS] = True
    return waiting
