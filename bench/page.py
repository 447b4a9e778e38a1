"""What happens on the page while a run goes: painted frames beside the events of the log."""

import asyncio
import tempfile
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.report import Lacking
from bootstrap import parts
from lessons.lab.events import Event, RunStarted
from lessons.log.redis import RedisLog
from tests.browser.chromium import SYSTEM, launched
from tests.log.redis_server import RedisServer
from tests.processes import Site, free_port

WATCHING = Path(__file__).with_name("watching.js").read_text()
LESSON = "/lessons/why-async-matters/"
STILL = "() => Date.now() / 1000 - watched.quiet > 0.4"  # nothing changes any more: what comes is due to the press


@dataclass(frozen=True, slots=True)
class Seen:
    """One run as the page showed it. Times are Unix seconds by the machine's clock."""

    pressed: float
    frames: Sequence[tuple[int, float]]  # last event shown, when it was painted
    tasks: Sequence[float]  # long tasks of the page since the press, ms
    changes: Mapping[str, float]  # "first": when anything had changed; "stage": when the stage of the run was there
    events: Sequence[Event]
    began: float  # wall clock of the run's time 0

    def painted(self, event: Event) -> float:
        """When the first frame that shows the event was painted."""
        return self.frames[bisect_left(self.frames, event.seq, key=lambda frame: frame[0])][1]

    def latencies(self) -> list[float]:
        """Milliseconds from each event to its picture, for those that happened while the socket was open."""
        first = self.frames[1][0]  # the very first is the stage of the answer, before there was a socket
        return [(self.painted(each) - self.began - each.t) * 1000 for each in self.events if each.seq > first]


@dataclass(frozen=True, slots=True)
class Stage:
    """A page of a site of its own, with Redis, whose log tells the events' times."""

    page: Page
    site: Site
    redis: str

    def run(self, requests: int, wait: float, workers: int) -> Seen:
        """Send a run by pressing the button, watch it to its end, and give what was seen."""
        page = self.page
        page.goto(self.site.url + LESSON)
        page.wait_for_function("() => window.htmx")
        page.evaluate(WATCHING)
        for name, value in (("Requests", requests), ("I/O wait", wait), ("Worker threads", workers)):
            page.get_by_role("spinbutton", name=name, exact=True).fill(str(value))
        page.wait_for_function(STILL)
        page.get_by_role("button", name="Send requests").click()
        page.wait_for_url("**/runs/*/")
        page.locator('[data-state="ended"].situation').wait_for(timeout=60_000)
        events = _logged(self.redis, page.url.rstrip("/").rpartition("/")[2])
        page.wait_for_function("last => window.watched.frames.at(-1)?.seq >= last", arg=events[-1].seq)
        watched = page.evaluate("window.watched")
        frames = [(frame["seq"], frame["at"]) for frame in watched["frames"] if frame["at"] > watched["pressed"]]
        pressed, changes = watched["pressed"], {each["what"]: each["at"] for each in watched["changes"]}
        tasks = [each["took"] for each in watched["tasks"] if each["at"] > pressed]
        return Seen(pressed, frames, tasks, changes, events, _began(events))


@contextmanager
def opened() -> Iterator[Stage]:
    """A fresh site, Redis and Chromium; everything is ended afterwards. Raises `Lacking`."""
    _see_parts()
    with tempfile.TemporaryDirectory() as folder:
        redis = RedisServer(Path(folder), free_port())
        redis.start()
        site = Site(Path(folder) / "site", REDIS_URL=redis.url)
        try:
            site.ready()
            with launched() as browser:
                yield Stage(browser.new_page(viewport={"width": 1280, "height": 900}), site, redis.url)
        finally:
            site.stop()
            redis.stop()


def _see_parts() -> None:
    if not parts.find("redis-server"):
        raise Lacking("redis-server was not found")
    need_chromium()


def need_chromium() -> None:
    """Raises `Lacking` where there is no Chromium."""
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    if not (SYSTEM.exists() or own.exists()):
        raise Lacking("there is no Chromium")


def _logged(redis: str, run: str) -> Sequence[Event]:
    with ThreadPoolExecutor(1) as aside:  # this thread has the browser's event loop
        return aside.submit(asyncio.run, _events(redis, run)).result()


async def _events(redis: str, run: str) -> Sequence[Event]:
    log = RedisLog(redis, 3600)
    try:
        return (await log.read(run)).events
    finally:
        await log.close()


def _began(events: Sequence[Event]) -> float:
    return next(each.body.at for each in events if isinstance(each.body, RunStarted))
