"""Runs carried out by the lab of this process: begun, heard, cancelled, archived when they have ended."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from contextvars import Context
from typing import Final

from lessons import catalogue
from lessons.lab.events import Event, RunStarted
from lessons.lab.spec import RunSpec
from lessons.lab.supervisor import Lab
from lessons.log.protocol import EventLog, RunOver, RunUnknown
from lessons.runs.account import RunAccount
from lessons.runs.keeper import Keeper
from lessons.runs.labs import LabLoad
from lessons.runs.orders import Orders
from lessons.stage import law

logger = logging.getLogger(__name__)

FAREWELL: Final = 5.0  # seconds that runs which have just ended get to be archived when the process ends

type Begins = Callable[[], Awaitable[bool]]  # asked as a run's turn comes: is it still ours to begin?


async def _always() -> bool:
    return True


class Executor:
    """The `Labs` of a site whose web process has a lab of its own, and what a lab process is made of.

    Belongs to one event loop.
    """

    patience = 0.0  # when this process goes, nobody else has its queue

    def __init__(self, log: EventLog, orders: Orders, lab: Lab, keeper: Keeper) -> None:
        self._log = log
        self._orders = orders
        self._keeper = keeper
        self.lab = lab
        self._guards: dict[str, asyncio.Task[None]] = {}
        lab.prepare()

    async def check_room(self, spec: RunSpec, sender: str) -> None:
        """See `Labs.check_room`."""
        self.lab.check_room(spec, sender, law.expected_seconds(catalogue.find_lesson(spec.lesson), spec))

    async def hand_over(self, run: str, spec: RunSpec, sender: str, begins: Begins = _always) -> None:
        """See `Labs.hand_over`. Raises `LabFull`; `KeyError` for a lesson or sample that this process has not."""
        lesson = catalogue.find_lesson(spec.lesson)
        files = {sample.id: sample.path for sample in lesson.samples}
        account = RunAccount(run, spec)
        lost = False

        async def tell(events: Sequence[Event]) -> None:
            nonlocal lost
            if not lost and any(isinstance(event.body, RunStarted) for event in events):
                lost = not await begins()
            if not lost:
                try:
                    await self._log.append(run, events)
                    account.hear(events)
                except (RunUnknown, RunOver):
                    logger.warning("Run %s is ended: the event log has lost it, or others have ended it there.", run)
                    lost = True
            if lost:  # another lab has begun it, or nobody can hear of it: nothing more that happens here is told
                self.lab.cancel(run)

        task = self.lab.submit(run, spec, files, tell, sender, seconds=law.expected_seconds(lesson, spec))
        guard = self._guards[run] = asyncio.create_task(self._guard(run, task), name=f"guard-{run}", context=Context())
        guard.add_done_callback(lambda _: self._guards.pop(run, None))

    async def load(self) -> LabLoad:
        """See `Labs.load`."""
        return LabLoad(1, *self.lab.load)

    def owns(self, run: str) -> bool:
        """See `Labs.owns`."""
        return run in self._guards

    async def idle(self) -> bool:
        """See `Labs.idle`."""
        busy = bool(self._guards)
        while self._guards:
            await asyncio.wait([*self._guards.values()])
        return busy

    async def close(self) -> None:
        """See `Labs.close`."""
        await self.lab.close()
        if ending := [*self._guards.values()]:
            await asyncio.wait(ending, timeout=FAREWELL)
        for task in (guards := [*self._guards.values()]):
            task.cancel()
        await asyncio.gather(*guards, return_exceptions=True)

    async def _guard(self, run: str, task: "asyncio.Task[None]") -> None:
        """Hand a cancel, which any process may have logged, to the lab; report what the lab could not."""
        listener = asyncio.create_task(self._heed_cancels(run), name=f"listen-{run}")
        try:
            await task
        except Exception:
            logger.exception("Run %s could not be reported to its end.", run)
        finally:
            listener.cancel()
            with suppress(asyncio.CancelledError):
                await listener
        await self._keeper.keep(run)

    async def _heed_cancels(self, run: str) -> None:
        async with aclosing(self._orders.cancels(run)) as cancels:
            async for _ in cancels:
                self.lab.cancel(run)
