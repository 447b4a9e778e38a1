"""What a frame brings is what the page would have shown."""

import re
from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from lessons import catalogue
from lessons.lab.events import Outcome, RunEnded
from lessons.rendering.contexts import run_context, stage_context
from lessons.rendering.regions import render_regions
from lessons.stage.fold import fold_events
from lessons.stage.model import Stage
from lessons.stage.viewpoint import Viewpoint
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC


def shown(stage: Stage, viewpoint: Viewpoint) -> str:
    context = {"lesson": stage.lesson, "run": "run", **stage_context(stage, viewpoint)}
    return render_to_string("lessons/stage/stage.html", context)


def inside(frame: str) -> str:
    found = re.fullmatch(r'<\w+ id="[^"]+" hx-swap-oob="innerMorph">(.*)</\w+>', frame, re.DOTALL)
    assert found, frame[:100]
    return found[1].strip()


RECORDED = catalogue.recorded_events(catalogue.find_lesson("why-async-matters"))
PLACES = [*range(0, len(RECORDED), 29), len(RECORDED)]


@pytest.mark.parametrize("viewpoint", [Viewpoint("async@daphne", 1), Viewpoint("sync@waitress", 4)], ids=str)
def test_every_region_of_a_recorded_run_is_on_the_page_as_in_the_frame(viewpoint: Viewpoint) -> None:
    lesson = catalogue.find_lesson("why-async-matters")
    for place in PLACES:
        stage = fold_events(lesson, RECORDED[:place])
        html = shown(stage, viewpoint)
        for id, frame in render_regions(stage, viewpoint).items():
            assert inside(frame) in html, (id, place)


def test_a_region_follows_what_it_is_made_of_and_nothing_else() -> None:
    early, later = (scenes.stage_at(scenes.one_each(), t) for t in (0.3, 0.6))
    first, second = (render_regions(stage, Viewpoint(ASYNC, 1)) for stage in (early, later))
    assert first == second  # only time has passed
    over = render_regions(scenes.stage_at(scenes.one_each(), 1.3), Viewpoint(ASYNC, 1))
    assert over["table"] != second["table"]
    assert over["meta-sync-waitress"] != second["meta-sync-waitress"]
    assert render_regions(early, Viewpoint(ASYNC, 1)) == first
    assert render_regions(early, Viewpoint(SYNC, 1))["code"] != first["code"]


@pytest.mark.parametrize(("outcome", "again"), [("done", False), ("cancelled", False), ("failed", True)])
def test_a_run_that_broke_off_can_be_run_again_by_one_click(outcome: Outcome, again: bool) -> None:
    lesson = catalogue.find_lesson("why-async-matters")
    *events, last = RECORDED
    assert not run_context(fold_events(lesson, events))["again"]
    stage = fold_events(lesson, [*events, replace(last, body=RunEnded(outcome))])
    assert run_context(stage)["again"] is again
