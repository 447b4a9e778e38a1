"""Was the machine too busy to measure well? Judged by what it gave to the lanes' processes.

A process that is ready to run and has to wait for a processor is late. Some of that is the run's own doing: its lanes
and its client want the processors at once. It counts as a disturbance where others had most of them, and for so long
that totals say little. Not all of the waiting is in an answer's way, so it bounds what is too long about a total.
"""

from typing import Final

from lessons.stage.model import LaneStage, Stage

SHARE: Final = 0.6  # of the time in which a process wanted to run, from which on others had it
PART: Final = 0.4  # of a lane's total, from which on waiting tells
LEAST: Final = 0.1  # seconds


def spoilt_part(total: float, ran: float, waited: float) -> float:
    """The part of a total that may be the machine's; 0 where it was not too busy. All three are seconds."""
    if not total or waited < LEAST:
        return 0.0
    part = waited / total
    return min(part, 1.0) if part >= PART and waited >= SHARE * (ran + waited) else 0.0


def lane_disturbance(lane: LaneStage) -> float:
    """The same of a lane; 0 while it is not done."""
    return spoilt_part(lane.total or 0.0, lane.ran, lane.waited)


def disturbance_sentence(stage: Stage) -> str:
    """What a busy machine has done to the figures; "" where it has done nothing."""
    worst = max(map(lane_disturbance, stage.lanes), default=0.0)
    if not worst:
        return ""
    return (
        f"The machine was too busy: up to {worst:.0%} of these times and blocks may be due to that. "
        "This run proves nothing."
    )
