"""What a run should take: rounds of workers on a pool, one wait on a loop, or what the lesson says of a lane."""

from math import ceil
from typing import Final

from lessons.content.model import Lesson
from lessons.content.teaching import Formula
from lessons.lab.spec import POOLED, RunSpec

BEYOND: Final = 1.1  # of the law: what sending and answering add


def formula_total(formula: Formula, waits: int, spec: RunSpec) -> float:
    """Seconds that a formula gives for all requests of a lane, with so many waits in a row in each."""
    last = spec.requests if spec.every else 1
    # Of requests that come one after another, the line behind some of them decides: which, is not known beforehand.
    return max(
        sent * spec.every + _turns(formula, spec.requests - sent, spec.workers) * waits * spec.wait
        for sent in range(last)
    )


def _turns(formula: Formula, requests: int, workers: int) -> float:
    """Waits that so many requests take which are there at once."""
    turns: dict[Formula, float] = {
        "none": 0,
        "wait": 1,
        "sum": requests,
        "share": requests / workers,
        "rounds": ceil(requests / workers),
    }
    return turns[formula]


def lane_formula(lesson: Lesson, lane: str) -> tuple[Formula, int]:
    """The formula that holds for a lane, and how many waits are in a row in one request."""
    found = lesson.lane(lane)
    return found.formula or ("rounds" if found.server in POOLED else "wait"), found.waits


def expected_seconds(lesson: Lesson, spec: RunSpec) -> float:
    """Seconds the slowest lane should take."""
    return max(formula_total(*lane_formula(lesson, each.lane), spec) for each in spec.lanes)
