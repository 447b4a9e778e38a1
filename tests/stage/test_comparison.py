"""Two runs beside each other, in figures and in sentences."""

from dataclasses import replace

from lessons.lab import events as ev
from lessons.stage.comparison import compare_stages, spec_in_words
from lessons.stage.fold import fold_events
from lessons.stage.model import Stage
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC


def stage(took: float = 1.0, workers: int = 1, lanes: tuple[str, ...] = (SYNC, ASYNC), python: str = "3.13") -> Stage:
    """One request in each lane; the sync one takes so long."""
    events = [
        scenes.created(scenes.spec(workers=workers, lanes=lanes)),
        ev.Event(0.0, ev.RunStarted(1.7e9, 30.0, python, "6.1")),
        *(scenes.started(lane, workers) for lane in lanes),
        ev.Event(0.09, ev.LoadStarted()),
        *(event for lane in lanes for event in scenes.sync_request(lane, 1, 0.1, 0.102, took if lane == SYNC else 1.0)),
        *(ev.Event(0.1 + took, ev.LaneDone(took if lane == SYNC else 1.0, 1, 0), lane) for lane in lanes),
        ev.Event(0.2 + took, ev.RunEnded("done")),
    ]
    return fold_events(scenes.lesson(), scenes.numbered(events))


def test_both_are_drawn_on_the_longer_axis() -> None:
    found = compare_stages(stage(took=0.5), stage(took=4.0))
    assert found.axis.end >= 4.0
    short, long = (side[1] for side in found.pairs[0].sides)
    assert short
    assert long
    assert (short.total, long.total) == (0.5, 4.0)
    assert compare_stages(stage(took=4.0), stage(took=0.5)).axis == found.axis


def test_it_is_told_which_was_faster_lane_by_lane_and_as_a_whole() -> None:
    found = compare_stages(stage(took=4.0), stage(took=2.0))
    assert [(pair.name, pair.told) for pair in found.pairs] == [
        ("Sync view", "Run B was 2.0 times as fast."),
        ("Async view", "Both took about the same time."),
    ]
    assert found.verdict == (
        "Run B was 2.0 times as fast. The slowest of 2 common lanes took 4.00 s in run A and 2.00 s in run B."
    )
    assert found.ended


def test_what_was_asked_for_differently_is_told() -> None:
    found = compare_stages(stage(workers=4), stage(workers=1, lanes=(SYNC,), python="3.14"))
    assert found.differences == (
        "Run A had 4 worker threads, run B 1.",
        "Only run A has Async view.",
        "Run A ran on Python 3.13, run B on Python 3.14.",
    )
    assert [None in (lane for _, lane in pair.sides) for pair in found.pairs] == [False, True]


def test_the_same_run_twice_differs_in_nothing() -> None:
    found = compare_stages(stage(), stage())
    assert found.differences == ()
    assert found.verdict.startswith("Both took about the same time.")


def test_runs_without_a_common_lane_have_no_winner() -> None:
    found = compare_stages(stage(lanes=(SYNC,)), stage(lanes=(ASYNC,)))
    assert found.verdict == "They have no lane in common, so neither was the faster one."
    assert [pair.name for pair in found.pairs] == ["Sync view", "Async view"]


def test_a_run_that_goes_on_has_not_won_yet() -> None:
    going = fold_events(scenes.lesson(), scenes.one_each()[:20])
    found = compare_stages(going, stage())
    assert not found.ended
    assert found.verdict == ""


def test_a_lane_that_was_not_done_wins_nothing() -> None:
    broken = [replace(each) for each in scenes.one_each() if each.kind != "lane.done"]
    found = compare_stages(fold_events(scenes.lesson(), scenes.numbered(broken)), stage())
    assert found.verdict == "One of them was not done, so there is no faster one."
    assert [pair.told for pair in found.pairs] == ["", ""]


def test_a_spec_is_said_in_words() -> None:
    assert spec_in_words(scenes.spec(10, 4)) == "10 requests in each lane, I/O wait 1 s, 4 worker threads"
    assert spec_in_words(scenes.spec(1, 1, (ASYNC,))) == "1 request, I/O wait 1 s"
