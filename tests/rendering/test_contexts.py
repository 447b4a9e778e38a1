"""What a page is told of a run and of its pinned request stands side by side: no name means both."""

from lessons.rendering import contexts
from lessons.stage.viewpoint import Viewpoint
from tests.stage import scenes


def test_a_name_is_told_of_the_run_or_of_the_pinned_request() -> None:
    stage = scenes.stage_at(scenes.one_each(), 5.0)
    run = contexts.run_context(stage)
    pinned = contexts.pinned_context(stage, Viewpoint(scenes.ASYNC, 1))
    assert pinned
    assert run.keys() & pinned.keys() == set()
