"""A run on the stage of a lesson's page, and what stands around it there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Self

from lessons import catalogue, identity
from lessons.content.model import Lesson
from lessons.playback.opening import opening_context
from lessons.playback.position import Position
from lessons.playback.timeline import Timeline
from lessons.rendering import contexts, markdown
from lessons.rendering.scene_context import scene_context
from lessons.runs import composite_log
from lessons.stage.model import Stage
from lessons.stage.viewpoint import Viewpoint


@dataclass(frozen=True, slots=True)
class StagedRun:
    """A run, as far as it has got."""

    name: str
    timeline: Timeline

    @classmethod
    def recorded_of(cls, lesson: Lesson) -> Self:
        """The run that comes with a lesson."""
        return cls(composite_log.recording_name(lesson), _recording(lesson))

    @property
    def stage(self) -> Stage:
        """Its end, whatever moment of it is shown."""
        return self.timeline.live

    @property
    def recorded(self) -> bool:
        """Does it come with the lesson?"""
        return self.name == composite_log.recording_name(self.stage.lesson)

    def belongs_to(self, learner: str) -> bool:
        """Did this learner send it?"""
        return not self.recorded and identity.owns_run(self.name, self.stage.owner, learner)


def staged_run_context(run: StagedRun, position: Position, learner: str) -> dict[str, Any]:
    """The context of `lessons/stage/stage.html`, for a learner who looks at this position."""
    opened = opening_context(run.timeline, position, run.name)
    lesson, stage = run.stage.lesson, run.stage
    return {
        **opened,
        "lesson": lesson,
        "remark": markdown.render_inline(lesson.teaching.remark),
        "transcript": markdown.render_block(lesson.teaching.transcript),
        "recorded": datetime.fromtimestamp(stage.at, UTC) if run.recorded else None,
        "mine": not stage.ended and run.belongs_to(learner),
        "refresh": not stage.ended and opened["playhead"].mode == "live",
        "notice": opened["notice"],
    }


def hero_context(run: StagedRun) -> dict[str, Any]:
    """The context of `lessons/_hero.html`: the run's pictures at the moment that tells most, and its scene."""
    timeline = run.timeline
    stage = timeline.stage(timeline.telling)
    drawn = scene_context(stage, Viewpoint(), timeline.facts.facts, timeline.times[-1])
    lanes = [contexts.lane_context(stage, each) for each in stage.lanes]
    return {
        "stage": stage,
        "lanes": [lane | pictures for lane, pictures in zip(lanes, drawn.pop("pictures"), strict=True)],
        "scene": drawn["scene"],
        "last": timeline.times[-1] - timeline.live.zero,
        "recorded": datetime.fromtimestamp(run.stage.at, UTC),
    }


@cache
def _recording(lesson: Lesson) -> Timeline:
    return Timeline.of(lesson, catalogue.recorded_events(lesson))
