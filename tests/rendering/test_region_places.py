"""Every region that a frame can bring has one place on each kind of page, which is the same kind of element."""

from collections import defaultdict
from html.parser import HTMLParser
from typing import Final, NamedTuple

import pytest
from django.template.loader import render_to_string

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.playback import playhead
from lessons.playback.opening import opening_context
from lessons.playback.position import Position
from lessons.playback.timeline import Timeline
from lessons.rendering.regions import render_regions
from lessons.stage.viewpoint import Viewpoint
from tests.stage import scenes

MOST_LANES: Final = 4
NOT_FOR_EXAMPLES: Final = frozenset(
    {"code", "table", "tracker", "narration", "totals", "ticks"}  # a link leads to the whole stage
)
NOT_IN_FRAMES: Final = frozenset({"prediction", "narration", "totals"})


class PageKind(NamedTuple):
    """A page with a stage, and the regions that it does without."""

    template: str
    context: dict[str, object]
    without: frozenset[str]


KINDS: Final = {
    "whole": PageKind("lessons/stage/stage.html", {}, frozenset()),
    "of an example": PageKind("lessons/stage/small.html", {"small": True}, NOT_FOR_EXAMPLES),
    "in a frame": PageKind(
        "lessons/embed/run.html", {"embedded": True}, frozenset({"prediction", "narration", "totals"})
    ),
}


class Elements(HTMLParser):
    """The tags of a page's elements by their ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: defaultdict[str, list[str]] = defaultdict(list)
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if id := dict(attrs).get("id"):
            self.tags[id].append(tag)


def choices() -> list[tuple[Lesson, tuple[str, ...]]]:
    """Each lesson with as many of the lanes that a learner can choose as a run may have."""
    lanes = {lesson: [each.id for each in lesson.lanes if each.listed] for lesson in catalogue.all_lessons().values()}
    return [(lesson, tuple(ids[:n])) for lesson, ids in lanes.items() for n in range(1, min(MOST_LANES, len(ids)) + 1)]


def timeline_of(lesson: Lesson, lanes: tuple[str, ...]) -> Timeline:
    """A run with a prediction whose requests are on their way."""
    spec = RunSpec(lesson.slug, tuple(map(LaneSpec.parse, lanes)), requests=2)
    sent = [event for lane in lanes for event in scenes.at(lane, 1, (0.1, ev.RequestSent()))]
    predicted = Event(0.0, ev.PredictionMade(lanes[0], 1.0))
    return Timeline.of(lesson, scenes.numbered([scenes.created(spec), predicted, *sent]))


def brought(timeline: Timeline) -> dict[str, str]:
    """The tag of every region that a frame of this run can bring, by its id."""
    frame = "".join(render_regions(timeline.live, Viewpoint()).values()) + playhead.ticks_region(())
    return {id: tag for id, (tag, *_) in Elements(frame).tags.items() if f'id="{id}" hx-swap-oob' in frame}


def test_there_are_runs_of_one_to_four_lanes_and_of_both_lessons() -> None:
    assert {len(lanes) for _, lanes in choices()} == {1, 2, 3, MOST_LANES}
    assert len({lesson.slug for lesson, _ in choices()}) == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("lesson", "lanes"), choices(), ids=[f"{lesson.slug}-{len(lanes)}" for lesson, lanes in choices()]
)
def test_every_region_has_its_place(lesson: Lesson, lanes: tuple[str, ...], kind: str) -> None:
    template, context, without = KINDS[kind]
    timeline = timeline_of(lesson, lanes)
    page = render_to_string(template, {"lesson": lesson, **opening_context(timeline, Position(), "run"), **context})
    places = Elements(page).tags
    regions = brought(timeline)
    assert {id: places[id] for id in regions if id in places} == {
        id: [tag] for id, tag in regions.items() if id not in without
    }
