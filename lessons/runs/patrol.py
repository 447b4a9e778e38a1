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
from lessons.runs.keeper import Keeper
from lessons.runs.orders import Orders

BEAT: Final = 1.0  # seconds between two rounds
SILENCE: Final = 4.0  # seconds without an event after which a watched run's process counts as gone
SWEEP: Final = 60.0  # seconds between two looks at all runs that are not archived yet
GONE: Final = "The process that ran it is gone. Send the requests again."
WAITING: Final = ("created", "queued")  # states of a run that has not begun
UNTAKEN: Final = "No lab has taken it over. Send the requests again."

log = logging.getLogger(__name__)


class Patrol:
    """Of one process, whose own runs `is_own` tells. Goes its rounds from `start` to `stop`.

    A run that has not begun may be silent for `patience` seconds more: another lab may take it over.
    """

    def __init__(
        self,
        events: EventLog,
        orders: Orders,
        hubs: Hubs,
        keeper: Keeper,
        is_own: Callable[[str], bool],
        patience: float = 0.0,
    ) -> None:
        self._events = events
        self._orders = orders
        self._hubs = hubs
        self._keeper = keeper
        self._is_own = is_own
        self._patience = patience
        self._silent: dict[str, tuple[int, int]] = {}  # run -> its last event seen, rounds since
        self._rounds: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin the rounds."""
        self._rounds.append(asyncio.create_task(self._walk(), name="patrol"))
        if archiver := self._keeper.archiver:
            self._rounds.append(asyncio.create_task(archiver.tidy(), name="tidy", context=Context()))
            self._rounds.append(asyncio.create_task(self._sweep(), name="sweep", context=Context()))

    async def stop(self) -> None:
        """End the rounds."""
        for task in self._rounds:
            task.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)

    async def _walk(self) -> None:
        """End the runs whose process has gone without a word."""
        while True:
            await asyncio.sleep(BEAT)
            with suppress(LogUnavailable):
                for run, reason in (await self._abandoned()).items():
                    log.warning("Run %s is ended: %s", run, reason)
                    await self._end(run, reason)

    async def _sweep(self) -> None:
        """End and archive runs that no process speaks for any more, watched or not; who has orders is not archived."""
        last: dict[str, Event] = {}
        while True:
            await asyncio.sleep(SWEEP)
            before, last = last, {}
            with suppress(LogUnavailable):
                for run in await self._orders.names():
                    if not self._is_own(run) and not self._keeper.is_keeping(run):
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
            self._keeper.keep_soon(run)
        else:
            await self._end(run)
        return before

    async def _end(self, run: str, reason: str = GONE) -> None:
        """End and archive a run whose process is gone."""
        with suppress(RunUnknown):
            await self._events.append(run, [Event(0.0, RunEnded("failed", reason))])
            self._keeper.keep_soon(run)

    async def _abandoned(self) -> dict[str, str]:
        """Watched runs of others that have been silent for too long, and why each ends. Raises `LogUnavailable`.

        Silence counts only while one can hear: in a round in which the log has answered.
        """
        before, self._silent, found = self._silent, {}, {}
        for run, hub in self._hubs:
            if not self._is_own(run) and hub.end and not hub.timeline.live.ended:
                with suppress(RunUnknown):
                    end, rounds = before.get(run, (0, 0))
                    heard = (await self._events.read(run, hub.end)).events
                    rounds = rounds + 1 if hub.end == end and not heard else 0
                    self._silent[run] = (hub.end, rounds)
                    waits = hub.timeline.live.state in WAITING
                    if rounds * BEAT >= SILENCE + (self._patience if waits else 0.0):
                        found[run] = UNTAKEN if waits else GONE
        return found
