"""What a page is told of a run and of its pinned request stands side by side: no name means both."""

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.rendering import contexts
from lessons.stage.fold import fold_events
from lessons.stage.viewpoint import Viewpoint
from tests.stage import scenes


def test_a_name_is_told_of_the_run_or_of_the_pinned_request() -> None:
    stage = scenes.stage_at(scenes.one_each(), 5.0)
    run = contexts.run_context(stage)
    pinned = contexts.pinned_context(stage, Viewpoint(scenes.ASYNC, 1))
    assert pinned
    assert run.keys() & pinned.keys() == set()


def test_hops_and_threads_are_told_where_a_project_is_compared() -> None:
    """In any other run they would be two figures more to wonder about."""
    project = "async@daphne-ordinary"

    def counted(*lanes: str) -> list[str]:
        spec = scenes.spec(requests=1, lanes=lanes)
        sent = [Event(1.0, ev.ResponseSent(200, 3), lane, 1) for lane in lanes]
        started = [scenes.started(lane) for lane in lanes]
        stage = fold_events(scenes.lesson(), scenes.numbered([scenes.created(spec), *started, *sent]))
        return [contexts.lane_context(stage, lane)["counted"] for lane in stage.lanes]

    assert counted(scenes.ASYNC, project) == ["3 threads at the first answer"] * 2
    assert counted(scenes.ASYNC, scenes.SYNC) == ["", ""]
