"""Steps and moments that are the second event of a kind, and views that never fetch anything."""

from lessons import catalogue
from lessons.lab.events import Event
from lessons.playback.timeline import Timeline
from lessons.stage import narration
from lessons.stage.fold import fold_events
from lessons.stage.steps import execution_table, variable_tracker

LESSON = catalogue.find_lesson("await-together")
EVENTS = catalogue.recorded_events(LESSON)
IN_TURN, TOGETHER = "one_by_one@daphne", "together@daphne"


def rows(lane: str, events: tuple[Event, ...] = EVENTS):
    stage = fold_events(LESSON, events)
    found = stage.lane(lane)
    return execution_table(stage, found, found.requests[0])


def test_the_second_event_of_a_kind_begins_a_step_of_its_own() -> None:
    wait = 1.0
    first, second = rows(IN_TURN)[2:4]
    assert first.took is not None
    assert second.took is not None
    assert wait <= first.took < 1.5 * wait
    assert wait <= second.took < 1.5 * wait


def test_answers_that_come_together_leave_no_time_between_their_steps() -> None:
    between = rows(TOGETHER)[3].took
    assert between is not None
    assert between < 0.5


def test_until_the_second_event_its_step_is_not_reached() -> None:
    returned = [
        at
        for at, event in enumerate(EVENTS, 1)
        if (event.lane, event.request, event.kind) == (IN_TURN, 1, "fetch.returned")
    ]
    assert [[row.reached for row in rows(IN_TURN, EVENTS[:at])][3:5] for at in returned] == [
        [True, False],
        [True, True],
    ]


def test_a_moment_has_the_values_behind_its_own_event() -> None:
    first, second = variable_tracker(LESSON, fold_events(LESSON, EVENTS).lane(IN_TURN).requests[0])
    assert (first.values[1], second.values[1]) == ("'Fetched data value'", "not set yet")
    assert second.values[2] == "'Fetched data value'"


def test_the_tape_marks_every_step_once() -> None:
    timeline = Timeline(LESSON)
    timeline.add(EVENTS)
    assert [len(timeline.marks(lane, 1)) for lane in (IN_TURN, TOGETHER)] == [len(LESSON.steps)] * 2


def test_a_view_that_fetches_nothing_has_a_stage_without_those_steps() -> None:
    events = tuple(event for event in EVENTS if not event.kind.startswith(("fetch.", "view.suspended", "view.resumed")))
    stage = fold_events(LESSON, events)
    lane = stage.lane(IN_TURN)
    assert [row.reached for row in execution_table(stage, lane, lane.requests[0])] == [
        True,
        True,
        False,
        False,
        False,
        True,
    ]
    assert [each.step for each in narration.step_sentences(stage, lane, lane.requests[0])] == [1, 2, 6]
