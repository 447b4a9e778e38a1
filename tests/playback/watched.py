"""A run in a memory log, watched through hubs with a rendering that is easy to read."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.lab.spec import RunSpec
from lessons.log.memory import MemoryLog
from lessons.log.protocol import Batch
from lessons.playback.hub import Hub, Hubs
from lessons.stage.model import Stage
from lessons.stage.viewpoint import Viewpoint
from tests.stage import scenes
from tests.waiting import until_async


def readable(stage: Stage, viewpoint: Viewpoint) -> dict[str, str]:
    """Three small regions: one moves with every event, one with the run's state, one with the viewpoint."""
    return {
        "clock": f"<p id=clock>{stage.seq}</p>",
        "state": f"<p id=state>{stage.state}</p>",
        "pin": f"<p id=pin>{viewpoint.lane} {viewpoint.request} {viewpoint.held}</p>",
    }


class CountingLog(MemoryLog):
    """A memory log that counts how many follow."""

    def __init__(self) -> None:
        super().__init__(ttl=60)
        self.followers = 0

    async def follow(self, run: str, after: int = 0, epoch: str = "") -> AsyncGenerator[Batch, None]:
        self.followers += 1
        try:
            async for batch in super().follow(run, after, epoch):
                yield batch
        finally:
            self.followers -= 1


def tick(t: float = 1.0) -> Event:
    return Event(t, ev.ClockTicked())


def end() -> Event:
    return Event(2.0, ev.RunEnded("done"))


class Watched:
    """One run with its log and hubs."""

    def __init__(self, check: float = 60.0) -> None:
        self.log = CountingLog()
        self.rendered = 0
        self.hubs = Hubs(self.log, lambda spec: scenes.lesson(), lambda: self._regions, check)

    async def begin(self, spec: RunSpec | None = None, events: Sequence[Event] = ()) -> None:
        await self.log.create("run")
        await self.log.append("run", [scenes.created(spec or scenes.spec()), *events])

    @asynccontextmanager
    async def hub(self) -> AsyncIterator[Hub]:
        async with self.hubs.watch("run") as hub:
            yield hub

    def _regions(self, stage: Stage, viewpoint: Viewpoint) -> dict[str, str]:
        self.rendered += 1
        return readable(stage, viewpoint)


async def until_beat(hub: Hub, holds: Callable[[], bool]) -> None:
    """Wait until `holds`, looking at every beat of the hub."""
    news = asyncio.Event()
    with hub.waking(news.set):
        await until_async(holds, lambda: f"a beat of the hub at {hub.end}, generation {hub.generation}", news=news)
