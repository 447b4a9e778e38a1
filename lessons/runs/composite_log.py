"""The event log with what lies beside it: the lessons' recorded runs, and the runs that only the archive still has.

So every run is watched and told alike, and none needs a way of its own.
"""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Final

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.lab.events import Event
from lessons.log.protocol import Batch, EventLog, RunUnknown

PREFIX: Final = "recorded-"
ARCHIVED: Final = "archived"  # epoch of what comes from the archive
NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)  # of any other run; nothing else is looked for

type Archived = Callable[[str, int], Awaitable[Sequence[Event]]]  # events of a run behind a number; or `RunUnknown`


def recording_name(lesson: Lesson) -> str:
    """The run's name of a lesson's recorded run."""
    return PREFIX + lesson.slug


async def _no_archive(run: str, after: int) -> Sequence[Event]:
    raise RunUnknown(run)


class CompositeLog:
    """Serves recorded runs itself, hands everything else to the log underneath, and what that has not, to the archive.

    Names of runs come from browsers; those that no run can have are unknown here, and nobody is asked.
    """

    def __init__(self, log: EventLog, archived: Archived = _no_archive) -> None:
        self._log = log
        self._archived = archived

    async def create(self, run: str) -> None:
        """See `EventLog.create`."""
        await self._log.create(run)

    async def append(self, run: str, events: Sequence[Event]) -> int:
        """See `EventLog.append`; a recorded run takes no events: `RunUnknown`."""
        if run.startswith(PREFIX):
            raise RunUnknown(run)
        return await self._log.append(run, events)

    async def read(self, run: str, after: int = 0) -> Batch:
        """See `EventLog.read`."""
        if run.startswith(PREFIX):
            return _recorded(run, after)
        try:
            return await self._log.read(_possible(run), after)
        except RunUnknown:
            return await self._from_archive(run, after)

    async def follow(self, run: str, after: int = 0, epoch: str = "") -> AsyncGenerator[Batch]:
        """See `EventLog.follow`; a recorded or archived run comes in one batch, and ends."""
        if run.startswith(PREFIX):
            if (batch := _recorded(run, after)).events:
                yield batch
            return
        try:
            async with aclosing(self._log.follow(_possible(run), after, epoch)) as batches:
                async for batch in batches:
                    after, epoch = batch.events[-1].seq, batch.epoch
                    yield batch
            return
        except RunUnknown:
            batch = await self._from_archive(run, after if epoch in ("", ARCHIVED) else 0)
        if batch.events:
            yield batch

    async def names(self, prefix: str) -> Sequence[str]:
        """See `EventLog.names`: those of the log underneath alone."""
        return await self._log.names(prefix)

    async def remove(self, run: str) -> None:
        """See `EventLog.remove`: from the log underneath alone."""
        await self._log.remove(run)

    async def claim(self, name: str, value: str, seconds: float) -> str:
        """See `EventLog.claim`."""
        return await self._log.claim(name, value, seconds)

    async def claimed(self, name: str) -> str:
        """See `EventLog.claimed`."""
        return await self._log.claimed(name)

    async def close(self) -> None:
        """See `EventLog.close`."""
        await self._log.close()

    async def _from_archive(self, run: str, after: int) -> Batch:
        return Batch(ARCHIVED, tuple(await self._archived(_possible(run), after)))


def _possible(run: str) -> str:
    if not NAME.fullmatch(run):
        raise RunUnknown(run)
    return run


def _recorded(run: str, after: int) -> Batch:
    try:
        lesson = catalogue.find_lesson(run.removeprefix(PREFIX))
    except KeyError:
        raise RunUnknown(run) from None
    return Batch(PREFIX, catalogue.recorded_events(lesson)[after:])
