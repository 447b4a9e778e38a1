"""What an experiment says of what came out is said once it has come out, and of no other run."""

from dataclasses import replace

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.stage import experiment
from lessons.stage.fold import fold_events
from lessons.stage.model import Stage
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC


def stage(total: float, workers: int = 1, requests: int = 10, lanes: tuple[str, ...] = (SYNC,), *ends: Event) -> Stage:
    done = [Event(total, ev.LaneDone(total, requests, 0), lane) for lane in lanes]
    wish = scenes.spec(requests=requests, workers=workers, lanes=lanes)
    return fold_events(scenes.lesson(), [scenes.created(wish), *done, *ends])


OVER = Event(11.0, ev.RunEnded("done"))


def test_each_example_knows_its_own_run() -> None:
    lesson = scenes.lesson()
    for each in lesson.teaching.examples:
        found = experiment.find_example(lesson, example_run(each.id))
        assert found
        assert (found.lanes, found.requests, found.wait) == (each.lanes, each.requests, each.wait)


def example_run(id: str):
    each = next(each for each in scenes.lesson().teaching.examples if each.id == id)
    spec = scenes.spec(requests=each.requests, workers=each.workers, lanes=each.lanes)
    return replace(spec, wait=each.wait, every=each.every or 0.0)


def test_visitors_who_come_otherwise_are_another_run() -> None:
    lesson, spec = scenes.lesson(), example_run("steady-arrivals")
    assert experiment.find_example(lesson, spec)
    assert experiment.find_example(lesson, replace(spec, every=0.0)) is None


def test_the_number_that_may_vary_does_not_matter_and_the_others_do() -> None:
    lesson = scenes.lesson()
    sized = scenes.spec(requests=10, workers=7, lanes=(SYNC,))
    found = experiment.find_example(lesson, sized)
    assert found
    assert found.id == "enough-workers"
    assert experiment.find_example(lesson, replace(sized, requests=9)) is None
    assert experiment.find_example(lesson, replace(sized, wait=0.9)) is None


def test_the_answer_is_known_when_the_run_has_ended_and_not_before() -> None:
    answer = next(each.answer for each in scenes.lesson().teaching.examples if each.id == "ten-on-one-worker")
    assert experiment.known_answer(stage(10.0)) == ""
    assert experiment.known_answer(stage(10.0, 1, 10, (SYNC,), OVER)) == answer


def test_a_run_that_broke_off_or_is_no_example_knows_none() -> None:
    created = scenes.created(scenes.spec(requests=10, lanes=(SYNC,)))
    assert experiment.known_answer(fold_events(scenes.lesson(), [created, Event(1.0, ev.RunEnded("cancelled"))])) == ""
    assert experiment.known_answer(stage(10.0, 1, 9, (SYNC, ASYNC), OVER)) == ""


def test_a_goal_is_reached_by_what_was_measured() -> None:
    assert experiment.goal_sentence(stage(1.05, 10, 10, (SYNC,))) == ""
    assert (
        experiment.goal_sentence(stage(1.05, 10, 10, (SYNC,), OVER)) == "Goal reached: 1.05 s, and 1.20 s is the goal."
    )
    assert experiment.goal_sentence(stage(2.05, 5, 10, (SYNC,), OVER)).startswith("Not there yet: 2.05 s")
    assert experiment.goal_sentence(stage(10.0, 1, 10, (SYNC,), OVER)) == ""  # the experiment before has none
