"""Gathers a run's events from all its processes and hands them on in ordered batches."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from lessons.lab.events import Event, RunEnded

Emit = Callable[[Sequence[Event]], Awaitable[object]]

PERIOD: Final = 0.010  # seconds between two batches
HELD: Final = 0.006  # seconds an event waits for earlier ones of other processes: their senders' beat and some

logger = logging.getLogger(__name__)


class Outbox:
    """Events in, batches out, sorted by time. The first events go at once.

    While `emit` is slow, events gather here. When it raises, `broken` is set and all later events but `run.ended`
    are dropped.
    """

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._pending: list[Event] = []
        self._wanted = asyncio.Event()
        self._closing = False
        self._zero = time.monotonic()
        self.broken = asyncio.Event()
        self.opened = asyncio.Event()  # the first batch has been handed on, or could not be
        self._task = asyncio.create_task(self._deliver(), name="lab-outbox")

    def put(self, event: Event) -> None:
        """Hand an event in."""
        self._pending.append(event)
        self._wanted.set()

    def begin(self, zero: float) -> None:
        """The run starts: its time 0, on the monotonic clock."""
        self._zero = zero

    async def close(self) -> None:
        """Deliver what is left, then end."""
        self._closing = True
        self._wanted.set()
        await self._task

    async def _deliver(self) -> None:
        hold = False
        while True:
            await self._wanted.wait()
            batch = self._take(hold and not self._closing)
            if batch:
                await self._hand_on(batch)
                self.opened.set()
                hold = True
            if self._closing and not self._pending:
                return
            if not self._pending:
                self._wanted.clear()
            if self._closing:
                continue
            await asyncio.sleep(PERIOD)

    def _take(self, hold: bool) -> list[Event]:
        horizon = time.monotonic() - self._zero - HELD if hold else float("inf")
        self._pending.sort(key=lambda event: event.t)
        count = sum(event.t <= horizon for event in self._pending)
        batch, self._pending = self._pending[:count], self._pending[count:]
        return batch

    async def _hand_on(self, batch: list[Event]) -> None:
        if self.broken.is_set():  # without its end a run would seem to go on for ever: that is tried once more
            batch = [event for event in batch if isinstance(event.body, RunEnded)]
        if not batch:
            return
        try:
            await self._emit(batch)
        except Exception:
            logger.exception("A run's events cannot be handed on; the run ends.")
            self.broken.set()
