"""A measurement as the fold of its events, and the chart drawn of it."""

from dataclasses import replace
from itertools import pairwise

import pytest

from lessons.content.teaching import Pattern, Performance, Series
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.performance.chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, draw_chart
from lessons.performance.model import (
    KEY,
    Measurement,
    Point,
    asked_point,
    fold_measurement,
    measured_lesson,
    plan_points,
    pool_seconds,
    waiting_seconds,
)

PERFORMANCE = Performance(
    wait=0.1,
    requests=(1, 2, 20),
    series=(Series("Sync", "sync@waitress", 4), Series("Async", "async@daphne", 1)),
    patterns=(
        Pattern("Awaits", "async@daphne", "good", "Because."),
        Pattern("Under ASGI", "sync@daphne", "depends", "Because."),
    ),
    law="",
    tips=(),
)
CREATED = Event(0.0, ev.RunCreated({KEY: "a-lesson"}, "owner"))


def measured(*events: Event) -> Measurement:
    return fold_measurement(PERFORMANCE, [CREATED, Event(0.0, ev.RunStarted(1000.0, 0.0, "3", "6")), *events])


def done(number: int, total: float, failed: int = 0) -> Event:
    return Event(1.0, ev.LaneDone(total, 1, failed), f"run-{number}", number)


def test_few_requests_are_measured_first_and_each_pattern_has_a_point() -> None:
    points = [(point.requests, point.lane, point.workers, point.series) for point in plan_points(PERFORMANCE)]
    assert points == [
        (1, "sync@waitress", 4, 0),
        (1, "async@daphne", 1, 1),
        (2, "sync@waitress", 4, 0),
        (2, "async@daphne", 1, 1),
        (20, "sync@waitress", 4, 0),
        (20, "async@daphne", 1, 1),
        (2, "sync@daphne", 4, None),
    ]


def test_points_are_numbered_from_one() -> None:
    assert [point.number for point in plan_points(PERFORMANCE)] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(("requests", "workers", "total"), [(10, 4, 3.0), (8, 4, 2.0), (1, 16, 1.0), (10, 1, 10.0)])
def test_a_pool_serves_in_rounds(requests: int, workers: int, total: float) -> None:
    assert pool_seconds(requests, workers, 1.0) == total


def test_nothing_is_measured_at_first() -> None:
    found = measured()
    assert (found.lesson, found.owner, found.at, found.over, found.ended) == ("a-lesson", "owner", 1000.0, 0, False)
    assert found.current is not None
    assert found.current.number == 1


def test_a_settled_point_has_total_rate_and_its_run() -> None:
    found = measured(Event(0.5, ev.RequestSent(), "run-3", 3), done(3, 0.5))
    (point,) = (point for point in found.points if point.over)
    assert (point.number, point.run, point.total, point.rate) == (3, "run-3", 0.5, 4.0)


@pytest.mark.parametrize(("waited", "disturbed"), [(0.1, False), (0.45, True)])
def test_a_point_measured_on_a_busy_machine_is_marked(waited: float, disturbed: bool) -> None:
    scheduled = Event(0.9, ev.LaneScheduled(0.05, waited), "run-3", 3)
    found = measured(Event(0.5, ev.RequestSent(), "run-3", 3), scheduled, done(3, 0.5))
    assert [each.number for each in found.points if each.disturbed] == ([3] if disturbed else [])
    marks = [mark for line in draw_chart(PERFORMANCE, found).lines for mark in line.marks]
    assert [mark.disturbed for mark in marks] == [disturbed]


def test_a_guess_is_kept_and_is_about_most_requests_on_several_workers() -> None:
    assert measured().guess is None
    assert measured(Event(0.0, ev.PredictionMade("sync@waitress", 1.5))).guess == 1.5
    point = asked_point(PERFORMANCE)
    assert (point.lane, point.workers, point.requests) == ("sync@waitress", 4, 20)


def test_a_point_with_failed_requests_has_no_total() -> None:
    point = measured(done(1, 0.1, failed=1)).points[0]
    assert point.over
    assert point.total is None
    assert "1 of 1" in point.failure


def test_a_run_that_was_stopped_is_told_with_its_reason() -> None:
    point = measured(Event(1.0, ev.RequestFailed("The run was ended."), "run-1", 1)).points[0]
    assert (point.over, point.total, point.failure) == (True, None, "The run was ended.")


def test_the_next_point_is_the_current_one_until_the_end() -> None:
    events = [done(1, 0.1), done(2, 0.1)]
    current = measured(*events).current
    assert current is not None
    assert current.number == 3
    assert measured(*events, Event(2.0, ev.RunEnded("cancelled"))).current is None


def test_a_cancel_is_seen_before_its_end() -> None:
    found = measured(Event(1.0, ev.CancelRequested()))
    assert found.cancelling
    assert not found.ended


