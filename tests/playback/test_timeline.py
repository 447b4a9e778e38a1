"""The timeline gives the stage at any place, and where the steps begin."""

from lessons import catalogue
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.playback.clock import FACTS
from lessons.playback.timeline import EVERY, RECENT, Timeline
from lessons.stage.fold import fold_events
from lessons.stage.narration import current_holder
from tests.stage import scenes


def long_run() -> tuple[Event, ...]:
    spec = scenes.spec(requests=60, lanes=(scenes.ASYNC,))
    requests = [event for number in range(1, 61) for event in scenes.async_request(scenes.ASYNC, number, 0.0, 0.1)]
    return scenes.numbered([scenes.created(spec), scenes.started(scenes.ASYNC), *requests])


def timeline_of(events: tuple[Event, ...]) -> Timeline:
    timeline = Timeline(scenes.lesson())
    timeline.add(events)
    return timeline


def test_the_stage_at_every_place_is_the_fold_of_the_events_before() -> None:
    events = long_run()
    assert len(events) > 3 * EVERY
    timeline = timeline_of(events)
    for cursor in (0, 1, 2, EVERY - 1, EVERY, EVERY + 1, 700, 5, 701, 702, len(events)):
        assert timeline.stage(cursor) == fold_events(scenes.lesson(), events[:cursor])


def test_the_live_stage_is_the_fold_of_everything() -> None:
    events = long_run()
    assert timeline_of(events).live == fold_events(scenes.lesson(), events)


def test_one_place_gives_one_and_the_same_stage() -> None:
    timeline = timeline_of(long_run())
    assert timeline.stage(300) is timeline.stage(300)


def test_stages_of_the_past_are_not_all_kept() -> None:
    timeline = timeline_of(long_run())
    first = timeline.stage(1)
    for cursor in range(2, 2 + RECENT):
        timeline.stage(cursor)
    assert timeline.stage(1) is not first
    assert timeline.stage(1) == first


def test_each_step_of_a_request_is_marked_once() -> None:
    timeline = timeline_of(scenes.one_each())
    for lane in (scenes.SYNC, scenes.ASYNC):
        marks = timeline.marks(lane, 1)
        assert len(marks) == 6
        assert [mark.seq for mark in marks] == sorted({mark.seq for mark in marks})
    assert timeline.marks(scenes.SYNC, 2) == []


def test_a_short_step_is_looked_at_just_before_the_next() -> None:
    marks = timeline_of(scenes.one_each()).marks(scenes.SYNC, 1)
    assert marks[0].cursor == marks[1].seq - 1


def test_a_long_step_is_looked_at_when_its_facts_are_known() -> None:
    events = scenes.one_each()
    mark = timeline_of(events).marks(scenes.SYNC, 1)[2]
    began = events[mark.seq - 1].t
    assert events[mark.cursor].t >= began + FACTS
    assert events[mark.cursor - 1].t < began + FACTS


def test_a_step_whose_facts_are_not_known_yet_is_not_marked() -> None:
    events = scenes.one_each()
    third = timeline_of(events).marks(scenes.SYNC, 1)[2]
    assert len(timeline_of(events[: third.cursor]).marks(scenes.SYNC, 1)) == 2
    assert len(timeline_of(events[: third.cursor + 1]).marks(scenes.SYNC, 1)) == 3


def test_the_last_step_is_looked_at_with_the_last_event() -> None:
    events = scenes.one_each()
    assert timeline_of(events).marks(scenes.SYNC, 1)[-1].cursor <= len(events)


def test_a_step_begins_once_however_often_its_event_comes() -> None:
    step = scenes.lesson().steps[0]
    body = next(event.body for event in scenes.one_each() if event.kind == step.on)
    again = scenes.at(scenes.SYNC, 1, (0.1, body), (0.2, body))
    timeline = timeline_of(scenes.numbered([scenes.created(scenes.spec()), *again, Event(9.0, ev.ClockTicked())]))
    assert [mark.seq for mark in timeline.marks(scenes.SYNC, 1)] == [2]


def test_events_of_the_run_or_a_lane_mark_nothing() -> None:
    timeline = timeline_of(
        scenes.numbered([scenes.created(scenes.spec()), Event(0.1, ev.RequestReceived(1), scenes.SYNC)])
    )
    assert timeline.marks(scenes.SYNC, 0) == []


def test_what_is_learnt_of_a_probe_later_is_told_from_its_beginning_on() -> None:
    lesson = next(iter(catalogue.all_lessons().values()))
    timeline = Timeline.of(lesson, catalogue.recorded_events(lesson))
    blocks = [(lane.id, block) for lane in timeline.live.lanes for block in lane.blocks]
    assert blocks
    for cursor in range(1, timeline.end):
        stage = timeline.stage(cursor)
        for lane in stage.lanes:
            held = any(id == lane.id and block.start < stage.t < (block.end or 0.0) for id, block in blocks)
            if held and lane.state == "running":
                assert current_holder(stage, lane).blocked, (cursor, lane.id)
