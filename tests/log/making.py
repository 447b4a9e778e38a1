"""Events and followers for the tests of the event log."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing

from lessons.lab.events import ClockTicked, Event, RunEnded
from lessons.log.protocol import Batch, EventLog
from tests.waiting import until_async


def tick(t: float = 0.0) -> Event:
    return Event(t, ClockTicked())


def end() -> Event:
    return Event(9.0, RunEnded("done"))


def times(batches: Iterable[Batch]) -> list[float]:
    return [event.t for batch in batches for event in batch.events]


def seqs(batches: Iterable[Batch]) -> list[int]:
    return [event.seq for batch in batches for event in batch.events]


async def collect(batches: AsyncIterator[Batch]) -> list[Batch]:
    return [batch async for batch in batches]


class Follower:
    """Follows a run in a task of its own and keeps what it gets."""

    def __init__(self, log: EventLog, run: str = "run", after: int = 0, epoch: str = "") -> None:
        self.batches: list[Batch] = []
        self._news = asyncio.Event()
        self.task = asyncio.create_task(self._follow(log, run, after, epoch))
        self.task.add_done_callback(lambda _: self._news.set())

    async def reach(self, seq: int, epoch_not: str = "") -> None:
        """Wait until the event numbered `seq` has come, in an epoch other than `epoch_not`."""

        def has_come() -> bool:
            if self.batches and seqs(self.batches)[-1] >= seq and self.batches[-1].epoch != epoch_not:
                return True
            assert not self.task.done(), f"following ended early: {self.task}"
            return False

        await until_async(has_come, lambda: f"event {seq}; there are {seqs(self.batches)}", news=self._news)

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def _follow(self, log: EventLog, run: str, after: int, epoch: str) -> None:
        async with aclosing(log.follow(run, after, epoch)) as batches:
            async for batch in batches:
                self.batches.append(batch)
                self._news.set()
