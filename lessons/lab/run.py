"""One run: its processes from start to end, whatever ends it."""

import asyncio
import contextlib
import logging
import os
import platform
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from lessons.lab.child import Child, StartError
from lessons.lab.entry import Role
from lessons.lab.events import (
    Body,
    ClockTicked,
    Event,
    LaneDied,
    LaneDone,
    LaneScheduled,
    LoadStarted,
    Outcome,
    Plain,
    ProcessDied,
    RequestFailed,
    ResponseReceived,
    RunEnded,
    RunStarted,
)
from lessons.lab.outbox import Outbox
from lessons.lab.processor import ProcessorTime, processor_time
from lessons.lab.spares import Spares
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.lab.testimony import Witness, plain_word
from lessons.lab.upstream_owner import UpstreamOwner

BREATH: Final = 1.0  # seconds between two signs of life while a run starts
FAREWELL: Final = 3.0  # seconds the lanes get to report the last steps when all requests are answered

logger = logging.getLogger(__name__)


class Failed(Exception):
    """The run cannot go on; the text says why in a sentence for the learner."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On which every run of a lab is run."""

    time_box: float  # seconds after which it is ended
    trace: bool  # are its views observed?


class Run:
    """Owns the lanes and the driver of one run. `go` is called once."""

    def __init__(
        self,
        spec: RunSpec,
        samples: Mapping[str, Path],
        outbox: Outbox,
        upstream: UpstreamOwner,
        spares: Spares,
        terms: Terms,
    ) -> None:
        self._spec = spec
        self._samples = samples
        self._outbox = outbox
        self._upstream = upstream
        self._spares = spares
        self._terms = terms
        self._token = secrets.token_urlsafe(16)
        self._zero = 0.0
        self._children: list[Child] = []
        self._lanes: dict[str, Child] = {}
        self._loaded = False  # has the load begun?
        self._before: dict[str, ProcessorTime | None] = {}  # what a lane's process had before its requests
        self._dead: list[str] = []  # lanes whose process died
        self._totals: dict[str, dict[str, Any]] = {
            lane.lane: {"total": None, "done": 0, "failed": 0} for lane in spec.lanes
        }
        self._verdict: asyncio.Future[tuple[Outcome, str]] = asyncio.get_running_loop().create_future()

    def stop(self, outcome: Outcome, reason: str) -> None:
        """End the run with this outcome; the first one counts."""
        if not self._verdict.done():
            self._verdict.set_result((outcome, reason))

    async def go(self) -> None:
        """Live through the run. Emits from `run.started` to `run.ended`; never raises but `CancelledError`."""
        self._zero = time.monotonic()
        self._outbox.begin(self._zero)
        self._report(_start(self._terms.time_box), at=0.0)
        work = asyncio.create_task(self._work(), name="lab-run")
        watch = asyncio.create_task(self._watch_outbox())
        try:
            await asyncio.wait({self._verdict}, timeout=self._terms.time_box)
            self.stop("timed_out", f"The run was ended after {self._terms.time_box:g} seconds.")
        finally:
            work.cancel()
            watch.cancel()
            await asyncio.shield(asyncio.create_task(self._clean_up(work)))
        outcome, reason = self._verdict.result()
        self._report(RunEnded(outcome, reason, self._totals))

    async def _clean_up(self, work: asyncio.Task[None]) -> None:
        await asyncio.wait({work})
        await asyncio.gather(*(child.end() for child in self._children))

    async def _watch_outbox(self) -> None:
        await self._outbox.broken.wait()
        self.stop("failed", "The events of the run could not be stored.")

    async def _work(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                await self._conduct(group)
        except* (Failed, StartError) as errors:
            self.stop("failed", _first_text(errors))
        except* Exception as errors:
            logger.exception("A run of the lab broke.", exc_info=errors)
            self.stop("failed", "The lab broke.")

    async def _conduct(self, group: asyncio.TaskGroup) -> None:
        await self._outbox.opened.wait()  # who waits for the first word of a run gets it before its processes start
        group.create_task(self._breathe())
        port = await self._upstream.port()
        group.create_task(self._fail_with_upstream())
        driver = self._take("driver")
        self._lanes = {lane.lane: self._take(lane.server) for lane in self._spec.lanes}
        ports: dict[str, asyncio.Future[int]] = {}
        farewells = []
        for lane in self._spec.lanes:
            ports[lane.lane] = asyncio.get_running_loop().create_future()
            attending = self._attend_lane(lane.lane, self._lane_config(lane, port), ports[lane.lane])
            farewells.append(group.create_task(attending))
        ready: asyncio.Future[dict[str, int]] = asyncio.get_running_loop().create_future()
        driving = group.create_task(self._attend_driver(driver, ready))
        listening = {lane: await port for lane, port in ports.items()}
        self._before = {lane: processor_time(child.pid) for lane, child in self._lanes.items()}
        ready.set_result(listening)
        await driving
        for child in self._lanes.values():
            child.say(finish=True)
        await asyncio.wait(farewells, timeout=FAREWELL)
        dead = ", ".join(self._dead)
        self.stop("failed" if dead else "done", f"The server process of {dead} died." if dead else "")

    async def _breathe(self) -> None:
        """Until the load begins and the driver's clock ticks: a start may be slow, and who is silent counts as gone."""
        while True:
            await asyncio.sleep(BREATH)
            if self._loaded:
                return
            self._report(ClockTicked())

    def _take(self, role: Role) -> Child:
        child = self._spares.take(role)
        self._children.append(child)
        return child

    def _lane_config(self, lane: LaneSpec, port: int) -> dict[str, Plain]:
        return {
            "zero": self._zero,
            "token": self._token,
            "lane": lane.lane,
            "server": lane.server,
            "sample": str(self._samples[lane.sample]),
            "workers": self._spec.workers,
            "port": port,
            "wait": self._spec.wait,
            "trace": self._terms.trace,
        }

    async def _fail_with_upstream(self) -> None:
        code = await self._upstream.death()
        self._report(ProcessDied("upstream", code))
        raise Failed("The upstream service died.")

    async def _attend_driver(self, child: Child, ready: "asyncio.Future[dict[str, int]]") -> None:
        load = {"requests": self._spec.requests, "every": self._spec.every}
        await child.start({"zero": self._zero, "token": self._token, **load})
        ready.add_done_callback(lambda ports: child.say(lanes=ports.result()))
        witness = Witness.driver(self._spec, self._zero, self._terms.time_box)
        async for word in _hear_words(child, witness):
            if isinstance(word, Event):
                self._hear(word)
            elif "bye" in word:
                return
        self._report(ProcessDied("driver", await child.gone()))
        raise Failed("The process that sends the requests died.")

    async def _attend_lane(self, lane: str, config: dict[str, Plain], port: asyncio.Future[int]) -> None:
        """Returns when the lane said goodbye, or died behind the start of the load."""
        child = self._lanes[lane]
        await child.start(config)
        reason = ""
        async for word in _hear_words(child, Witness.lane(lane, self._spec, self._zero)):
            if isinstance(word, Event):
                self._hear(word)
            elif "bye" in word:
                return
            elif not port.done() and "port" in word:
                port.set_result(word["port"])
            else:
                reason = word.get("error", "")
        self._report(LaneDied(await child.gone()), lane)
        self._dead.append(lane)
        if not port.done():
            raise Failed(reason or f"The server process of {lane} died before it was ready.")

    def _hear(self, event: Event) -> None:
        lane = event.lane
        match event.body:
            case LoadStarted():
                self._loaded = True
            case ResponseReceived():
                self._totals[lane]["done"] += 1
            case RequestFailed():
                self._totals[lane]["failed"] += 1
            case LaneDone(total=total):
                self._totals[lane]["total"] = total
                self._tell_scheduled(lane, event.t)
        self._outbox.put(event)

    def _tell_scheduled(self, lane: str, t: float) -> None:
        """What the lane's process has had of the processors, where the system tells."""
        before, now = self._before.get(lane), processor_time(self._lanes[lane].pid)
        if before and now:
            had = now.since(before)
            self._outbox.put(Event(t, LaneScheduled(round(had.ran, 4), round(had.waited, 4)), lane))

    def _report(self, body: Body, lane: str = "", at: float | None = None) -> None:
        t = round(time.monotonic() - self._zero, 6) if at is None else at
        self._outbox.put(Event(t, body, lane))


async def _hear_words(child: Child, witness: Witness) -> AsyncIterator[Event | dict[str, Any]]:
    """What the process says, until it is gone; who breaks the rules is ended, and nothing more is heard of it."""
    try:
        async for word in child.lines(witness.most):
            yield witness.event(word) if isinstance(word, list) else plain_word(word)
    except ValueError as fault:
        logger.warning("A %s process is ended: %s.", child.role, fault)
        await child.end()


def _start(time_box: float) -> RunStarted:
    """What this machine is, and how busy, as the run begins."""
    load = round(os.getloadavg()[0], 2)
    return RunStarted(time.time(), time_box, platform.python_version(), version("django"), load, os.cpu_count())


def _first_text(errors: BaseExceptionGroup[Any]) -> str:
    with contextlib.suppress(IndexError):
        while isinstance(errors, BaseExceptionGroup):
            errors = errors.exceptions[0]
    return str(errors)
