"""A lab process: takes orders from the queue, carries them out, and tells everybody how it stands."""

import asyncio
import logging
import os
import platform
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from lessons.lab.events import Event, RunCreated, RunEnded
from lessons.lab.spec import RunSpec, SpecError
from lessons.lab.supervisor import Lab, LabFull
from lessons.log.order_queue import Order, OrderQueue
from lessons.log.protocol import EventLog, LogUnavailable, RunOver, RunUnknown
from lessons.runs.archiver import Archiver
from lessons.runs.composite_log import CompositeLog
from lessons.runs.executor import Executor
from lessons.runs.keeper import Keeper
from lessons.runs.orders import Orders

BEAT: Final = 1.0  # seconds between two reports
REST: Final = 0.05  # seconds before the next order is taken while runs wait here: another lab may have more room
AWAY: Final = 0.5  # seconds before a Redis that is away is asked again
BEGUN: Final = 3600.0  # seconds for which it is known who has begun a run

log = logging.getLogger(__name__)


class LabWorker:
    """Belongs to one event loop. `heard` is called after each report that has arrived, once a second."""

    def __init__(
        self,
        events: EventLog,
        queue: OrderQueue,
        lab: Lab,
        archiver: Archiver | None = None,
        heard: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = f"{platform.node()}-{os.getpid()}-{secrets.token_hex(3)}"
        self._events = CompositeLog(events)
        self._queue = queue
        self._lab = lab
        orders = Orders(events)
        self._keeper = Keeper(self._events, orders, archiver)
        self._executor = Executor(self._events, orders, lab, self._keeper)
        self._held: dict[str, str] = {}  # orders of runs that have not begun: id -> run
        self._heard = heard
        self._tasks: list[asyncio.Task[None]] = []
        self._told = False  # that Redis is away

    def start(self) -> None:
        """Take orders from now on."""
        self._tasks = [
            asyncio.create_task(self._take_orders(), name="lab-take"),
            asyncio.create_task(self._tell(), name="lab-tell"),
        ]

    async def drain(self, seconds: float) -> None:
        """Take no more orders, give back what has not begun, and wait for what has, at most for so long."""
        taking, *_ = self._tasks
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)
        released = {id: run for id, run in self._held.items() if self._lab.withdraw(run)}
        for id in released:
            self._held.pop(id, None)
        with suppress(LogUnavailable):
            await self._queue.give_back(released)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._executor.idle()

    async def close(self) -> None:
        """End what still goes, and give back every connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._executor.close()
        await self._keeper.stop()
        with suppress(LogUnavailable):
            await self._queue.leave(self.name)
        await self._queue.close()
        await self._events.close()

    async def _take_orders(self) -> None:
        while True:
            if not self._lab.room:
                await asyncio.sleep(REST)
                continue
            try:
                for order in await self._queue.take(self.name, 1):
                    await self._take(order)
                self._told = False
            except LogUnavailable as error:
                self._complain(error)
                await asyncio.sleep(AWAY)
            if self._held:
                await asyncio.sleep(REST)

    async def _take(self, order: Order) -> None:
        if order.id in self._held:
            return  # it was ours, and has been all the time
        try:
            spec = await self._ordered(order.run)
        except RunUnknown:
            await self._queue.done(order.id)
            return
        self._held[order.id] = order.run

        async def begins() -> bool:
            self._held.pop(order.id, None)
            first = await self._events.claim(f"begun:{order.run}", self.name, BEGUN)
            if first == self.name:
                with suppress(LogUnavailable):  # then whoever takes it sees that it has begun
                    await self._queue.done(order.id)
            return first == self.name

        try:
            await self._executor.hand_over(order.run, spec, order.sender, begins)
        except (LabFull, KeyError) as error:
            self._held.pop(order.id, None)
            await self._refuse(order, error)

    async def _ordered(self, run: str) -> RunSpec:
        """What is to be run. Raises `RunUnknown` for what has ended, has begun elsewhere, or is not there any more."""
        if await self._events.claimed(f"begun:{run}"):
            raise RunUnknown(run)
        events = (await self._events.read(run)).events
        if not events or any(isinstance(event.body, RunEnded) for event in events):
            raise RunUnknown(run)
        created = events[0].body
        try:
            return RunSpec.from_data(created.spec if isinstance(created, RunCreated) else {})
        except SpecError as error:
            raise RunUnknown(str(error)) from None

    async def _refuse(self, order: Order, error: Exception) -> None:
        full = isinstance(error, LabFull)
        reason = str(error) if full else "The lab that took the run does not have this lesson."
        log.warning("Run %s is refused: %s", order.run, reason)
        with suppress(RunOver, RunUnknown):
            await self._events.append(order.run, [Event(0.0, RunEnded("failed", reason))])
        await self._queue.done(order.id)
        await self._keeper.keep(order.run)

    async def _tell(self) -> None:
        """That this lab is alive, what it holds, and how much more it would take."""
        while True:
            try:
                own = await self._queue.renew(self.name, [*self._held])
                for id in [id for id in self._held if id not in own]:
                    self._lab.withdraw(self._held.pop(id))  # another lab has it: this one was silent for too long
                going, waiting = self._lab.load
                state = {"going": going, "waiting": waiting, "room": self._lab.room, "senders": self._lab.owners}
                await self._queue.report(self.name, state)
                self._heard()
            except LogUnavailable as error:
                self._complain(error)
            await asyncio.sleep(BEAT)

    def _complain(self, error: LogUnavailable) -> None:
        if not self._told:
            log.warning("No orders are taken until Redis is back: %s", error)
        self._told = True