def test_numbers_that_are_not_in_the_plan_change_nothing() -> None:
    assert measured(done(0, 1.0), done(8, 1.0)).over == 0


def test_a_run_is_not_taken_for_a_measurement() -> None:
    run = [Event(0.0, ev.RunCreated({"lesson": "a-lesson"}))]
    with pytest.raises(ValueError, match="not the history of a measurement"):
        fold_measurement(PERFORMANCE, run)
    with pytest.raises(ValueError, match="not the history of a measurement"):
        fold_measurement(PERFORMANCE, [])
    assert measured_lesson(run) == measured_lesson([]) == ""
    assert measured_lesson([CREATED]) == "a-lesson"


def test_lines_join_neighbours_and_leave_gaps() -> None:
    sync, other = draw_chart(PERFORMANCE, measured(done(1, 0.1), done(5, 0.6), done(2, 0.1), done(4, 0.1))).lines
    assert len(sync.marks) == 2
    assert sync.path == ""
    assert len(other.marks) == 2
    assert other.path.count("M") == 1


def test_everything_stays_within_the_chart_and_more_seconds_stand_higher() -> None:
    drawn = draw_chart(PERFORMANCE, measured(done(1, 0.1), done(3, 0.2), done(5, 37.0)))
    marks = drawn.lines[0].marks
    assert all(LEFT <= mark.x <= WIDTH - RIGHT and TOP <= mark.y <= HEIGHT - BOTTOM for mark in marks)
    assert marks[0].y > marks[1].y > marks[2].y
    assert len(drawn.up) <= 8


def test_the_axis_is_long_enough_before_anything_is_measured() -> None:
    drawn = draw_chart(PERFORMANCE, measured())
    assert float(drawn.up[-1].label) >= pool_seconds(20, 4, 0.1)
    assert [tick.label for tick in drawn.across][-1] == "20"


def test_labels_of_the_horizontal_axis_do_not_stand_on_each_other() -> None:
    places = [tick.at for tick in draw_chart(PERFORMANCE, measured()).across]
    assert min(two - one for one, two in pairwise(places)) >= 26


def test_each_series_has_a_mark_of_its_own() -> None:
    shapes = [line.sample for line in draw_chart(PERFORMANCE, measured()).lines]
    assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize(
    ("lane", "workers", "blocked", "seconds"),
    [
        ("sync@waitress", 1, True, 2.0),
        ("sync@waitress", 4, True, 0.5),
        ("sync@waitress", 16, False, 0.2),
        ("async@daphne", 1, False, 0.1),
        ("async_blocking@daphne", 1, True, 2.0),
    ],
)
def test_what_the_waits_alone_take_follows_the_law(lane: str, workers: int, blocked: bool, seconds: float) -> None:
    assert waiting_seconds(Point(1, lane, workers, 20), 0.1, blocked) == pytest.approx(seconds)


def means(quick: float, slow: float) -> Measurement:
    """Both series at all their numbers; the second one has the given figures at 20."""
    at_20 = Event(1.0, ev.LaneDone(slow, 20, 0, slow / 2), "run-6", 6)
    return measured(*(done(number, quick) for number in range(1, 6)), at_20)


@pytest.mark.parametrize(("slow", "tied"), [(0.1, [5, 6]), (0.11, [5, 6]), (0.12, []), (0.05, [])])
def test_what_is_within_a_tenth_of_the_least_ties(slow: float, tied: list[int]) -> None:
    assert [point.number for point in means(0.1, slow).tied(20)] == tied


def test_a_mean_is_drawn_on_the_same_axes() -> None:
    found = means(0.1, 0.8)
    total, mean = draw_chart(PERFORMANCE, found), draw_chart(PERFORMANCE, found, "mean")
    assert (total.up, total.across) == (mean.up, mean.across)
    assert [len(line.marks) for line in total.lines] == [3, 3]
    assert [len(line.marks) for line in mean.lines] == [0, 1]  # as far as it was told
    assert mean.lines[1].marks[0].title == "20 requests: 0.40 s"


def test_names_at_the_lines_do_not_overlap() -> None:
    many = tuple(Series(f"Sync {number}", "sync@waitress", number) for number in range(1, 7))
    performance = replace(PERFORMANCE, series=many, patterns=())
    points = range(1, len(plan_points(performance)) + 1)
    events = [CREATED, Event(0.0, ev.RunStarted(1000.0, 0.0, "3", "6")), *(done(number, 0.1) for number in points)]
    ends = sorted(line.end for line in draw_chart(performance, fold_measurement(performance, events)).lines)
    assert all(below - above >= 15 for above, below in pairwise(ends))
    assert ends[-1] <= HEIGHT - BOTTOM
    assert ends[0] > TOP
