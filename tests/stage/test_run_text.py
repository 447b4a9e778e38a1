"""A run in words: what is told, and that it is never more than one can read."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons import catalogue
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.stage import occupancy
from lessons.stage.fold import fold_events
from lessons.stage.race import MOST, race_passages
from lessons.stage.run_text import RunText, plain_text, write_run_text
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC

BLOCKING = "async_blocking@daphne"
LONGEST = 20_000  # characters that one reads in a quarter of an hour
LESSONS = ("why-async-matters", "await-together")


def text(events: tuple[Event, ...], lane: str = "", request: int = 0) -> str:
    return plain_text(write_run_text(scenes.lesson(), events, lane, request))


def part(told: RunText, title: str) -> list[str]:
    """The sentences under a heading and the headings below it."""
    found = next(each for each in told.parts if each.title.startswith(title))
    return [f"{each.at}: {each.text}" for each in (*found.passages, *(p for sub in found.parts for p in sub.passages))]


def run(requests: int, wait: float, workers: int = 1, outcome: ev.Outcome = "done") -> tuple[Event, ...]:
    """A sync lane that serves `workers` at a time, and an async lane that serves all at once."""
    wish = replace(scenes.spec(requests, workers), wait=wait)
    body = [Event(0.09, ev.LoadStarted())]
    for number in range(1, requests + 1):
        begun = 0.11 + (number - 1) // workers * (wait + 0.006)
        body += scenes.sync_request(SYNC, number, 0.1, begun, wait)
        body += scenes.async_request(ASYNC, number, 0.1, 0.11, wait)
    rounds = -(-requests // workers)
    end = 0.11 + rounds * (wait + 0.006)
    free = end if requests % workers == 0 else end - wait  # when a worker has nothing to do
    body += scenes.probes(SYNC, (0.1, 0.105), (0.12, free))
    body += scenes.probes(ASYNC, (0.1, 0.105), (0.12, 0.121))
    body += [Event(end, ev.LaneDone(end - 0.1, requests, 0), SYNC)]
    body += [Event(0.12 + wait, ev.LaneDone(0.02 + wait, requests, 0), ASYNC)]
    head = [
        scenes.created(wish),
        Event(0.0, ev.RunStarted(1.7e9, 30.0, "3.13.0", "6.1", 0.25, 2)),
        scenes.started(SYNC, workers),
        scenes.started(ASYNC),
    ]
    tail = [Event(end + 0.1, ev.RunEnded(outcome))]
    return scenes.numbered([*head, *sorted(body, key=lambda event: event.t), *tail])


def test_what_was_sent_is_told_with_servers_versions_and_machine() -> None:
    told = " ".join(part(write_run_text(scenes.lesson(), run(4, 1.0, 2)), "What was sent"))
    assert "4 requests each to Sync view and Async view" in told
    assert "waits 1 s" in told
    assert "waitress 9.9 (WSGI · 2 worker threads)" in told
    assert "Python 3.13.0 and Django 6.1" in told
    assert "2 cores" in told


def test_a_prediction_is_told_with_what_it_came_to() -> None:
    created, *rest = run(10, 1.0)
    events = scenes.numbered([created, Event(0.0, ev.PredictionMade(SYNC, 1.0)), *rest])
    told = write_run_text(scenes.lesson(), events)
    assert "The guess was 1 s." in part(told, "What was sent")[-1]
    assert "The guess was 9.07 s too low." in " ".join(part(told, "What came of it"))
    assert "prediction" not in text(run(10, 1.0)).lower()


def test_one_request_is_told_in_a_few_moments() -> None:
    told = part(write_run_text(scenes.lesson(), scenes.one_each()), "The race")
    assert "1 request to each of 2 lanes" in told[0]
    assert "request #1 holds the only worker, no other can start" in told[1]
    assert "nobody holds the server" in told[1]
    assert "Sync view: its one request is answered" in told[2]
    assert told[-1].endswith("Done. Every request has been answered.")


def test_ten_requests_are_told_wave_by_wave() -> None:
    told = part(write_run_text(scenes.lesson(), run(10, 1.0)), "The race")
    assert len(told) == 13  # the opening, the first wait, ten waves, the end
    assert "Async view: all 10 requests are in the view" in told[1]
    assert "9 wait in the queue" in told[1]
    assert (
        "Sync view: request #1 is answered, 1 of 10; request #2 holds the only worker; 8 wait in the queue" in told[2]
    )
    assert "Async view: all 10 requests are answered, 1.01 s after the first was sent" in told[2]
    times = [float(each.split()[1]) for each in told]
    assert times == sorted(times)


def test_a_hundred_requests_take_no_more_words_than_ten() -> None:
    few, many = run(10, 1.0), run(100, 0.1)
    assert len(text(many)) < 1.3 * len(text(few))
    told = part(write_run_text(scenes.lesson(), many), "The race")
    assert len(told) <= MOST
    assert any("of 100;" in each for each in told)
    assert "all 100 requests are answered" in " ".join(told)
    assert any("more turns" in each for each in part(write_run_text(scenes.lesson(), many), "Who held the server"))


def test_answers_without_a_pause_are_told_by_quarters() -> None:
    """The gaps are far shorter than the wait: all answers are one wave."""
    events = run(100, 0.1)
    spec = replace(scenes.spec(100), wait=1.0).as_data()
    told = part(
        write_run_text(scenes.lesson(), (replace(events[0], body=ev.RunCreated(spec)), *events[1:])), "The race"
    )
    assert [found[1] for each in told if (found := re.search(r"answered, (\d+) of 100", each))] == [
        "1",
        "25",
        "50",
        "75",
    ]


def test_workers_side_by_side_are_one_turn() -> None:
    stage = fold_events(scenes.lesson(), run(10, 1.0, 4))
    found = occupancy.server_turns(stage, stage.lane(SYNC))
    assert [each.requests for each in found] == [(1, 2, 3, 4), (5, 6, 7, 8), (9, 10)]
    assert list(occupancy.occupancy_sentences(stage, stage.lane(SYNC)))[2].endswith(
        "requests #9 and #10 held 2 of 4 workers."
    )


def test_nobody_holds_a_free_event_loop() -> None:
    stage = fold_events(scenes.lesson(), run(10, 1.0))
    assert occupancy.server_turns(stage, stage.lane(ASYNC)) == ()
    told = " ".join(occupancy.occupancy_sentences(stage, stage.lane(ASYNC)))
    assert "Nobody held the event loop" in told
    assert "At most 10 requests were in the view" in told
    assert "All 2 probes were answered within 50 ms" in told


def test_an_event_loop_that_was_busy_with_many_requests_in_turn_was_not_held_by_nobody() -> None:
    late = scenes.probes(ASYNC, (0.2, 0.29))
    stage = fold_events(scenes.lesson(), [*run(10, 1.0), *late])
    assert occupancy.server_turns(stage, stage.lane(ASYNC)) == ()
    told = " ".join(occupancy.occupancy_sentences(stage, stage.lane(ASYNC)))
    assert "No single request held the event loop for longer than 50 ms" in told
    assert "According to its probes, the server could take no other request" in told
    assert "Nobody" not in told


def test_who_blocks_the_event_loop_is_told_in_turns() -> None:
    wish = scenes.created(scenes.spec(requests=2, lanes=(BLOCKING,)))
    body = [
        Event(0.09, ev.LoadStarted()),
        *scenes.sync_request(BLOCKING, 1, 0.1, 0.11),
        *scenes.sync_request(BLOCKING, 2, 0.1, 1.12),
        *scenes.probes(BLOCKING, (0.12, 2.13)),
    ]
    coroutine = [
        Event(each.t, ev.ViewResolved(True), each.lane, each.request) if each.kind == "view.resolved" else each
        for each in body
    ]
    events = scenes.numbered([wish, scenes.started(BLOCKING), *sorted(coroutine, key=lambda event: event.t)])
    told = part(write_run_text(scenes.lesson(), events), "Who held the server")
    assert "request #1 held the event loop" in told[0]
    assert "request #2 held the event loop" in told[1]
    assert "could take no other request for" in told[3]
    assert "request #1 blocks the event loop, nothing else can run" in " ".join(
        part(write_run_text(scenes.lesson(), events), "The race")
    )


def cut(events: tuple[Event, ...], t: float, *tail: Event) -> tuple[Event, ...]:
    return scenes.numbered([*(each for each in events if each.t <= t and each.kind != "run.ended"), *tail])


def test_a_run_under_way_is_told_as_far_as_it_has_got() -> None:
    told = write_run_text(scenes.lesson(), cut(run(10, 1.0), 3.5, Event(3.5, ev.ClockTicked())))
    assert "3.41 s" in told.so_far
    last = part(told, "The race")[-1]
    assert last.startswith("At 3.41 s: Sync view: request #4 holds the only worker; 6 wait in the queue")
    assert "3 of 10 requests answered in 3.40 s so far" in " ".join(part(told, "What came of it"))


def test_a_cancelled_run_says_so_and_what_was_left() -> None:
    tail = (Event(2.5, ev.CancelRequested()), Event(2.6, ev.RunEnded("cancelled")))
    told = write_run_text(scenes.lesson(), cut(run(10, 1.0), 2.5, *tail))
    assert told.so_far == ""
    assert "The learner cancels the run." in " ".join(part(told, "The race"))
    assert part(told, "The race")[-1].endswith("Cancelled. What happened until then stays on the page.")
    assert "8 cancelled" in part(told, "What came of it")[0]
    assert "What failed" not in [each.title for each in told.parts]
    assert "fail" not in plain_text(told)


def test_a_lane_that_died_and_views_that_raised_are_told() -> None:
    raised = [
        Event(0.5, ev.ViewRaised("ValueError", "<b>no</b>"), SYNC, 1),
        Event(0.51, ev.ResponseReceived(500, 9), SYNC, 1),
    ]
    tail = (*raised, Event(0.6, ev.LaneDied(-9), ASYNC), Event(1.0, ev.RunEnded("failed", "A lane died.")))
    told = write_run_text(scenes.lesson(), cut(run(2, 1.0), 0.45, *tail))
    race = " ".join(part(told, "The race"))
    assert "its server process dies" in race
    assert "request #1 has failed" in race
    failed = part(told, "What failed")
    assert ": Sync view, request #1: ValueError: <b>no</b>" in failed
    assert ": Async view: the server process died (signal 9)." in failed
    assert "The run failed: A lane died." in part(told, "What came of it")[-1]


def test_a_run_that_sent_nothing_is_told_in_one_sentence() -> None:
    events = scenes.numbered([scenes.created(scenes.spec()), Event(0.0, ev.RunQueued(3))])
    told = write_run_text(scenes.lesson(), events)
    assert part(told, "The race") == [
        ": No request has been sent. This run is number 3 in the queue and starts by itself."
    ]
    assert not list(race_passages(fold_events(scenes.lesson(), events), events))


def test_an_abandoned_run_ends_where_its_events_end() -> None:
    """Its end is logged with time 0, by a process that does not know the run's clock."""
    events = cut(run(4, 1.0), 1.5, Event(0.0, ev.RunEnded("failed", "The web process that ran it is gone.")))
    told = part(write_run_text(scenes.lesson(), events), "The race")
    assert "request #1 is answered" in " ".join(told)
    assert told[-1].endswith("is gone.")


