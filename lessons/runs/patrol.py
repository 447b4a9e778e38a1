"""Sees to it that every run ends and is archived, though its process may have gone without a word."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context
from typing import Final

from lessons.lab.events import Event, RunEnded
from lessons.log.protocol import EventLog, LogUnavailable, RunUnknown
from lessons.playback.hub import Hubs
from lessons.runs.archiver import Archiver
from lessons.runs.orders import Orders

BEAT: Final = 1.0  # seconds between two rounds
SILENCE: Final = 5.0  # seconds without an event after which a watched run's process counts as gone
SWEEP: Final = 60.0  # seconds between two looks at all runs that are not archived yet
GONE: Final = "The web process that ran it is gone. Send the requests again."

log = logging.getLogger(__name__)


class Patrol:
    """Of one process, whose own runs `is_own` tells. Goes its rounds from `start` to `stop`."""

    def __init__(
        self,
        events: EventLog,
        orders: Orders,
        hubs: Hubs,
        archiver: Archiver | None,
        is_own: Callable[[str], bool],
    ) -> None:
        self._events = events
        self._orders = orders
        self._hubs = hubs
        self._archiver = archiver
        self._is_own = is_own
        self._silent: dict[str, tuple[int, int]] = {}  # run -> its last event seen, rounds since
        self._keepers: dict[str, asyncio.Task[None]] = {}
        self._rounds: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin the rounds."""
        self._rounds.append(asyncio.create_task(self._walk(), name="patrol"))
        if self._archiver:
            self._rounds.append(asyncio.create_task(self._archiver.tidy(), name="tidy", context=Context()))
            self._rounds.append(asyncio.create_task(self._sweep(), name="sweep", context=Context()))

    async def stop(self) -> None:
        """End the rounds, and what is being archived."""
        tasks = [*self._rounds, *self._keepers.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def keep(self, run: str) -> None:
        """Archive a run that has ended, whoever sent it, and whichever process ran it; then it needs no orders."""
        if self._archiver is None:
            return
        try:
            owner, events = await self._orders.owner(run), (await self._events.read(run)).events
            ended = any(isinstance(event.body, RunEnded) for event in events)
            if ended and await self._archiver.keep(run, owner, events):
                await self._orders.remove(run)
        except RunUnknown:
            log.info("Run %s is gone, or another process has archived it.", run)
        except LogUnavailable as error:
            log.error("Run %s is not archived: %s", run, error)
        except Exception:
            log.exception("Run %s is not archived.", run)

    def _keep_soon(self, run: str) -> None:
        if run not in self._keepers:
            keeper = self._keepers[run] = asyncio.create_task(self.keep(run), name=f"keep-{run}", context=Context())
            keeper.add_done_callback(lambda _: self._keepers.pop(run))

    async def _walk(self) -> None:
        """End the runs whose process has gone without a word."""
        while True:
            await asyncio.sleep(BEAT)
            with suppress(LogUnavailable):
                for run in await self._abandoned():
                    log.warning("Run %s is ended: its process has been silent for %g s.", run, SILENCE)
                    await self._end(run)

    async def _sweep(self) -> None:
        """End and archive runs that no process speaks for any more, watched or not; who has orders is not archived."""
        last: dict[str, Event] = {}
        while True:
            await asyncio.sleep(SWEEP)
            before, last = last, {}
            with suppress(LogUnavailable):
                for run in await self._orders.names():
                    if not self._is_own(run) and run not in self._keepers:
                        with suppress(RunUnknown):
                            last[run] = await self._look(run, before.get(run))

    async def _look(self, run: str, before: Event | None) -> Event:
        """The run's last event; when that is the one from `before`, its process is gone. Raises `RunUnknown`."""
        events = (await self._events.read(run, before.seq if before else 0)).events
        if events:
            return events[-1]
        if before is None:
            raise RunUnknown(run)  # it is just being sent
        if isinstance(before.body, RunEnded):
            self._keep_soon(run)
        else:
            await self._end(run)
        return before

    async def _end(self, run: str) -> None:
        """End and archive a run whose process is gone."""
        with suppress(RunUnknown):
            await self._events.append(run, [Event(0.0, RunEnded("failed", GONE))])
            self._keep_soon(run)

    async def _abandoned(self) -> list[str]:
        """Watched runs of other processes that have been silent for too long. Raises `LogUnavailable`.

        Silence counts only while one can hear: in a round in which the log has answered.
        """
        before, self._silent = self._silent, {}
        for run, hub in self._hubs:
            if not self._is_own(run) and hub.end and not hub.timeline.live.ended:
                with suppress(RunUnknown):
                    end, rounds = before.get(run, (0, 0))
                    heard = (await self._events.read(run, hub.end)).events
                    self._silent[run] = (hub.end, rounds + 1 if hub.end == end and not heard else 0)
        return [run for run, (_, rounds) in self._silent.items() if rounds * BEAT >= SILENCE]
