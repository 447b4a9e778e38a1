"""One step in all its forms, from recorded events alone."""

import re

import pytest

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.lab import events as ev
from lessons.rendering.regions import render_regions
from lessons.rendering.scene_context import scene_context
from lessons.stage import step_links
from lessons.stage.facts import RunFacts
from lessons.stage.fold import fold_events
from lessons.stage.model import RequestStage, Stage
from lessons.stage.viewpoint import Viewpoint
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC

LESSONS = ("why-async-matters", "await-together")


def first(stage: Stage, lane: str) -> RequestStage:
    return stage.lane(lane).requests[0]


def lines(stage: Stage, lane: str) -> dict[int, step_links.Steps]:
    return step_links.steps_by_line(stage, stage.lesson.sample(lane.partition("@")[0]), first(stage, lane))


@pytest.mark.parametrize("lane", [SYNC, ASYNC])
def test_a_line_belongs_to_the_steps_that_begin_there(lane: str) -> None:
    stage = fold_events(scenes.lesson(), scenes.one_each())
    assert lines(stage, lane) == {6: (2,), 7: (3, 4), 8: (5,)}


def test_the_line_that_runs_stands_for_the_current_step() -> None:
    running = {}
    for t in (0.101, 0.1025, 0.5, 1.1035, 1.1041, 1.3):
        stage = scenes.stage_at(scenes.one_each(), t)
        running[first(stage, SYNC).step] = step_links.running_line(first(stage, SYNC), lines(stage, SYNC))
    assert running == {0: 0, 1: 0, 3: 7, 4: 8, 5: 8, 6: 0}


@pytest.mark.parametrize(
    ("lane", "works", "expected"),
    [
        ("sync@waitress", "= fetch_data(", [(2,), (2,), (5,)]),
        ("cpu_sync@waitress", "= crunch(", [(2,), (3,), (4, 5)]),  # this sample's steps begin with its lines
    ],
)
def test_a_line_belongs_to_the_step_that_begins_at_it_or_in_which_it_ran(
    lane: str, works: str, expected: list[tuple[int, ...]]
) -> None:
    source = scenes.lesson().sample(lane.partition("@")[0]).source
    work = next(number for number, line in enumerate(source.splitlines(), 1) if works in line)
    found = lines(fold_events(scenes.lesson(), scenes.without_a_fetch(lane, work)), lane)
    assert found == dict(zip((step_links.definition_line(source), work, work + 1), expected, strict=True))


def test_a_line_in_a_loop_is_noted_once() -> None:
    reached = [(0.1 + number / 1000, ev.LineReached(7 + number % 2)) for number in range(100)]
    begun = [(0.09, ev.RequestReceived(7)), (0.091, ev.ViewResolved(False)), (0.092, ev.ViewStarted(7))]
    stage = fold_events(scenes.lesson(), [scenes.created(scenes.spec()), *scenes.at(SYNC, 1, *begun, *reached)])
    assert [each.line for each in first(stage, SYNC).lines[1]] == [0, 7, 8]


def test_a_step_that_waits_at_another_line_than_it_began_at_belongs_to_both() -> None:
    lesson = catalogue.find_lesson("await-together")
    lane = "one_by_one@daphne"
    events = catalogue.recorded_events(lesson)
    assert lines(fold_events(lesson, events), lane) == {6: (2,), 7: (3, 4), 8: (4, 5), 9: (6,)}
    under_way = next(at for at, event in enumerate(events) if (event.lane, event.kind) == (lane, "fetch.returned"))
    stage = fold_events(lesson, events[: under_way + 60])
    assert step_links.running_line(first(stage, lane), lines(stage, lane)) == 8


def test_a_node_without_a_step_belongs_to_the_step_before_it() -> None:
    assert dict(step_links.steps_by_node(scenes.lesson(), "sync")) == {
        "arrive": (1,),
        "check": (2,),
        "run": (2,),
        "wait": (3, 4),
        "send": (5, 6),
    }


def test_a_moment_belongs_to_the_steps_in_which_its_values_are_the_newest() -> None:
    events = scenes.one_each()
    assert step_links.steps_by_moment(first(scenes.stage_at(events, 0.101), ASYNC)) == ((), (), ())
    assert step_links.steps_by_moment(first(scenes.stage_at(events, 0.5), ASYNC)) == ((2, 3), (), ())
    assert step_links.steps_by_moment(first(scenes.stage_at(events, 1.3), ASYNC)) == ((2, 3), (4,), (5, 6))


STEPS = re.compile(r'data-step="([\d ]+)"')


def marked(html: str) -> set[int]:
    return {int(step) for steps in STEPS.findall(html) for step in steps.split()}


def regions(lesson: Lesson, lane: str) -> dict[str, str]:
    return render_regions(fold_events(lesson, catalogue.recorded_events(lesson)), Viewpoint(lane, 1))


@pytest.mark.parametrize("slug", LESSONS)
def test_each_form_of_a_recorded_request_names_its_steps(slug: str) -> None:
    lesson = catalogue.find_lesson(slug)
    numbers = {step.number for step in lesson.steps}
    found = regions(lesson, lesson.focus)
    assert marked(found["table"]) == marked(found["narration"]) == numbers
    for partial in ("code", "tracker"):  # not every step has a line or a new value
        assert marked(found[partial]) < numbers
        assert len(marked(found[partial])) >= len(numbers) / 2


def test_every_node_and_stretch_of_a_picture_knows_its_steps() -> None:
    lesson = scenes.lesson()
    events = catalogue.recorded_events(lesson)
    stage = fold_events(lesson, events)
    drawn = scene_context(stage, Viewpoint(ASYNC, 1), RunFacts.of(lesson, events).facts, stage.t)["pictures"]
    for lane in drawn:
        for picture in lane.values():
            nodes = re.findall(r'data-of-steps="([\d ]+)"', picture)
            assert {int(step) for steps in nodes for step in steps.split()} >= {1, 5, 6}
            stretches = re.findall(r'data-stretch="(\d+)"', picture)
            assert [int(step) for step in stretches] == [step.number for step in lesson.steps]


def test_all_forms_of_the_current_step_are_marked_as_such() -> None:
    found = render_regions(scenes.stage_at(scenes.one_each(), 0.5), Viewpoint(ASYNC, 1))
    current = re.compile(r'<[^>]*class="[^"]*\bcurrent\b[^"]*"[^>]*>')
    for name in ("table", "tracker", "narration"):
        tags = current.findall(found[name])
        assert tags, name
        assert all(3 in marked(tag) for tag in tags), name
    running = re.findall(r'<span class="line current"[^>]*data-step="([\d ]+)" aria-current="step"', found["code"])
    assert running == ["3"]
