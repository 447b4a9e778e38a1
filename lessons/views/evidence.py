"""Where in a run something can be seen, and which run to send when it cannot be seen in the one on the stage."""

from dataclasses import dataclass

from lessons.content.model import Lesson
from lessons.content.teaching import Evidence


@dataclass(frozen=True, slots=True)
class Wish:
    """What the hidden fields of a form send."""

    requests: int
    wait: float  # seconds
    workers: int
    lanes: tuple[str, ...]  # ids


@dataclass(frozen=True, slots=True)
class Proof:
    """What `lessons/_evidence.html` shows."""

    lane: str  # id
    lane_name: str
    step: int
    here: bool  # does the run on the stage have the lane?
    run: Wish  # one that has it


def proof(lesson: Lesson, evidence: Evidence, lanes: tuple[str, ...]) -> Proof:
    """`lanes` are the ids of those on the stage."""
    preset = lesson.presets[0]
    chosen = tuple(each.id for each in lesson.lanes if each.chosen)
    wanted = chosen if evidence.lane in chosen else (*chosen[:3], evidence.lane)
    return Proof(
        lane=evidence.lane,
        lane_name=lesson.lane(evidence.lane).name,
        step=evidence.step,
        here=evidence.lane in lanes,
        run=Wish(preset.requests, preset.wait, preset.workers, wanted),
    )
