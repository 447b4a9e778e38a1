"""What a renderer remembers belongs to its run: no other run takes its place, and it goes with the last viewer."""

import gc
import weakref
from collections.abc import Sequence

from lessons.log.memory import MemoryLog
from lessons.playback.hub import Hubs
from lessons.playback.timeline import Timeline
from lessons.rendering.regions import KEPT, RECENT, RegionRenderer, render_regions
from lessons.stage.viewpoint import Viewpoint
from tests.stage import scenes
from tests.waiting import until_async

VIEWPOINTS = [Viewpoint(lane, request) for lane in (scenes.SYNC, scenes.ASYNC) for request in (1, 2)]


def timeline(requests: int) -> Timeline:
    """A run of its own numbers, in lanes that all these runs have."""
    events = [scenes.created(scenes.spec(requests)), *scenes.one_each()[1:]]
    return Timeline.of(scenes.lesson(), scenes.numbered(events))


def renderings(runs: Sequence[Timeline]) -> list[int]:
    """How many regions each had to render, when all are watched at once from their beginning to their end."""
    renderers = [RegionRenderer() for _ in runs]
    for cursor in range(1, runs[0].end + 1):
        for run, render in zip(runs, renderers, strict=True):
            for viewpoint in VIEWPOINTS:
                render(run.stage(cursor), viewpoint)
    return [each.renderings for each in renderers]


def test_runs_that_are_watched_at_once_cost_what_each_costs_alone() -> None:
    runs = [timeline(requests) for requests in (2, 3, 5, 8)]
    assert renderings(runs) == [count for run in runs for count in renderings([run])]


def test_what_was_just_seen_is_not_rendered_again() -> None:
    run, render = timeline(2), RegionRenderer()
    for cursor in range(1, run.end + 1):
        render(run.stage(cursor), VIEWPOINTS[0])
    before = render.renderings
    assert render(run.stage(run.end), VIEWPOINTS[0]) == render_regions(run.stage(run.end), VIEWPOINTS[0])
    assert render.renderings == before


def test_a_renderer_makes_of_a_stage_what_another_makes_of_it() -> None:
    run, render = timeline(3), RegionRenderer()
    for cursor in (*range(1, run.end + 1), 4, 20, 8, run.end):
        for viewpoint in VIEWPOINTS:
            stage = run.stage(min(cursor, run.end))
            assert render(stage, viewpoint) == render_regions(stage, viewpoint)


def test_a_long_run_is_not_remembered_at_length() -> None:
    run, render = timeline(2), RegionRenderer()
    for cursor in range(1, run.end + 1):
        for viewpoint in VIEWPOINTS:
            render(run.stage(cursor), viewpoint)
    assert run.end > RECENT
    assert len(render._recent) == RECENT
    assert max(map(len, render._kept.values())) == KEPT


async def test_what_was_remembered_is_given_back_with_the_last_viewer() -> None:
    made: list[weakref.ref[RegionRenderer]] = []

    def renderer() -> RegionRenderer:
        each = RegionRenderer()
        made.append(weakref.ref(each))
        return each

    log = MemoryLog(ttl=60)
    hubs = Hubs(log, lambda spec: scenes.lesson(), renderer)
    for name in ("one", "two"):
        await log.create(name)
        await log.append(name, scenes.one_each())
    async with hubs.watch("one") as one, hubs.watch("two") as two:
        for hub in (one, two):
            assert hub.view(hub.end, VIEWPOINTS[0]).regions
        del hub
        assert len(made) == 2
        assert all(each() for each in made)
    del one, two

    def given_back() -> bool:
        gc.collect()
        return not any(each() for each in made)

    await until_async(given_back, "both renderers are gone")
    await log.close()
