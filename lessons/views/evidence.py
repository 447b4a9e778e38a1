"""Where in a run something can be seen: on the stage, in the learner's last run, or in one that is yet to be sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lessons.content.model import Lesson
from lessons.content.teaching import Evidence
from lessons.lab.spec import RunSpec
from lessons.runs import archive


@dataclass(frozen=True, slots=True)
class RunWish:
    """What the hidden fields of a form send."""

    requests: int
    wait: float  # seconds
    workers: int
    lanes: tuple[str, ...]  # ids
    every: float = 0.0  # seconds between two requests; 0: all at once

    @classmethod
    def of(cls, spec: RunSpec) -> "RunWish":
        """The same run."""
        return cls(spec.requests, spec.wait, spec.workers, tuple(each.lane for each in spec.lanes), spec.every)


@dataclass(frozen=True, slots=True)
class EvidenceScene:
    """What is on the page to show something in, and what the learner has besides."""

    lanes: tuple[str, ...] = ()  # ids of those on the stage
    recorded: bool = False  # is the lesson's recorded run on it?
    staged: bool = True  # is there a stage at all?
    last: Mapping[str, str] = field(default_factory=dict)  # lane -> the learner's last run that shows it

    def with_last_runs(self, learner: str, lesson: Lesson) -> "EvidenceScene":
        """The same with the learner's last runs. One query."""
        return replace(self, last=archive.latest_by_lane(learner, lesson.slug))


@dataclass(frozen=True, slots=True)
class Proof:
    """What `lessons/_evidence.html` shows: one of three ways to the evidence. The others wait for another stage."""

    lane: str  # id
    lane_name: str
    step: int
    here: bool  # in the run on the stage
    last: str  # name of the learner's last run that has the lane; "" for none
    staged: bool  # is there a stage that a new run can take?
    run: RunWish  # one that has the lane


def find_proof(lesson: Lesson, evidence: Evidence, scene: EvidenceScene) -> Proof:
    """Where `evidence` is: a run of one's own says more than the recorded one."""
    preset = lesson.presets[0]
    chosen = tuple(each.id for each in lesson.lanes if each.chosen)
    wanted = chosen if evidence.lane in chosen else (*chosen[:3], evidence.lane)
    last = scene.last.get(evidence.lane, "")
    return Proof(
        lane=evidence.lane,
        lane_name=lesson.lane(evidence.lane).name,
        step=evidence.step,
        here=evidence.lane in scene.lanes and not (scene.recorded and last),
        last=last,
        staged=scene.staged,
        run=RunWish(preset.requests, preset.wait, preset.workers, wanted),
    )
