"""A viewer gets the whole stage, then what changed, one frame at a time."""

import time
from itertools import pairwise

import pytest

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.playback.clock import HOLD
from lessons.playback.position import position_query
from lessons.playback.viewer import NotInRun, Viewer
from lessons.stage.viewpoint import Viewpoint
from tests.playback.viewing import ANYWHERE, shown, watching
from tests.playback.watched import end, tick, until_beat
from tests.stage import scenes


async def test_the_first_frame_is_the_whole_stage() -> None:
    async with watching(events=[tick(0.5)]) as (_, _, viewer):
        message = shown(viewer)
        assert message.pop("frame") > 0
        assert message == {
            "content": "<p id=clock>2</p><p id=state>created</p><p id=pin>async@daphne 1 False</p>",
            "heard": 0,
            "seq": 2,
            "t": 0.5,
            "ended": False,
            "mode": "live",
            "rate": 1,
            "end": 2,
            "at": 0.5,
            "last": 0.5,
            "text": "0.50 s",
            "over": False,
            "held": False,
            "scene": {"from": 0, "facts": []},
            "now": None,  # the load has not begun
            "back": position_query(Viewpoint(scenes.ASYNC, 1, hold=False), None, 1.0),
        }


async def test_a_later_frame_has_only_what_changed() -> None:
    async with watching() as (watched, hub, viewer):
        shown(viewer)
        await watched.log.append("run", [tick(), tick()])
        await until_beat(hub, lambda: hub.end == 3)
        message = shown(viewer)
        assert (message["content"], message["seq"]) == ("<p id=clock>3</p>", 3)


async def test_without_a_change_there_is_no_frame() -> None:
    async with watching() as (_, _, viewer):
        shown(viewer)
        assert viewer.frame() is None
        assert not viewer.in_flight


async def test_the_end_of_the_run_is_told() -> None:
    async with watching(events=[end()]) as (_, _, viewer):
        assert shown(viewer)["ended"] is True


async def test_only_the_frame_in_flight_can_be_acknowledged() -> None:
    async with watching() as (_, _, viewer):
        assert not viewer.acknowledge(0)
        viewer.frame()
        number = viewer.in_flight
        assert not viewer.acknowledge(number + 1)
        assert viewer.acknowledge(number)
        assert not viewer.acknowledge(number)


async def test_numbers_of_frames_rise_but_cannot_be_guessed() -> None:
    """Who does not read cannot acknowledge, and so cannot have the server pile up frames."""
    async with watching() as (_, hub, viewer):
        numbers = []
        for request in range(1, 11):
            viewer.pin(scenes.SYNC, request)
            numbers.append(shown(viewer)["frame"])
        assert numbers == sorted(numbers)
        assert len({after - before for before, after in pairwise(numbers)}) > 5
        assert shown(Viewer(hub, ANYWHERE))["frame"] not in numbers


async def test_a_pin_changes_what_this_viewer_sees() -> None:
    async with watching() as (_, hub, viewer):
        other = Viewer(hub, Viewpoint())
        shown(viewer), shown(other)
        viewer.pin(scenes.SYNC, 7)
        assert shown(viewer)["content"] == "<p id=pin>sync@waitress 7 False</p>"
        assert other.frame() is None


@pytest.mark.parametrize(("lane", "request_"), [("nobody@daphne", 1), (scenes.SYNC, 0), (scenes.SYNC, 11), ("", 1)])
async def test_what_is_not_in_the_run_cannot_be_pinned(lane: str, request_: int) -> None:
    async with watching() as (_, _, viewer):
        shown(viewer)
        with pytest.raises(NotInRun):
            viewer.pin(lane, request_)
        assert viewer.frame() is None


async def test_a_wish_that_is_not_in_the_run_is_settled() -> None:
    async with watching(Viewpoint("nobody@daphne", 99)) as (_, _, viewer):
        assert "async@daphne 1 False" in shown(viewer)["content"]


async def test_another_region_can_ride_along() -> None:
    async with watching() as (_, _, viewer):
        viewer.tell("<p id=notice></p>")
        assert shown(viewer)["content"].endswith("<p id=notice></p>")
        viewer.tell("<p id=notice></p>")
        assert shown(viewer)["content"] == "<p id=notice></p>"
        assert viewer.frame() is None


def one_now(seconds_ago: float) -> list[Event]:
    """One request of one second in two lanes, in a run that began so many seconds ago."""
    begun = ev.RunStarted(time.time() - seconds_ago, 30.0, "3.13", "6.1")
    return [Event(0.0, begun) if event.kind == "run.started" else event for event in scenes.one_each()[1:]]


async def test_one_request_is_held_at_its_steps_by_default() -> None:
    async with watching(events=one_now(0.2), requests=1) as (_, hub, viewer):
        message = shown(viewer)
        assert "True" in message["content"]
        assert message["seq"] < hub.end
        assert viewer.seconds_to_next is not None
        assert 0 < viewer.seconds_to_next < HOLD


async def test_many_requests_are_live_by_default() -> None:
    async with watching(events=one_now(0.2)) as (_, hub, viewer):
        assert shown(viewer)["seq"] == hub.end
        assert viewer.seconds_to_next is None


async def test_who_comes_back_to_a_held_run_comes_back_to_its_place() -> None:
    async with watching(events=one_now(0.2 + 3 * HOLD), requests=1) as (_, hub, viewer):
        assert shown(viewer)["seq"] == shown(Viewer(hub, Viewpoint()))["seq"]
        assert not hub.timeline.stage(viewer._cursor).ended
        early = hub.timeline.marks(scenes.ASYNC, 1)[0].cursor
        assert viewer._cursor > early


async def test_a_run_of_long_ago_is_shown_at_its_end() -> None:
    async with watching(Viewpoint(hold=True), one_now(3600), requests=1) as (_, _, viewer):
        assert shown(viewer)["ended"]


async def test_switching_hold_off_shows_the_end_at_once() -> None:
    async with watching(events=one_now(0.2), requests=1) as (_, hub, viewer):
        shown(viewer)
        viewer.hold(False)
        message = shown(viewer)
        assert message["seq"] == hub.end
        assert "False" in message["content"]


async def test_a_run_taken_anew_is_shown_anew() -> None:
    async with watching(events=[tick()] * 8) as (watched, hub, viewer):
        shown(viewer)
        await watched.begin(scenes.spec(requests=10))
        await until_beat(hub, lambda: hub.generation == 2)
        message = shown(viewer)
        assert (message["seq"], message["content"]) == (1, "<p id=clock>1</p>")
