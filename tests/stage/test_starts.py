"""Steps and moments that begin elsewhere in some samples: what computes is not shown as a check of the view's type."""

from dataclasses import replace

from lessons.content.model import LINE_REACHED, Lesson, Moment
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.playback.timeline import Timeline
from lessons.stage import narration, step_links
from lessons.stage.fold import fold_events
from lessons.stage.model import Stage
from lessons.stage.steps import execution_table, moment_labels, variable_tracker
from tests.stage import scenes

LANE = "cpu_sync@waitress"
WORK = 7  # the line that calls crunch()


def events() -> list[Event]:
    """One worker that computes for 0.2 s, and a probe that has to wait for it."""
    head, *rest = scenes.without_a_fetch(LANE, WORK)
    probes = scenes.probes(LANE, (0.099, 0.1), (0.11, 0.31))
    return [head, scenes.started(LANE), *sorted([*rest, *probes], key=lambda event: event.t)]


def stage() -> Stage:
    return fold_events(scenes.lesson(), events())


def test_the_time_in_which_a_view_computes_stands_in_the_step_in_which_it_does() -> None:
    lane = stage().lane(LANE)
    rows = execution_table(stage(), lane, lane.requests[0])
    assert [row.reached for row in rows] == [True, True, True, True, True, False]
    assert [row.server_block for row in rows[:5]] == [False, False, True, False, False]
    assert (rows[2].action, rows[3].action) == ("Call crunch()", "Computed value received")
    assert 0.19 < rows[2].blocked <= 0.2


def test_its_sentence_speaks_of_computing() -> None:
    lane = stage().lane(LANE)
    said = [each.text for each in narration.step_sentences(stage(), lane, lane.requests[0])]
    assert said[2] == "The view computes for 200 ms. For 193 ms of it the server could take no other request."
    assert "crunch() has returned" in said[3]


def test_it_lights_the_node_where_its_dot_stands() -> None:
    request = fold_events(scenes.lesson(), events()[:-3]).lane(LANE).requests[0]
    furthest = max(index for index, at in enumerate(request.nodes) if at is not None)
    assert scenes.lesson().nodes[furthest].id == "run"
    assert step_links.steps_by_node(scenes.lesson(), "cpu_sync")["run"] == (3, 4)


def test_the_tracker_has_its_value_after_the_line() -> None:
    request = stage().lane(LANE).requests[0]
    data = variable_tracker(scenes.lesson(), request)[0]
    assert data.values == ("not set yet", "'Computed value'", "'Computed value'")
    assert moment_labels(scenes.lesson(), "cpu_sync")[1] == "After crunch()"


def test_other_samples_begin_where_the_lesson_says() -> None:
    """A line alone begins no step in them."""
    body = scenes.without_a_fetch("sync@waitress", WORK)
    request = fold_events(scenes.lesson(), body).lane("sync@waitress").requests[0]
    assert [t is not None for t in request.begun] == [True, True, False, False, True, False]


def test_the_tape_marks_the_same_steps() -> None:
    timeline = Timeline(scenes.lesson())
    timeline.add([*scenes.numbered(events()), Event(0.4, ev.RunEnded("done"), seq=len(events()) + 1)])
    assert [mark.step for mark in timeline.marks(LANE, 1)] == [1, 2, 3, 4, 5]


def begun(lesson: Lesson, *lines: int) -> list[int]:
    """The step in which a request of the plain view is after each of these lines."""
    lane, found = "sync@waitress", []
    events = [scenes.created(scenes.spec(lanes=(lane,))), scenes.started(lane), Event(0.1, ev.RequestSent(), lane, 1)]
    for number, line in enumerate(lines):
        events.append(Event(0.2 + number, ev.LineReached(line, {"data": f"'{number}'"}), lane, 1))
        found.append(fold_events(lesson, scenes.numbered(events)).lane(lane).requests[0].step)
    return found


def steps_with(*lines: str) -> Lesson:
    """The lesson with a step for each of these: at the line with this text, or for "" at the next line."""
    lesson = scenes.lesson()
    made = (replace(lesson.steps[0], number=at, on=LINE_REACHED, line=line) for at, line in enumerate(lines, 1))
    return replace(lesson, steps=tuple(made))


def test_a_step_may_begin_at_a_line_by_its_text() -> None:
    assert ev.LineReached.kind == LINE_REACHED
    call, answer = 7, 8  # of samples/sync.py
    assert begun(steps_with("fetch_data()", "JsonResponse"), call, answer) == [1, 2]
    assert begun(steps_with("JsonResponse"), call, answer) == [0, 1]
    assert begun(steps_with("no such line", "JsonResponse"), call, answer) == [0, 2]
    assert begun(steps_with("fetch_data()", ""), call, call, answer) == [
        1,
        2,
        2,
    ]  # once begun, it is a line like others


def test_a_moment_may_be_in_mid_view() -> None:
    lesson = replace(scenes.lesson(), moments=(Moment("Before the answer", LINE_REACHED, line="JsonResponse"),))
    done = fold_events(
        lesson,
        scenes.numbered(
            [scenes.created(scenes.spec()), scenes.started(scenes.SYNC), *scenes.sync_request(scenes.SYNC, 1, 0.0, 0.1)]
        ),
    )
    (values,) = done.lane(scenes.SYNC).requests[0].moments
    assert values
    assert values["data"] == "'value'"


def test_the_timeline_knows_where_such_a_step_began() -> None:
    lesson, over = steps_with("JsonResponse"), Event(2.0, ev.RunEnded("done"))
    events = scenes.numbered(
        [
            scenes.created(scenes.spec()),
            scenes.started(scenes.SYNC),
            *scenes.sync_request(scenes.SYNC, 1, 0.0, 0.1),
            over,
        ]
    )
    reached = next(each.seq for each in events if isinstance(each.body, ev.LineReached) and each.body.line == 8)
    marks = Timeline.of(lesson, events).marks(scenes.SYNC, 1)
    assert [mark.seq for mark in marks] == [reached]
