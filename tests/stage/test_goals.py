"""Goals of a view that was put together: what a run measured decides, and nothing else."""

import pytest

from lessons.content.teaching import Goals
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.stage.fold import fold_events
from lessons.stage.goals import are_reached, check_goals
from lessons.stage.model import Stage
from tests.stage import scenes
from tests.stage.scenes import ASYNC


def ended(total: float = 1.0, status: int = 200, outcome: ev.Outcome = "done", waited: float = 0.0) -> Stage:
    """Two requests of one lane, whose calls overlap."""
    spec = scenes.spec(requests=2, lanes=(ASYNC,))
    requests = [
        event for number in (1, 2) for event in scenes.async_request(ASYNC, number, 0.0, 0.1 * number, total - 0.3)
    ]
    answered = [
        Event(each.t, ev.ResponseReceived(status, 9), each.lane, each.request)
        if each.kind == "response.received"
        else each
        for each in requests
    ]
    over = [
        Event(total, ev.LaneScheduled(0.01, waited), ASYNC),
        Event(total, ev.LaneDone(total, 2, 0), ASYNC),
        Event(total, ev.RunEnded(outcome)),
    ]
    events = [scenes.created(spec), scenes.started(ASYNC), *sorted(answered, key=lambda event: event.t), *over]
    return fold_events(scenes.lesson(), scenes.numbered(events))


@pytest.mark.parametrize(
    ("stage", "goals", "met"),
    [
        (ended(), Goals(1.0, 2), [True, True, True]),
        (ended(), Goals(1.0), [True, True]),
        (ended(1.2), Goals(1.0, 2), [True, False, True]),
        (ended(), Goals(1.0, 1), [True, True, False]),
        (ended(status=500), Goals(1.0, 2), [False, None, None]),
        (ended(1.2, status=500), Goals(1.0, 1), [False, False, False]),
    ],
)
def test_each_goal_is_judged_by_itself(stage: Stage, goals: Goals, met: list[bool | None]) -> None:
    assert [line.met for line in check_goals(stage, goals)] == met
    assert are_reached(check_goals(stage, goals)) == all(met)


def test_a_goal_says_what_was_measured() -> None:
    assert [line.text for line in check_goals(ended(1.2), Goals(1.0, 1))] == [
        "Every visitor gets the page: 2 of 2 did.",
        "The last answer within 1 s: it came after 1.20 s.",
        "Never more than 1 call at once: there were 2 at most.",
    ]


@pytest.mark.parametrize("outcome", ["cancelled", "timed_out", "failed"])
def test_a_run_that_was_ended_is_not_judged(outcome: ev.Outcome) -> None:
    stage = ended(outcome=outcome)
    assert check_goals(stage, Goals(9.0)) == ()
    assert not are_reached(check_goals(stage, Goals(9.0)))


def test_a_machine_that_was_too_busy_decides_nothing_that_it_may_be_to_blame_for() -> None:
    late = ended(1.2, waited=1.0)
    assert [line.met for line in check_goals(late, Goals(1.0, 1))] == [True, None, False]
    assert "too busy to tell. Run it again." in check_goals(late, Goals(1.0))[1].text
    assert not are_reached(check_goals(late, Goals(1.0)))
    assert are_reached(check_goals(ended(waited=0.9), Goals(1.0)))
    few = ended(waited=0.9)  # its calls might have met, had they begun together
    assert [line.met for line in check_goals(few, Goals(1.0, 2))] == [True, True, None]
    assert not are_reached(check_goals(few, Goals(1.0, 2)))
