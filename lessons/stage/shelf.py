"""The event log with the lessons' recorded runs on it, so that they are watched like any other run."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Final

from lessons.content.model import Lesson
from lessons.lab.events import Event
from lessons.log.protocol import Batch, EventLog, RunUnknown
from lessons.stage import catalogue

PREFIX: Final = "recorded-"


def name(lesson: Lesson) -> str:
    """The run's name of a lesson's recorded run."""
    return PREFIX + lesson.slug


class Shelf:
    """Serves recorded runs itself and hands everything else to the log underneath."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    async def create(self, run: str) -> None:
        await self._log.create(run)

    async def append(self, run: str, events: Sequence[Event]) -> int:
        if run.startswith(PREFIX):
            raise RunUnknown(run)
        return await self._log.append(run, events)

    async def read(self, run: str, after: int = 0) -> Batch:
        return _recorded(run, after) if run.startswith(PREFIX) else await self._log.read(run, after)

    async def follow(self, run: str, after: int = 0, epoch: str = "") -> AsyncGenerator[Batch]:
        if not run.startswith(PREFIX):
            async with aclosing(self._log.follow(run, after, epoch)) as batches:
                async for batch in batches:
                    yield batch
        elif (batch := _recorded(run, after)).events:
            yield batch

    async def close(self) -> None:
        await self._log.close()


def _recorded(run: str, after: int) -> Batch:
    try:
        lesson = catalogue.lesson(run.removeprefix(PREFIX))
    except KeyError:
        raise RunUnknown(run) from None
    return Batch(PREFIX, catalogue.recorded(lesson)[after:])
