"""The async lane: how much longer than one I/O wait everything takes, however many requests come at once."""

import asyncio
from collections.abc import Iterator
from statistics import median

from bench.report import Figure, spread
from bench.totals import total
from lessons.lab.spec import LaneSpec
from lessons.lab.supervisor import Lab

LANE = LaneSpec("async", "daphne")
WAIT = 1.0  # seconds
GOALS = {1: 1.01, 10: 1.03, 100: 1.10}  # requests -> total / wait
RUNS = 5


async def measure() -> dict[int, list[float]]:
    """Total / wait of each run, by the number of requests."""
    lab = Lab()
    lab.prepare()
    await total(lab, LANE, 1, 0.1)  # warm
    found = {requests: [await total(lab, LANE, requests, WAIT) / WAIT for _ in range(RUNS)] for requests in GOALS}
    await lab.close()
    return found


def figures() -> Iterator[Figure]:
    """The median of total / wait, for each number of requests."""
    for requests, ratios in asyncio.run(measure()).items():
        what = f"total / wait, requests at once: {requests}"
        yield Figure(what, median(ratios), at_most=GOALS[requests], note=spread(ratios))
