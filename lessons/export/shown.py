"""A moment of a run with the scene that is drawn of it: the same numbers as on the page."""

from collections.abc import Sequence
from typing import NamedTuple, Self

from lessons.content.model import Lesson
from lessons.lab.events import Event, RunEnded
from lessons.rendering.scene_context import scene_moment
from lessons.rendering.scene_svg import lane_elements
from lessons.stage.facts import Fact, RunFacts
from lessons.stage.fold import fold_events
from lessons.stage.layout import Layout, Width
from lessons.stage.model import Stage
from lessons.stage.picture import lane_heads
from lessons.stage.viewpoint import Viewpoint


class LaneDrawing(NamedTuple):
    """A lane's picture as SVG elements, in the units of its layout."""

    layout: Layout
    elements: str


class Shown(NamedTuple):
    """The stage at a moment, and the facts of its run."""

    stage: Stage
    facts: Sequence[Fact]

    @classmethod
    def of(cls, lesson: Lesson, events: Sequence[Event], cursor: int | None = None) -> Self:
        """After all of these events, or the first so many; what is known later about earlier is drawn all the same."""
        stage = fold_events(lesson, events[:cursor])
        past = bool(events) and isinstance(events[-1].body, RunEnded) and not stage.ended
        return cls(stage._replace(past=past), RunFacts.of(lesson, events).facts)

    def lanes(self, viewpoint: Viewpoint, width: Width = "wide", beside: int | None = None) -> tuple[LaneDrawing, ...]:
        """The picture of each lane, as high as if there were so many; none before there is a spec."""
        stage = self.stage
        if stage.spec is None:
            return ()
        at = scene_moment(stage, stage.spec, self.facts, stage.t)
        found = []
        for index, head in enumerate(lane_heads(stage.lesson, stage.spec, beside)):
            pinned = viewpoint.request if head.id == viewpoint.lane else 0
            elements = lane_elements(stage.lesson, at, index, head, width, pinned=pinned)
            found.append(LaneDrawing(head.layouts[width], elements))
        return tuple(found)