def test_the_steps_are_those_of_the_request_that_was_asked_for_its_lane_first() -> None:
    told = write_run_text(scenes.lesson(), run(4, 1.0), SYNC, 3)
    steps = told.parts[-1]
    assert steps.title == "Request #3, step by step"
    assert [each.title for each in steps.parts] == ["Sync view", "Async view"]
    third = steps.parts[0].passages[2]
    assert third.at == "Step 3"
    assert third.text.startswith("Call fetch_data(),")
    assert "Server block: yes" in third.text
    assert "Async wait: yes" in steps.parts[1].passages[2].text
    assert steps.parts[0].passages[-2].text == "Start: not set yet; After fetch_data(): 'value'; Final: 'value'."


def test_a_request_that_is_not_there_is_the_first_of_the_focus() -> None:
    assert text(run(2, 1.0), "nonsense", 99) == text(run(2, 1.0))


def test_plain_text_has_no_markup_but_underlined_headings() -> None:
    lines = text(run(2, 1.0)).splitlines()
    at = lines.index("The race")
    assert lines[at + 1] == "-" * len("The race")
    assert lines[-1]


@pytest.mark.parametrize("slug", LESSONS)
def test_the_recorded_run_is_told_to_its_end(slug: str) -> None:
    lesson = catalogue.find_lesson(slug)
    told = plain_text(write_run_text(lesson, catalogue.recorded_events(lesson)))
    for lane in ("all 10 requests are answered", "Done. Every request has been answered.", "came after"):
        assert lane in told
    assert not re.search(r"\bNone\b|[{}]|-\d", told)
    assert len(told) < LONGEST / 2


@settings(max_examples=60, deadline=None)
@given(slug=st.sampled_from(LESSONS), share=st.floats(0.0, 1.0), request=st.integers(-1, 12))
def test_any_beginning_of_a_run_can_be_told_and_read(slug: str, share: float, request: int) -> None:
    lesson = catalogue.find_lesson(slug)
    events = catalogue.recorded_events(lesson)
    begun = events[: max(1, round(share * len(events)))]
    told = write_run_text(lesson, begun, request=request)
    assert len(plain_text(told)) < LONGEST
    assert bool(told.so_far) == (len(begun) < len(events))
    times = [t for t, _ in race_passages(fold_events(lesson, begun), begun)]
    assert times == sorted(times)
    assert all(each.text for every in told.parts for each in every.passages)
