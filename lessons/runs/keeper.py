"""Hands runs that have ended to the archive; then they need no orders any more."""

import asyncio
import logging
from contextvars import Context

from lessons.lab.events import RunEnded
from lessons.log.protocol import EventLog, LogUnavailable, RunUnknown
from lessons.runs.archiver import Archiver
from lessons.runs.orders import Orders

log = logging.getLogger(__name__)


class Keeper:
    """Of one process. Without an archiver nothing is kept."""

    def __init__(self, events: EventLog, orders: Orders, archiver: Archiver | None) -> None:
        self._events = events
        self._orders = orders
        self.archiver = archiver
        self._keeping: dict[str, asyncio.Task[None]] = {}

    async def keep(self, run: str) -> None:
        """Archive a run that has ended, whoever sent it, and whichever process ran it."""
        if self.archiver is None:
            return
        try:
            owner, events = await self._orders.owner(run), (await self._events.read(run)).events
            ended = any(isinstance(event.body, RunEnded) for event in events)
            if ended and await self.archiver.keep(run, owner, events):
                await self._orders.remove(run)
        except RunUnknown:
            log.info("Run %s is gone, or another process has archived it.", run)
        except LogUnavailable as error:
            log.error("Run %s is not archived: %s", run, error)
        except Exception:
            log.exception("Run %s is not archived.", run)

    def keep_soon(self, run: str) -> None:
        """The same in the background."""
        if run not in self._keeping:
            task = self._keeping[run] = asyncio.create_task(self.keep(run), name=f"keep-{run}", context=Context())
            task.add_done_callback(lambda _: self._keeping.pop(run))

    def is_keeping(self, run: str) -> bool:
        """Is it being archived in the background?"""
        return run in self._keeping

    async def stop(self) -> None:
        """End what goes on in the background."""
        tasks = [*self._keeping.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
