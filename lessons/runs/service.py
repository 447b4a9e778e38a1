"""Runs: sent, watched, cancelled. One `Runs` per process ties log, lab and hubs together."""

import asyncio
import logging
import os
import secrets
from collections.abc import Iterable
from contextlib import aclosing, suppress
from functools import cache
from typing import TYPE_CHECKING, Final

from django.conf import settings

from lessons import catalogue, identity
from lessons.content.model import Lesson
from lessons.lab.events import CancelRequested, Event, PredictionMade, RunCreated
from lessons.lab.spec import RunSpec, SpecError
from lessons.lab.supervisor import Lab
from lessons.log.open import open_log, open_orders
from lessons.log.protocol import EventLog, LogUnavailable, RunOver, RunUnknown
from lessons.offload import offload
from lessons.playback.hub import Hubs
from lessons.runs.archiver import Archiver
from lessons.runs.composite_log import CompositeLog
from lessons.runs.executor import Executor
from lessons.runs.keeper import Keeper
from lessons.runs.labs import Labs, RemoteLabs
from lessons.runs.orders import Orders
from lessons.runs.patrol import Patrol
from lessons.runs.presses import Press
from lessons.stage.fold import fold_events
from lessons.stage.model import Stage

if TYPE_CHECKING:
    from lessons.log.order_queue import OrderQueue

logger = logging.getLogger(__name__)

SOON: Final = 0.1  # seconds in which the lab's first word is waited for

__all__ = ["Runs", "run_service"]


class NotYours(PermissionError):
    """Only the learner who sent a run may cancel it."""


