"""The async lane: how much longer than one I/O wait everything takes, however many requests come at once."""

import asyncio
from statistics import median

from bench.totals import total
from lessons.lab.spec import LaneSpec
from lessons.lab.supervisor import Lab

LANE = LaneSpec("async", "daphne")
WAIT = 1.0  # seconds
GOALS = {1: 1.03, 10: 1.05, 100: 1.15}  # requests -> total / wait
RUNS = 5


async def measure() -> dict[int, list[float]]:
    """Total / wait of each run, by the number of requests."""
    lab = Lab()
    lab.prepare()
    await total(lab, LANE, 1, 0.1)  # warm
    found = {requests: [await total(lab, LANE, requests, WAIT) / WAIT for _ in range(RUNS)] for requests in GOALS}
    await lab.close()
    return found


def main() -> None:
    print(f"async lane on Daphne: total / I/O wait of {WAIT:g} s, {RUNS} runs each")
    for requests, ratios in asyncio.run(measure()).items():
        spread = f"{min(ratios):.3f} to {max(ratios):.3f}"
        print(f"  {requests:3} requests  median {median(ratios):.3f} ({spread})  goal <= {GOALS[requests]}")


if __name__ == "__main__":
    main()
