"""Runs of the lab for the benchmarks: a spec in, the totals of its lanes out."""

from collections.abc import Sequence
from pathlib import Path

from lessons.lab.events import Event, RunEnded
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.lab.supervisor import Lab

FOLDER = Path(__file__).parents[1] / "lessons" / "content" / "why-async-matters" / "samples"
SAMPLES = {file.stem: file for file in FOLDER.glob("*.py")}


async def total(lab: Lab, lane: LaneSpec, requests: int, wait: float = 1.0, workers: int = 1) -> float:
    """Seconds from the first request sent to the last answer, of a run with this lane alone."""
    seen: list[Event] = []

    async def emit(events: Sequence[Event]) -> None:
        seen.extend(events)

    spec = RunSpec("why-async-matters", (lane,), requests, wait, workers)
    await lab.submit("a-run", spec, SAMPLES, emit)
    ended = seen[-1].body
    if not isinstance(ended, RunEnded) or ended.outcome != "done":
        raise RuntimeError(f"the run did not end as done: {ended}")
    return float(ended.lanes[lane.lane]["total"])
