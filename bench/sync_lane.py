"""The sync lane: how much longer than its rounds of the worker pool everything takes."""

import asyncio
from collections.abc import Iterator
from math import ceil
from statistics import median

from bench.report import Figure, spread
from bench.totals import total
from lessons.lab.spec import LaneSpec
from lessons.lab.supervisor import Lab

LANE = LaneSpec("sync", "waitress")
WAIT = 1.0  # seconds
CASES = ((1, 1), (10, 1), (10, 4), (100, 16))  # requests, workers
GOAL = 1.005
RUNS = 3


async def measure() -> dict[tuple[int, int], list[float]]:
    """Total / (rounds x wait) of each run, by requests and workers."""
    lab = Lab()
    lab.prepare()
    await total(lab, LANE, 1, 0.1)  # warm
    found = {}
    for requests, workers in CASES:
        ideal = ceil(requests / workers) * WAIT
        found[requests, workers] = [await total(lab, LANE, requests, WAIT, workers) / ideal for _ in range(RUNS)]
    await lab.close()
    return found


def figures() -> Iterator[Figure]:
    """The median of total / theory, for each case."""
    for (requests, workers), ratios in asyncio.run(measure()).items():
        what = f"total / theory, {requests} requests, {workers} workers"
        yield Figure(what, median(ratios), at_most=GOAL, note=spread(ratios))
