"""Timelines that are kept: of ended runs, and of few enough."""

from dataclasses import replace

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.playback.kept_timelines import KeptTimelines
from lessons.playback.timeline import Timeline
from tests.stage import scenes


def timeline(*, ended: bool = True) -> Timeline:
    events = [*scenes.one_each()]
    if ended and not isinstance(events[-1].body, ev.RunEnded):
        events.append(Event(events[-1].t, ev.RunEnded("done")))
    if not ended:
        events = [each for each in events if not isinstance(each.body, ev.RunEnded)]
    return Timeline.of(scenes.lesson(), scenes.numbered(events))


def test_an_ended_run_is_kept_and_one_under_way_is_not() -> None:
    kept, over = KeptTimelines(1000), timeline()
    kept.keep("over", over)
    kept.keep("going", timeline(ended=False))
    assert kept.find(scenes.lesson(), "over") is over
    assert kept.find(scenes.lesson(), "going") is None
    kept.drop("over")
    kept.drop("over")
    assert kept.find(scenes.lesson(), "over") is None


def test_who_was_looked_at_longest_ago_goes_first() -> None:
    one = timeline()
    kept = KeptTimelines(2 * one.end + 1)
    kept.keep("first", one)
    kept.keep("second", timeline())
    assert kept.find(scenes.lesson(), "first")
    kept.keep("third", timeline())
    found = {each for each in ("first", "second", "third") if kept.find(scenes.lesson(), each)}
    assert found == {"first", "third"}


def test_one_that_would_push_out_all_others_is_not_kept() -> None:
    kept = KeptTimelines(timeline().end)
    kept.keep("long", timeline())
    assert kept.find(scenes.lesson(), "long") is None


def test_a_lesson_that_has_changed_has_its_runs_folded_anew() -> None:
    kept = KeptTimelines(1000)
    kept.keep("run", timeline())
    assert kept.find(replace(scenes.lesson()), "run") is None
