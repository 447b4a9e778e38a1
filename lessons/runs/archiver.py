"""The archive as an event loop uses it: the database is asked in threads, and one that is away does no harm."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextvars import Context
from datetime import timedelta
from typing import Final

from channels.db import database_sync_to_async
from django.db import DatabaseError, InterfaceError
from django.dispatch import Signal

from lessons.lab.events import Event
from lessons.log.protocol import LogUnavailable, RunUnknown
from lessons.offload import offload, share
from lessons.runs import archive, shares

PAUSES: Final = (1.0, 5.0, 20.0, 60.0)  # seconds before a run that could not be kept is tried once more
FIRST, EVERY = 60.0, 3600.0  # seconds from the start to the first tidying, and from one to the next
tidying = Signal()  # sent by itself once an hour, where the database may be asked: rooms above delete what is theirs
AWAY: Final = (DatabaseError, InterfaceError)

logger = logging.getLogger(__name__)


class Archiver:
    """Keeps ended runs for `days` days, and at most `most` of them. Belongs to one event loop."""

    def __init__(self, days: int, most: int, pauses: Sequence[float] = PAUSES) -> None:
        self._days = days
        self._most = most
        self._pauses = pauses
        self._reading: dict[tuple[str, int], asyncio.Task[Sequence[Event]]] = {}

    async def events(self, run: str, after: int = 0) -> Sequence[Event]:
        """An archived run's events behind the number `after`, read once for all who ask for them at a time.

        Raises `RunUnknown`, `LogUnavailable`.
        """
        asked = run, after
        if asked not in self._reading:
            reading = asyncio.create_task(self._read(run, after), name=f"read-{run}", context=Context())
            reading.add_done_callback(lambda _: self._reading.pop(asked))
            self._reading[asked] = reading
        return await share(self._reading[asked])

    async def _read(self, run: str, after: int) -> Sequence[Event]:
        count, packed = await _query(archive.read_packed, run, after)
        try:
            return (await offload(count, archive.unpack_events, packed))[after:] if packed else ()
        except archive.DamagedArchive:
            logger.exception("The archived run %s cannot be read.", run)
            raise RunUnknown(run) from None

    async def keep(self, run: str, learner: str, events: Sequence[Event]) -> bool:
        """Archive a run that has ended; is it archived now? Once more or again changes nothing.

        A database that is away is asked again.
        """
        row = await asyncio.to_thread(archive.archive_row, run, learner, events)
        for pause in (*self._pauses, None):
            try:
                await database_sync_to_async(archive.store_row)(row)
                break
            except AWAY as error:
                if pause is None:
                    logger.error("Run %s is not archived: %s", run, error)
                    return False
                logger.warning("Run %s is not archived yet, next attempt in %g s: %s", run, pause, error)
                await asyncio.sleep(pause)
        return True

    async def delete(self, run: str, learner: str) -> bool:
        """See `archive.delete_run`. Raises `LogUnavailable`."""
        return await _query(archive.delete_run, run, learner)

    async def delete_all(self, learner: str) -> tuple[str, ...]:
        """See `archive.delete_runs_of`. Raises `LogUnavailable`."""
        return await _query(archive.delete_runs_of, learner)

    async def tidy(self) -> None:
        """Prune, once an hour, for ever. Every process of the site may do so."""
        pause = FIRST
        while True:
            await asyncio.sleep(pause)
            pause = EVERY
            try:
                await database_sync_to_async(self._tidy_once)()
            except AWAY as error:
                logger.warning("Runs are not pruned this time: %s", error)

    def _tidy_once(self) -> None:
        prune_expired(self._days, self._most)
        tidying.send(Archiver)


async def _query[T, **P](ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the database says. Raises `LogUnavailable` when it is away."""
    try:
        answer: T = await database_sync_to_async(ask)(*args, **kwargs)
    except AWAY as error:
        raise LogUnavailable(f"The archive cannot be reached: {error}") from error
    return answer


def prune_expired(days: int, most: int) -> tuple[int, int]:
    """Delete shares that have expired, then runs that are too old or too many; how many of each."""
    expired = shares.prune_shares()
    return expired, archive.prune_runs(timedelta(days=days), most)
