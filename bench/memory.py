"""Memory of the web process: views of a large run's page, and viewers of it who come and go.

What a run leaves is not counted here: the event log keeps histories up to a bound of its own (`lessons/log/memory.py`).
"""

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.crowd import crowd
from bench.report import Figure
from tests.processes import Site
from tests.visiting import LESSON, Visitor
from tests.waiting import until

VIEWS, WARM = 2000, 200  # of the page; those before anything is measured
AT_ONCE = 2  # as many pages of an address are made at once
VIEWERS, TURNS, SETTLED = 200, 30, 10  # who are there at once; how often they come and go; after how often it counts
LANES = ("sync@waitress", "async@daphne", "async_blocking@daphne", "sync@daphne")
MOST = 5.0  # MB that all the views may leave
MB = 2**20


def figures() -> Iterator[Figure]:
    """What a page view leaves, and what a viewer takes and leaves."""
    with tempfile.TemporaryDirectory() as name:
        site = Site(Path(name) / "site", METRICS="1")
        try:
            site.ready()
            visitor = Visitor(site.url)
            run = visitor.send(requests=100, wait=0.1, workers=4, lanes=LANES)
            page = f"{LESSON}runs/{run}/"
            until(lambda: 'data-state="ended"' in visitor.page(page), "the run to end", 60)
            yield from after_views(site, visitor, page)
            yield from with_viewers(site, visitor, run)
        finally:
            site.stop()


def after_views(site: Site, visitor: Visitor, page: str) -> Iterator[Figure]:
    """By how much the process has grown."""

    def view(times: int) -> float:
        with ThreadPoolExecutor(AT_ONCE) as views:
            sizes = list(views.map(lambda _: len(visitor.page(page)), range(times)))
        assert min(sizes) > 10_000, "this is not the run's page"
        return site.memory() / MB

    warm = view(WARM)
    grown = view(VIEWS) - warm
    yield Figure(f"grown by {VIEWS:,} views of a 4 x 100 run", grown, "MB", at_most=MOST, note=f"from {warm:.0f} MB")


def with_viewers(site: Site, visitor: Visitor, run: str) -> Iterator[Figure]:
    """What each takes while it is there, and what all have left in the end."""
    sizes, there = [site.memory() / MB], []
    for _ in range(TURNS):
        with crowd(site.url, f"/live/runs/{run}/", VIEWERS) as (_, listen):
            listen(1.0)
            there.append(site.memory() / MB)
        until(lambda: "\nlesson_viewers 0.0\n" in visitor.page("/metrics"), "the viewers to be gone", 30)
        sizes.append(site.memory() / MB)
    yield Figure(
        "a viewer of the ended run takes", (there[0] - sizes[0]) / VIEWERS * 1024, "kB", note=f"{VIEWERS} at once"
    )
    left = sizes[-1] - sizes[SETTLED]
    yield Figure(
        f"grown as {VIEWERS} came and went again",
        left,
        "MB",
        at_most=MOST,
        note=f"{TURNS - SETTLED} times more, after {SETTLED}",
    )
