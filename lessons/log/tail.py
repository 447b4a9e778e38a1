"""Following one run in Redis on a connection of its own."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Any

from lessons.lab.events import Event, RunEnded
from lessons.log.protocol import Batch, RunUnknown
from lessons.log.streams import AWAY, PAUSES, connect_redis, decode_entries, load_history, rename_history, run_keys

BLOCK = 5.0  # seconds one XREAD waits; then existence and epoch are looked at again

log = logging.getLogger(__name__)


class Tail:
    """Where one follower stands, and the connection it waits on."""

    def __init__(self, url: str, run: str, after: int = 0, epoch: str = "", block: float = BLOCK) -> None:
        self._run = run
        self._after = after
        self._epoch = epoch
        self._block = block
        # A bounded wait may have a time limit on its socket: it ends a connection whose other side has vanished.
        self._redis = connect_redis(url, socket_timeout=block + 5)
        self._closed = asyncio.Event()
        self._failures = 0

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """What `EventLog.follow` promises, over every loss of the connection."""
        checked = ended = False
        while not self._closed.is_set():
            try:
                if checked:
                    events = await self._wait()
                    checked = bool(events)
                else:
                    events, ended = await self._check()
                    checked = True
            except AWAY as error:
                checked = False
                await self._pause(error)
                continue
            self._failures = 0
            if events:
                self._after = events[-1].seq
                yield Batch(self._epoch, events)
                ended = ended or any(isinstance(event.body, RunEnded) for event in events)
            if ended:
                return

    async def close(self) -> None:
        """Give the connection back; who waits on it is woken."""
        self._closed.set()
        await self._redis.connection_pool.disconnect(inuse_connections=True)
        await self._redis.aclose()

    async def _check(self) -> tuple[tuple[Event, ...], bool]:
        """Events behind our place, or the whole history if that place is not in it any more; has the run ended?"""
        while True:
            history = await load_history(self._redis, self._run, self._after)
            known = self._epoch in ("", history.epoch)
            whole = len(history.events) == history.last - self._after
            if known and whole:
                self._epoch = history.epoch
                return history.events, history.ended
            if self._after == 0 and not whole:
                raise RunUnknown(self._run)  # its beginning is gone: nobody can fold it again
            if known and self._epoch:
                await rename_history(self._redis, self._run, self._epoch)
            self._epoch, self._after = "", 0

    async def _wait(self) -> tuple[Event, ...]:
        """The next events, or none after a while or when they do not follow on ours."""
        stream = run_keys(self._run)[1]
        reply: Any = await self._redis.xread({stream: f"{self._after}-0"}, block=int(self._block * 1000))
        if not reply:
            return ()
        ((_, entries),) = reply
        events = await decode_entries(entries)
        follows = [event.seq for event in events] == list(range(self._after + 1, self._after + 1 + len(events)))
        return events if follows and all(self._epoch in values for _, values in entries) else ()

    async def _pause(self, error: Exception) -> None:
        if self._closed.is_set():
            return
        if not self._failures:
            log.warning("Redis is away; following run %s goes on when it is back: %s", self._run, error)
        pause = PAUSES[min(self._failures, len(PAUSES) - 1)]
        self._failures += 1
        try:
            await asyncio.wait_for(self._closed.wait(), pause)
        except TimeoutError:
            await self._redis.connection_pool.disconnect()
