"""Files, pictures and texts of runs are made a few at a time, and an address never has all the threads.

Making one takes a part of a second of a processor (`lessons/offload.py`), and anybody may ask. So those of an address
wait for one another; those of others do not wait for them.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase

from lessons.addresses import client_address

OF_ADDRESS: Final = 2  # made at once for one address; there are three threads
MOST_OF_ADDRESS: Final = 200  # that are made or wait for one; the browsers of a class ask for as many pictures at once
MOST: Final = 400  # that are made or wait, in this process

type Making[**P] = Callable[P, Coroutine[Any, Any, HttpResponseBase]]


class TooMuchToMake(Exception):
    """As many files and pictures as may wait are waiting already."""


class TooMuchFromAddress(TooMuchToMake):
    """As many of this address are."""


class Turnstile:
    """Belongs to one event loop at a time: nothing is kept of whoever has gone through."""

    def __init__(self) -> None:
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
            async with self._places.setdefault(address, asyncio.Semaphore(OF_ADDRESS)):
                yield
        finally:
            self._asked[address] -= 1
            if not self._asked[address]:
                del self._asked[address], self._places[address]


_turnstile: Final = Turnstile()


def take_turns[**P](view: Making[P]) -> Making[P]:
    """Have a view that makes something wait for its address's turn."""

    @wraps(view)
    async def waiting(*args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request = args[0]
        assert isinstance(request, HttpRequest)
        async with _turnstile.turn(client_address(request)):
            return await view(*args, **kwargs)

    return waiting