class Runs:
    """Belongs to one event loop, as log and lab do: a lab of its own, or those that take orders from a queue."""

    def __init__(self, log: EventLog, lab: "Lab | OrderQueue", archiver: Archiver | None = None) -> None:
        self.log: EventLog = CompositeLog(log, archiver.events) if archiver else CompositeLog(log)
        self._orders = Orders(log)  # not of the composite: nobody else looks at them
        self._archiver = archiver
        self._keeper = Keeper(self.log, self._orders, archiver)
        self.labs: Labs = (
            Executor(self.log, self._orders, lab, self._keeper) if isinstance(lab, Lab) else RemoteLabs(lab)
        )
        self.hubs = Hubs(self.log, _lesson_of)
        self._patrol = Patrol(self.log, self._orders, self.hubs, self._keeper, self.labs.owns, self.labs.patience)
        self._patrol.start()

    async def send(
        self,
        spec: RunSpec,
        sender: str = "",
        prediction: PredictionMade | None = None,
        *,
        listed: bool = True,
        press: Press | None = None,
    ) -> str:
        """Start a run, or queue it; its name. Raises `LabFull` or `LogUnavailable`, and then nothing runs.

        When it has ended it is archived: among the sender's runs if `listed`, else as nobody's. A `press` that has
        started a run gives that one, and starts no other.
        """
        return (await self.begin(spec, sender, prediction, listed=listed, press=press))[0]

    async def begin(
        self,
        spec: RunSpec,
        sender: str = "",
        prediction: PredictionMade | None = None,
        *,
        listed: bool = True,
        press: Press | None = None,
    ) -> tuple[str, tuple[Event, ...]]:
        """Like `send`; the run's name and the events it has so far: as a rule, whether it starts or waits is known."""
        if before := await self.started_by(press):
            return before, (await self.log.read(before)).events
        await self.labs.check_room(spec, sender)  # before anything is written
        run, events = await self._create(spec, sender, prediction, sender if listed else "")
        if (first := await self._first(run, press)) != run:
            await asyncio.gather(self.log.remove(run), self._orders.remove(run))
            return first, (await self.log.read(first)).events
        try:
            await self.labs.hand_over(run, spec, sender)
        except BaseException:
            with suppress(LogUnavailable):
                await asyncio.gather(self.log.remove(run), self._orders.remove(run))
            raise
        return run, events + await self._first_word(run, len(events))

    async def started_by(self, press: Press | None) -> str:
        """The run that this press has started, wherever it arrived; "" for none. Raises `LogUnavailable`."""
        run = await self.log.claimed(press.name) if press else ""
        with suppress(RunUnknown):
            return run if run and (await self.log.read(run)).events else ""
        return ""

    async def _first(self, run: str, press: Press | None) -> str:
        """Of all runs that this press would start at this moment, in any process, the first."""
        if press and await self.log.claim(press.name, run, press.seconds) != run:
            return await self.started_by(press) or run
        return run

    async def _create(
        self, spec: RunSpec, sender: str, prediction: PredictionMade | None, owner: str
    ) -> tuple[str, tuple[Event, ...]]:
        """Write down a new run and its orders; `owner` is the learner among whose runs it will be."""
        run = secrets.token_urlsafe(12)
        created = RunCreated(spec.as_data(), identity.owner_mark(run, sender) if sender else "")
        bodies = [body for body in (created, prediction) if body]
        events = tuple(Event(0.0, body, seq=seq) for seq, body in enumerate(bodies, 1))
        await asyncio.gather(self.log.create(run), self._orders.create(run, owner))
        await self.log.append(run, events)
        return run, events

    async def _first_word(self, run: str, after: int) -> tuple[Event, ...]:
        """What a lab says of the run first; nothing when that takes longer than `SOON`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SOON), aclosing(self.log.follow(run, after)) as batches:
                async for batch in batches:
                    return batch.events
        return ()

    async def cancel(self, run: str, sender: str) -> None:
        """Ask the process that runs it to stop. Raises `RunUnknown`, `NotYours`."""
        stage = await self.stage(run)
        if not identity.owns_run(run, stage.owner, sender):
            raise NotYours(run)
        if not stage.ended and not stage.cancelling:
            await self._stop(run, stage.t)

    async def abandon(self, run: str) -> None:
        """Have a run stopped that nobody waits for any more; one that has ended, or is gone, needs no more.

        Raises `LogUnavailable`.
        """
        with suppress(RunUnknown):
            events = (await self.log.read(run)).events
            await self._stop(run, events[-1].t)

    async def _stop(self, run: str, at: float) -> None:
        request = Event(at, CancelRequested())
        with suppress(RunOver):  # it has ended meanwhile
            await self.log.append(run, [request])
            await self._orders.cancel(run, request)

    async def stage(self, run: str, cursor: int | None = None) -> Stage:
        """The run as it stands now, or as it stood after the event numbered `cursor`.

        Raises `RunUnknown`, `LogUnavailable`.
        """
        lesson, events = await self.history(run)
        return await offload(len(events), fold_events, lesson, events[:cursor])

    async def history(self, run: str) -> tuple[Lesson, tuple[Event, ...]]:
        """The run's lesson, and every event so far, numbered densely from 1. Raises `RunUnknown`, `LogUnavailable`."""
        events = (await self.log.read(run)).events
        if not events or not isinstance(events[0].body, RunCreated):
            raise RunUnknown(run)
        try:
            return _lesson_of(RunSpec.from_data(events[0].body.spec)), events
        except SpecError as error:
            raise RunUnknown(str(error)) from None

    async def delete(self, run: str, sender: str) -> bool:
        """Delete an archived run of the sender's own, wherever it is; False when there is none. Its shares go, too.

        Raises `LogUnavailable`, and then nothing is deleted.
        """
        deleted = self._archiver is not None and await self._archiver.delete(run, sender)
        if deleted:
            await self._drop([run])
        return deleted

    async def delete_all(self, sender: str) -> int:
        """Delete every archived run of the sender; how many. Raises `LogUnavailable`, and then nothing is deleted."""
        names = await self._archiver.delete_all(sender) if self._archiver else ()
        await self._drop(names)
        return len(names)

    async def close(self) -> None:
        """End every run of this process and give back every connection."""
        await self.labs.close()
        await self._patrol.stop()
        await self._keeper.stop()
        await self.log.close()

    async def _drop(self, runs: Iterable[str]) -> None:
        """Take runs off the log, too; what cannot be taken off now expires by itself."""
        with suppress(LogUnavailable):
            for run in runs:
                await self.log.remove(run)


def _lesson_of(spec: RunSpec) -> Lesson:
    """The lesson of a run, which may have changed since. Raises `RunUnknown`."""
    try:
        lesson = catalogue.find_lesson(spec.lesson)
    except KeyError:
        raise RunUnknown(f"there is no lesson {spec.lesson} any more") from None
    if gone := {lane.lane for lane in spec.lanes} - {lane.id for lane in lesson.lanes}:
        raise RunUnknown(f"{spec.lesson} has no lane {', '.join(sorted(gone))} any more")
    return lesson


def open_lab() -> Lab:
    """The lab that a process of this site has, by the settings."""
    return Lab(
        settings.LAB_MAX_RUNS,
        settings.LAB_MAX_QUEUE,
        settings.LAB_TIME_BOX,
        cores=settings.LAB_CORES or os.cpu_count() or 1,
        spares=True,
    )


def open_archiver() -> Archiver:
    """The archive of this site, by the settings."""
    return Archiver(settings.ARCHIVE_DAYS, settings.ARCHIVE_MAX_RUNS)


@cache
def run_service() -> Runs:
    """This process's runs, by the settings. Belongs to the event loop that asks first."""
    log = open_log(settings.REDIS_URL, settings.RUN_TTL)
    return Runs(log, open_orders(settings.REDIS_URL) if settings.LAB_APART else open_lab(), open_archiver())


def run_hubs() -> Hubs:
    """This process's hubs."""
    return run_service().hubs
