"""Frames of moments that somebody looks at by themselves: an address has half of the process's time for them.

What is live is made once for all who watch it. A moment that one has gone back to is made for that viewer alone, and
anybody may open many sockets and go back in each. So the viewers of an address take turns, and after each turn as much
time as it took is left to everybody else.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Pace:
    """Nothing is kept of an address whose viewers have had their turns."""

    def __init__(self) -> None:
        self._turns = WeakValueDictionary[str, asyncio.Lock]()

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Wait for the turn of this one of an address's viewers; who came first goes first."""
        lock = self._turns.setdefault(address, asyncio.Lock())
        await lock.acquire()
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            yield
        finally:
            loop.call_later(loop.time() - began, lock.release)
