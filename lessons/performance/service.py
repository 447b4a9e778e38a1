"""Measurements of this server: the points of a lesson's chart, run one after another by the same lab as every run.

One background task per measurement; at most one per learner and `MAX_GOING` per process. What is measured is written
into the event log, so every web process can show a measurement, and cancel it. The events of one that has ended are
kept in the database, too: they outlive the log, and a restart.
"""

import asyncio
import logging
import platform
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from contextvars import Context
from dataclasses import replace
from functools import cache, partial
from importlib.metadata import version
from typing import Final

from channels.db import database_sync_to_async
from django.conf import settings

from lessons import catalogue, identity
from lessons.content.model import Lesson
from lessons.content.teaching import Performance
from lessons.lab.events import (
    Body,
    CancelRequested,
    Event,
    LaneDone,
    LaneScheduled,
    Outcome,
    PredictionMade,
    RequestFailed,
    RequestSent,
    RunCreated,
    RunEnded,
    RunStarted,
)
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.lab.supervisor import LabFull
from lessons.log.protocol import LogUnavailable, RunUnknown
from lessons.performance import store
from lessons.performance.diary import Diary
from lessons.performance.model import (
    KEY,
    PLAN,
    Measurement,
    Point,
    asked_point,
    fold_measurement,
    measured_lesson,
    plan_fingerprint,
    plan_points,
    with_results,
)
from lessons.runs.archiver import AWAY
from lessons.runs.composite_log import NAME
from lessons.runs.presses import Press
from lessons.runs.service import NotYours, Runs, run_service

MAX_GOING: Final = 2  # measurements of a process at once: figures taken under each other's load say little
ATTEMPTS: Final = 2  # at a point, while the machine is too busy to measure it well
PAUSE: Final = 1.0  # seconds until a lab whose queue is full is asked again
SWEEP: Final = 60.0  # seconds between two looks at the measurements that nobody seems to make
SILENCE: Final = 20.0  # seconds without an event after which a measurement's process counts as gone
ONE_NEXT: Final = 5.0  # seconds in which posts that know the same latest measurement are taken for one
GONE: Final = "The web process that measured is gone. Measure again."

logger = logging.getLogger(__name__)


class TooManyMeasurements(Exception):
    """As many measurements go on as may go on; the figures of one more would be worth nothing."""


class MeasurementUnknown(RunUnknown):
    """There is no such measurement: it never was, it has expired, or it was one of something else."""


class NothingToMeasure(LookupError):
    """The lesson has no performance part."""


