"""The lab: takes specs, runs as many at once as the machine can bear, and hands their events on."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Final

from lessons.lab import child
from lessons.lab.admission import Job, Room, expected_job, expected_waits, fits, next_to_begin, turn_order
from lessons.lab.events import Event, Outcome, RunEnded, RunQueued
from lessons.lab.outbox import Emit, Outbox
from lessons.lab.run import Run, Terms
from lessons.lab.spares import Spares
from lessons.lab.spec import RunSpec
from lessons.lab.upstream_owner import UpstreamOwner

OWN_WAITING: Final = 3  # runs of one owner that may wait
BUSY: Final = 0.7  # of the processors that runs may keep busy, so that each finds one when it wants it
PACE: Final = 0.3  # of the processors that beginnings of runs may keep busy
PERIOD: Final = 2.0  # seconds after which a run that waits is told anew for how long it will


class LabFull(Exception):
    """As many runs wait as may wait."""


class TooManyOwn(LabFull):
    """As many runs of this owner wait as may wait."""


@dataclass(slots=True, eq=False)
class _Entry:
    """A submitted run and how far it has got."""

    job: Job
    began: float = 0.0  # by the monotonic clock
    place: int = 0  # in the queue, from 1; 0: its turn has come
    changed: asyncio.Event = field(default_factory=asyncio.Event)  # `place` or `verdict` did
    verdict: tuple[Outcome, str] | None = None  # someone ended it before its turn
    withdrawn: bool = False  # it is somebody else's now
    run: Run | None = None
    task: "asyncio.Task[None] | None" = None

    def left(self, now: float) -> Job:
        """The job as far as it is still to be done."""
        return self.job._replace(seconds=max(0.0, self.began + self.job.seconds - now))


class Lab:
    """Belongs to one event loop. `close` must be awaited in the end.

    At most `max_runs` runs go at once, and no more than `cores` processors can measure truly; they begin so slowly one
    after another that their beginnings do not spoil each other's figures. `max_queue` more wait in order; each is ended
    after `time_box` seconds. Of an owner's runs one goes at a time, and the turn of the second comes behind the first
    of everybody else. With `spares`, processes for the next run stand ready whenever no run goes.
    """

    def __init__(
        self,
        max_runs: int = 16,
        max_queue: int = 64,
        time_box: float = 30.0,
        trace: bool = True,
        *,
        cores: float = inf,
        spares: bool = False,
    ) -> None:
        self._room = Room(max_runs, BUSY * cores)
        self._pace = PACE * cores
        self._max_queue = max_queue
        self._terms = Terms(time_box, trace)
        self._going: dict[str, _Entry] = {}
        self._queue: dict[str, _Entry] = {}  # in the order in which they came
        self._turn = 0  # of the run that began last
        self._resting: asyncio.TimerHandle | None = None  # until the next one may begin
        self._upstream: UpstreamOwner | None = None
        self._spares, self._keeps_spares = Spares(), spares

    def prepare(self) -> None:
        """Warm up in the background, so that the first run starts as fast as the next. Call it at boot."""
        child.start_fork_server()
        if self._keeps_spares:
            self._spares.fill()

    def submit(
        self,
        run: str,
        spec: RunSpec,
        samples: Mapping[str, Path],
        emit: Emit,
        owner: str = "",
        *,
        seconds: float | None = None,
    ) -> asyncio.Task[None]:
        """Run `spec` as soon as it is its turn; `samples` has the file of each of its samples.

        `seconds` are what its slowest lane is expected to take, as far as that is known. `emit` gets every event from
        `run.queued` or `run.started` to `run.ended`, in batches, one call at a time. The task ends behind `run.ended`.
        Raises `LabFull`, `TooManyOwn`; `KeyError` for a sample without a file.
        """
        samples = {lane.sample: samples[lane.sample] for lane in spec.lanes}
        entry = self._queue[run] = _Entry(self.check_room(spec, owner, seconds))
        self._advance()
        entry.task = asyncio.create_task(self._live(run, entry, spec, samples, emit), name=f"lab-{run}")
        return entry.task

    def check_room(self, spec: RunSpec, owner: str = "", seconds: float | None = None) -> Job:
        """The job that such a run is. Raises `LabFull` or `TooManyOwn` when it could not even wait."""
        box = self._terms.time_box
        job = expected_job(owner, self._next_turn(owner), spec, box if seconds is None else min(seconds, box))
        if len(self._queue) >= self._max_queue and not fits(job, self._jobs(self._going), self._room):
            raise LabFull(f"{len(self._queue)} runs are waiting already.")
        if owner and sum(each.owner == owner for each in self._jobs(self._queue)) >= OWN_WAITING:
            raise TooManyOwn(f"{OWN_WAITING} of them are waiting already.")
        return job

    @property
    def load(self) -> tuple[int, int]:
        """How many runs go, and how many wait."""
        return len(self._going), len(self._queue)

    @property
    def room(self) -> int:
        """How many more runs may be submitted."""
        return max(0, self._max_queue + self._room.runs - len(self._going) - len(self._queue))

    @property
    def owners(self) -> list[str]:
        """Whose the runs are that wait."""
        return [job.owner for job in self._jobs(self._queue)]

    @property
    def queue(self) -> tuple[str, ...]:
        """The runs that wait for their turn, the next one first."""
        return tuple(self._in_turn())

    def cancel(self, run: str) -> bool:
        """End the run as cancelled; False when it is not waiting or going here."""
        return self._stop(run, "cancelled", "The run was cancelled.")

    def withdraw(self, run: str) -> bool:
        """Forget a run that waits, without a word about it; False when it does not wait here."""
        if (entry := self._queue.get(run)) is None:
            return False
        entry.withdrawn = True
        entry.changed.set()
        return True

    async def close(self) -> None:
        """End every run and the upstream, and wait until all their processes are gone."""
        self._keeps_spares = False
        if self._resting:
            self._resting.cancel()
        entries = [*self._queue.values(), *self._going.values()]
        for run in [*self._queue, *self._going]:
            self._stop(run, "cancelled", "The lab was closed.")
        await asyncio.gather(*(entry.task for entry in entries if entry.task), return_exceptions=True)
        if self._upstream is not None:
            await self._upstream.close()
            self._upstream = None
        await self._spares.close()

    def _stop(self, run: str, outcome: Outcome, reason: str) -> bool:
        entry = self._going.get(run) or self._queue.get(run)
        if entry is None:
            return False
        entry.verdict = entry.verdict or (outcome, reason)
        entry.changed.set()
        if entry.run is not None:
            entry.run.stop(outcome, reason)
        return True

    async def _live(self, run: str, entry: _Entry, spec: RunSpec, samples: Mapping[str, Path], emit: Emit) -> None:
        outbox = Outbox(emit)
        try:
            await self._wait_for_turn(entry, outbox)
            if entry.withdrawn:
                return
            if entry.verdict is None:
                self._upstream = self._upstream or UpstreamOwner()
                entry.run = Run(spec, samples, outbox, self._upstream, self._spares, self._terms)
                await entry.run.go()
            else:
                outbox.put(Event(0.0, RunEnded(*entry.verdict)))
        finally:
            self._leave(run)
            await outbox.close()

    async def _wait_for_turn(self, entry: _Entry, outbox: Outbox) -> None:
        while entry.place and entry.verdict is None and not entry.withdrawn:
            outbox.put(Event(0.0, RunQueued(entry.place, self._expected_wait(entry))))
            entry.changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(PERIOD):
                    await entry.changed.wait()

    def _expected_wait(self, entry: _Entry) -> float:
        """Seconds until the run begins."""
        now, waiting = time.monotonic(), [*self._queue.values()]
        going = [each.left(now) for each in self._going.values()]
        return round(expected_waits(going, self._jobs(self._queue), self._room)[waiting.index(entry)], 1)

    @staticmethod
    def _jobs(entries: Mapping[str, _Entry]) -> list[Job]:
        return [entry.job for entry in entries.values()]

    def _leave(self, run: str) -> None:
        """Make room, and let the next ones move up."""
        self._going.pop(run, None)
        self._queue.pop(run, None)
        self._advance()
        if self._keeps_spares and not self._going:
            self._spares.fill()

    def _in_turn(self) -> list[str]:
        """The runs that wait, in order."""
        runs = [*self._queue]
        return [runs[at] for at in turn_order(self._jobs(self._queue))]

    def _next_turn(self, owner: str) -> int:
        """The turn that is being served, for the first run of an owner; each further one has the next turn."""
        known = [*self._jobs(self._going), *self._jobs(self._queue)]
        return max([self._turn, *(job.turn + 1 for job in known if owner and job.owner == owner)])

    def _advance(self) -> None:
        """Begin the runs whose turn has come, and tell the others where they stand now."""
        while run := self._next():
            entry = self._going[run] = self._queue.pop(run)
            entry.began = time.monotonic()
            self._turn = max(self._turn, entry.job.turn)
            self._tell_place(entry, 0)
            self._rest(entry.job.burst / self._pace)
        for place, run in enumerate(self._in_turn(), 1):
            self._tell_place(self._queue[run], place)

    def _next(self) -> str:
        """The run that may begin now; "" for none."""
        if self._resting:
            return ""
        may = next_to_begin(self._jobs(self._going), self._jobs(self._queue), self._room)
        return [*self._queue][may[0]] if may else ""

    def _rest(self, seconds: float) -> None:
        """Let no run begin meanwhile: what a beginning takes of the processors would spoil another one's figures."""
        if seconds:
            self._resting = asyncio.get_running_loop().call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        self._resting = None
        self._advance()

    @staticmethod
    def _tell_place(entry: _Entry, place: int) -> None:
        if entry.place != place:
            entry.place = place
            entry.changed.set()
