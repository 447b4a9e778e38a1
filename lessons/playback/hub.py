"""One follower per watched run and process, and what its viewers share: events, stages, rendered frames.

The hub's beat makes viewers share: at most 30 times a second it publishes how far the run has got, and everyone who
is live at that beat shows the same stage, rendered once.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager

from lessons.content.model import Lesson
from lessons.lab.events import RunCreated
from lessons.lab.spec import RunSpec
from lessons.log.protocol import Batch, EventLog, LogUnavailable, RunUnknown
from lessons.playback.clock import Mode
from lessons.playback.frame_cache import FrameCache, Regions, View
from lessons.playback.playhead import PlayheadFields
from lessons.playback.timeline import Timeline
from lessons.rendering.regions import RegionRenderer
from lessons.stage.model import Stage
from lessons.stage.viewpoint import Viewpoint

BEAT = 1 / 30  # seconds between two publications, at least
CHECK = 60.0  # seconds between two looks whether an ended run is still there
CHUNK = 32  # events folded before others get the event loop

log = logging.getLogger(__name__)

LessonOf = Callable[[RunSpec], Lesson]


class HubClosed(RuntimeError):
    """The process is about to end, or following the run failed for a fault of our own."""


class Hub:
    """Follows one run from `start` to `stop`; its viewers are woken at each beat that has news."""

    def __init__(self, log: EventLog, run: str, lesson_of: LessonOf, regions: Regions, check: float = CHECK) -> None:
        self.run = run
        self.generation = 0  # rises when the history is taken anew
        self.end = 0  # how far the run had got at the last beat
        self.viewers = 0
        self._log = log
        self._lesson_of = lesson_of
        self._frames = FrameCache(regions)
        self._check = check
        self._timeline: Timeline | None = None
        self._epoch = ""
        self._failure: Exception | None = None
        self._ready = asyncio.Event()
        self._wakes: set[Callable[[], None]] = set()
        self._clock = asyncio.get_running_loop().time
        self._zero: float | None = None  # the run's time 0 on our clock
        self._beat_at = float("-inf")
        self._beat: asyncio.TimerHandle | None = None
        self._task = asyncio.create_task(self._follow(), name=f"hub-{run}")

    async def ready(self) -> None:
        """Wait for the first events. Raises `RunUnknown`, `HubClosed`."""
        await self._ready.wait()
        self.check_alive()

    def check_alive(self) -> None:
        """Raises what ended the following, if it did: `RunUnknown`, `HubClosed`."""
        if isinstance(self._failure, RunUnknown):
            raise RunUnknown(self.run)
        if self._failure is not None:
            raise HubClosed(self.run) from self._failure

    async def stop(self) -> None:
        """Give back task, timer and the log's connection."""
        if self._beat is not None:
            self._beat.cancel()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    @contextmanager
    def waking(self, wake: Callable[[], None]) -> Iterator[None]:
        """Have `wake` called at each beat, and when the following ends."""
        self._wakes.add(wake)
        try:
            yield
        finally:
            self._wakes.discard(wake)

    @property
    def timeline(self) -> Timeline:
        """The run's events. Only once `ready`."""
        assert self._timeline is not None
        return self._timeline

    @property
    def spec(self) -> RunSpec:
        """What was asked for. Only once `ready`."""
        spec = self.timeline.live.spec
        assert spec is not None
        return spec

    def now(self) -> float:
        """Seconds since the run began, by this process's clock; 0 before."""
        return 0.0 if self._zero is None else self._clock() - self._zero

    def view(self, cursor: int, viewpoint: Viewpoint) -> View:
        """What is seen at `cursor`, rendered once for all who look from there."""
        return self._frames.view(self.timeline, cursor, viewpoint)

    def changes(self, before: View | None, after: View) -> str:
        """The regions of `after` that `before` did not show like that, concatenated, as a JSON string; or ""."""
        return self._frames.changes(before, after)

    def scene(self, known: int) -> str:
        """The facts of the scene that follow the first `known`, as JSON."""
        return self._frames.scene(self.timeline, known)

    def playhead_fields(self, view: View, mode: Mode, rate: float) -> PlayheadFields:
        """What a frame tells of the playhead, for all who see this view and go on alike."""
        return self._frames.playhead_fields(self.timeline, self.end, view, mode, rate)

    # Following

    async def _follow(self) -> None:
        try:
            async with aclosing(self._log.follow(self.run)) as batches:
                async for batch in batches:
                    await self._take(batch)
            if self._timeline is None or not self._timeline.live.ended:
                raise HubClosed("the event log was closed")
            await self._outlive()
        except RunUnknown as error:
            self._failure = error
        except Exception as error:
            if not isinstance(error, HubClosed):
                log.exception("The hub of run %s failed.", self.run)
            self._failure = error
        self._ready.set()
        self._wake()

    async def _take(self, batch: Batch) -> None:
        timeline = self._timeline
        if timeline is None or batch.epoch != self._epoch:
            timeline = self._blank(batch)
        for start in range(0, len(batch.events), CHUNK):
            timeline.add(batch.events[start : start + CHUNK])
            await asyncio.sleep(0)
        self._set_clock(timeline.live)
        if timeline is not self._timeline:
            self._epoch, self._timeline = batch.epoch, timeline
            self.generation += 1
            self._frames.clear()
            self._publish()
            self._ready.set()
        elif self._beat is None:
            # Rendering may take half of the time, not more: others live in this process, too.
            at = self._beat_at + max(BEAT, 2 * self._frames.spent)
            self._beat = asyncio.get_running_loop().call_at(at, self._publish)

    def _blank(self, batch: Batch) -> Timeline:
        created = batch.events[0].body
        if not isinstance(created, RunCreated):
            raise HubClosed("the history does not begin with run.created")
        return Timeline(self._lesson_of(RunSpec.from_data(created.spec)))

    async def _outlive(self) -> None:
        """Stay with an ended run until it expires."""
        while True:
            await asyncio.sleep(self._check)
            try:
                await self._log.read(self.run, self.timeline.end)
            except LogUnavailable:
                continue

    def _set_clock(self, stage: Stage) -> None:
        if self._zero is None and (stage.at or stage.ended):
            self._zero = self._clock() - (max(0.0, time.time() - stage.at) if stage.at else 0.0)
        if self._zero is not None:  # the run's machine may have another wall clock: no event is in the future
            self._zero = min(self._zero, self._clock() - stage.t)

    def _publish(self) -> None:
        if self._beat is not None:
            self._beat.cancel()
            self._beat = None
        self._beat_at = self._clock()
        self._frames.spent = 0.0
        self.end = self.timeline.end
        self.timeline.stage(self.end)  # kept, so that viewers who come to it when the timeline has grown need not fold
        self._wake()

    def _wake(self) -> None:
        for wake in self._wakes:
            wake()


class Hubs:
    """The hubs of this process, one for each run that somebody watches."""

    def __init__(
        self, log: EventLog, lesson_of: LessonOf, renderer: Callable[[], Regions] = RegionRenderer, check: float = CHECK
    ) -> None:
        self._log = log
        self._lesson_of = lesson_of
        self._renderer = renderer  # makes one for each run: what it remembers is freed with the hub
        self._check = check
        self._hubs: dict[str, Hub] = {}

    def __len__(self) -> int:
        return len(self._hubs)

    def __iter__(self) -> Iterator[tuple[str, Hub]]:
        """Each watched run and its hub."""
        return iter(tuple(self._hubs.items()))

    @asynccontextmanager
    async def watch(self, run: str) -> AsyncIterator[Hub]:
        """The run's hub with its history loaded; it lives while somebody watches. Raises `RunUnknown`, `HubClosed`."""
        hub = self._hubs.get(run)
        if hub is None:
            hub = self._hubs[run] = Hub(self._log, run, self._lesson_of, self._renderer(), self._check)
        hub.viewers += 1
        try:
            await hub.ready()
            yield hub
        finally:
            hub.viewers -= 1
            if not hub.viewers:
                del self._hubs[run]
                await hub.stop()