class Measurements:
    """The measurements of one process. Belongs to the event loop of its runs."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._going: dict[str, str] = {}  # learner -> name of the measurement
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self._sweeper = asyncio.create_task(self._sweep(), name="sweep-measurements", context=Context())

    async def begin(self, lesson: Lesson, sender: str, press: Press | None = None, guess: float | None = None) -> str:
        """Start to measure; the measurement's name. One that this learner has going already, anywhere, is kept.

        So is what this `press` has started. `guess` is what the learner says of `asked_point`, in seconds. Raises
        `TooManyMeasurements`, `LogUnavailable`, `NothingToMeasure`, and then nothing runs.
        """
        performance = _performance(lesson)
        async with self._turn:  # one after another, so that each knows what the one before has come to
            before = await self.latest(sender, lesson)
            if known := await self._runs.started_by(press) or await self._unless_ended(before):
                return known
            if sender in self._going:
                return self._going[sender]
            if len(self._going) >= MAX_GOING:
                raise TooManyMeasurements(f"{len(self._going)} measurements are under way.")
            name = secrets.token_urlsafe(12)
            await self._create(name, lesson, performance, sender, guess)
            first = await self._first(name, press, Press.of(ONE_NEXT, sender, lesson.slug, before))
            if first != name:  # another web process was quicker
                await self._runs.log.remove(name)
                return first
            self._going[sender] = name
            await _kept(store.note_latest, sender, lesson.slug, name)
        task = asyncio.create_task(self._live(name, lesson, performance, sender), name=f"measure-{name}")
        self._tasks.add(task)
        task.add_done_callback(lambda task: self._forget(task, sender))
        return name

    async def _create(
        self, name: str, lesson: Lesson, performance: Performance, sender: str, guess: float | None
    ) -> None:
        await self._runs.log.create(name)
        created = RunCreated({KEY: lesson.slug, PLAN: plan_fingerprint(performance)}, identity.owner_mark(name, sender))
        started = RunStarted(time.time(), 0.0, platform.python_version(), version("django"))
        guessed = [] if guess is None else [PredictionMade(asked_point(performance).lane, guess)]
        await self._runs.log.append(name, [Event(0.0, body) for body in (created, *guessed, started)])

    async def _first(self, name: str, *presses: Press | None) -> str:
        """Of all measurements that these presses would start, the first."""
        for press in filter(None, presses):
            first = await self._runs.log.claim(press.name, name, press.seconds)
            if first != name and await self._unless_ended(first):
                return first
        return name

    async def _unless_ended(self, name: str) -> str:
        """The same name, if the measurement goes on; else ""."""
        with suppress(RunUnknown):
            return name if name and not (await self.state(name)).ended else ""
        return ""

    async def remaining(self, found: Measurement) -> frozenset[str]:
        """The runs of a measurement that can still be looked at: all of a young one, and those in the archive."""
        runs = frozenset(point.run for point in found.points if point.run)
        young = time.time() - found.at < settings.RUN_TTL
        return runs if young else await _kept(store.archived_runs, runs) or frozenset()

    def of(self, sender: str) -> str:
        """Name of the measurement that this learner has going here; "" for none."""
        return self._going.get(sender, "")

    async def latest(self, sender: str, lesson: Lesson) -> str:
        """Name of this learner's latest measurement of the lesson, which may be gone by now; "" for none."""
        return await _kept(store.latest_measurement, sender, lesson.slug) or ""

    async def idle(self) -> None:
        """Wait until nothing is measured in this process."""
        while self._tasks:
            await asyncio.wait([*self._tasks])

    async def close(self) -> None:
        """End every measurement of this process; before its runs are closed, lest a next one begins."""
        tasks = [self._sweeper, *self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def settled(self) -> None:
        """Wait until no measurement of this process goes on."""
        await asyncio.gather(*self._tasks)
        await asyncio.sleep(0)  # what is called back at their end has its turn

    @staticmethod
    def is_of(name: str, measurement: Measurement, sender: str) -> bool:
        """Did this learner begin it?"""
        return identity.owns_run(name, measurement.owner, sender)

    def _forget(self, task: "asyncio.Task[None]", sender: str) -> None:
        self._tasks.discard(task)
        self._going.pop(sender, None)

    async def state(self, name: str) -> Measurement:
        """How far the measurement has got; one whose process is gone has failed.

        Raises `MeasurementUnknown`, `LogUnavailable`.
        """
        found = await self._told(name)
        silent = not found.ended and time.time() - (found.at + found.t) > SILENCE
        return replace(found, outcome="failed", reason=GONE) if silent else found

    async def _told(self, name: str) -> Measurement:
        """What its history tells of it. Raises as `state` does."""
        events = await self._history(name)
        try:
            performance = _performance(catalogue.find_lesson(measured_lesson(events)))
            return fold_measurement(performance, events)
        except (KeyError, ValueError, NothingToMeasure):
            raise MeasurementUnknown(name) from None

    async def end_abandoned(self) -> None:
        """Write down the end of each measurement whose process is gone, and keep what it has measured."""
        names = await _kept(store.unfinished_measurements, settings.RUN_TTL) or ()
        for name in set(names) - set(self._going.values()):
            with suppress(RunUnknown, LogUnavailable):
                if (await self.state(name)).ended:
                    told = await self._told(name)
                    if not told.ended:
                        await self._runs.log.append(name, [Event(told.t, RunEnded("failed", GONE))])
                    await self._keep(name)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            await self.end_abandoned()

    async def _history(self, name: str) -> Sequence[Event]:
        """Every event of the measurement, out of the log or as they were kept. Raises as `state` does."""
        try:
            return (await self._runs.log.read(name)).events
        except (RunUnknown, LogUnavailable) as error:
            events = await _kept(store.stored_events, name) if NAME.fullmatch(name) else ()
            if events:
                return events
            if isinstance(error, RunUnknown):
                raise MeasurementUnknown(name) from None
            raise

    async def _keep(self, name: str) -> None:
        """Keep what was measured; the measurement has ended."""
        with suppress(RunUnknown, LogUnavailable):
            found, events = await self.state(name), await self._history(name)
            if found.ended:
                await _kept(partial(store.store_events, complete=found.outcome == "done"), name, events)

    async def cancel(self, name: str, sender: str) -> None:
        """Ask the process that measures to stop. Raises `MeasurementUnknown`, `NotYours`, `LogUnavailable`."""
        found = await self.state(name)
        if not identity.owns_run(name, found.owner, sender):
            raise NotYours(name)
        if not found.ended and not found.cancelling:
            await self._runs.log.append(name, [Event(found.t, CancelRequested())])

    async def _live(self, name: str, lesson: Lesson, performance: Performance, sender: str) -> None:
        """Measure until all is measured, the learner cancels, or something breaks; say how it ended."""
        diary = Diary(self._runs.log, name)
        outcome: Outcome = "failed"
        reason = "The measurement broke off."
        work = asyncio.create_task(self._measure(diary, lesson, performance, sender), name=f"points-{name}")
        helpers = [
            asyncio.create_task(self._until_cancelled(name), name=f"listen-{name}"),
            asyncio.create_task(diary.beat(), name=f"beat-{name}"),
        ]
        try:
            await asyncio.wait([work, helpers[0]], return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                outcome, reason = "cancelled", "The measurement was cancelled."
            elif not work.cancelled() and not (error := work.exception()):
                outcome, reason = "done", ""
            elif error:
                logger.error("Measurement %s broke off.", name, exc_info=error)
        finally:
            for task in (work, *helpers):
                task.cancel()
            await asyncio.gather(work, *helpers, return_exceptions=True)
            with suppress(RunUnknown, LogUnavailable):
                await diary.write(RunEnded(outcome, reason))
            await self._keep(name)

    async def _until_cancelled(self, name: str) -> None:
        async with aclosing(self._runs.log.follow(name)) as batches:
            async for batch in batches:
                if any(isinstance(event.body, CancelRequested) for event in batch.events):
                    return

    async def _measure(self, diary: Diary, lesson: Lesson, performance: Performance, sender: str) -> None:
        for point in plan_points(performance):
            for attempt in range(1, ATTEMPTS + 1):
                run = await self._send(_point_spec(lesson, performance, point), sender)
                try:
                    await diary.write(RequestSent(), run, point.number)
                    results = await self._results(run)
                finally:
                    await self._runs.abandon(run)
                if attempt == ATTEMPTS or not with_results(point, results).disturbed:
                    break
            for body in results:
                await diary.write(body, run, point.number)

    async def _send(self, spec: RunSpec, sender: str) -> str:
        while True:
            try:
                return await self._runs.send(spec, sender, listed=False)
            except LabFull:
                await asyncio.sleep(PAUSE)

    async def _results(self, run: str) -> list[Body]:
        """How the run of one lane ended, and what the machine gave to it, if it tells."""
        found: list[Body] = []
        async with aclosing(self._runs.log.follow(run)) as batches:
            async for batch in batches:
                for event in batch.events:
                    if isinstance(event.body, LaneScheduled | LaneDone):
                        found.append(event.body)
                    elif isinstance(event.body, RunEnded):
                        done = any(isinstance(body, LaneDone) for body in found)
                        return found if done else [*found, RequestFailed(event.body.reason)]
        raise RunUnknown(run)


async def _kept[T, **P](ask: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What the database says; `None` when it is away, which keeps nobody from measuring."""
    try:
        answer: T = await database_sync_to_async(ask)(*args, **kwargs)
    except AWAY as error:
        logger.warning("What was measured is neither kept nor found: %s", error)
        return None
    return answer


def _performance(lesson: Lesson) -> Performance:
    if lesson.teaching.performance is None:
        raise NothingToMeasure(lesson.slug)
    return lesson.teaching.performance


def _point_spec(lesson: Lesson, performance: Performance, point: Point) -> RunSpec:
    return RunSpec(lesson.slug, (LaneSpec.parse(point.lane),), point.requests, performance.wait, point.workers)


@cache
def measurement_service() -> Measurements:
    """This process's measurements. Belongs to the event loop that asks first."""
    return Measurements(run_service())
