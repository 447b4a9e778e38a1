"""A viewer goes through a run, and comes back to where they stood."""

import asyncio
import json
from collections.abc import Callable
from urllib.parse import parse_qsl

import pytest

from lessons.playback.hub import Hub, Hubs
from lessons.playback.position import Position, parse_position
from lessons.playback.viewer import NotInRun, Viewer
from lessons.rendering.regions import render_regions
from lessons.stage.viewpoint import Viewpoint
from tests.playback.viewing import shown, watching
from tests.playback.watched import Watched, end, tick, until_beat
from tests.stage import scenes

ENDED = tuple(scenes.one_each()[1:])


def spoken(viewer: Viewer, *cursors: int) -> None:
    """The viewer's next frame shows this event."""
    for cursor in cursors:
        assert shown(viewer)["seq"] == cursor


async def test_a_paused_viewer_stays_while_the_run_goes_on() -> None:
    async with watching(events=[tick(1.0)]) as (watched, hub, viewer):
        shown(viewer)
        viewer.pause()
        assert shown(viewer)["mode"] == "paused"
        await watched.log.append("run", [tick(1.1), tick(1.2)])
        await until_beat(hub, lambda: hub.end == 4)
        assert viewer.frame() is None, "a little more of the run is no news"
        await watched.log.append("run", [tick(2.0), end()])
        await until_beat(hub, lambda: hub.end == 6)
        message = shown(viewer)
        assert (message["seq"], message["end"], message["over"], message["content"]) == (2, 6, True, "")
        viewer.live()
        assert shown(viewer)["seq"] == 6


async def test_a_viewer_steps_through_an_ended_run() -> None:
    async with watching(events=ENDED, requests=1) as (_, hub, viewer):
        viewer.hold(False)
        shown(viewer)
        marks = [mark.cursor for mark in hub.timeline.marks(scenes.ASYNC, 1)]
        for position in reversed(marks[:-1] if marks[-1] == hub.end else marks):
            viewer.step(-1, "step")
            spoken(viewer, position)
        viewer.step(-1, "step")
        message = shown(viewer)
        assert (message["seq"], message["at"], message["text"]) == (1, 0.0, "0.00 s")
        viewer.step(1, "event")
        spoken(viewer, 2)
        viewer.seek(0)
        spoken(viewer, 1)
        viewer.scrub(0.5)
        message = shown(viewer)
        assert message["at"] <= 0.5
        assert hub.timeline.times[message["seq"]] > 0.5 + hub.timeline.live.zero
        assert message["text"] == f"{message['at']:.2f} s, step 3 of request #1"


async def test_the_scrubber_s_own_end_is_the_end_of_the_run() -> None:
    async with watching(events=ENDED) as (_, hub, viewer):
        last = shown(viewer)["last"]
        viewer.seek(3)
        shown(viewer)
        viewer.scrub(last)
        spoken(viewer, hub.end)


async def test_what_is_out_of_range_is_told_and_nothing_moves() -> None:
    async with watching(events=ENDED) as (_, hub, viewer):
        shown(viewer)
        viewer.seek(9)
        shown(viewer)
        with pytest.raises(NotInRun, match=f"events 1 to {hub.end}"):
            viewer.seek(hub.end + 1)
        with pytest.raises(NotInRun, match=r"from 0 to 1\.201 s"):
            viewer.scrub(1.3)
        with pytest.raises(NotInRun, match="no step 7"):
            viewer.show(scenes.SYNC, 1, 7)
        with pytest.raises(NotInRun, match="no step 1"):
            viewer.show(scenes.SYNC, 9, 1)
        with pytest.raises(NotInRun, match="no such lane"):
            viewer.show("nobody@daphne", 1, 1)
        assert viewer.frame() is None


async def test_a_viewer_is_shown_a_step() -> None:
    async with watching(events=ENDED) as (_, hub, viewer):
        shown(viewer)
        viewer.show(scenes.SYNC, 1, 3)
        message = shown(viewer)
        assert message["seq"] == hub.timeline.marks(scenes.SYNC, 1)[2].cursor
        assert "sync@waitress 1 False" in message["content"]


async def test_a_played_run_moves_by_itself_and_ends_paused() -> None:
    async with watching(events=ENDED) as (_, hub, viewer):
        shown(viewer)
        viewer.speed(4.0)
        viewer.play()
        message = shown(viewer)
        assert (message["mode"], message["rate"]) == ("playing", 4)
        seqs = [message["seq"]]
        assert seqs[0] >= hub.timeline.load_start > 2, "the start of the servers is not played"
        while message["mode"] == "playing":
            assert viewer.seconds_to_next is not None
            await asyncio.sleep(viewer.seconds_to_next)
            if frame := viewer.frame():
                message = json.loads(frame)
                seqs.append(message["seq"])
        assert seqs == sorted(seqs)
        assert (seqs[-1], message["mode"]) == (hub.end, "paused")


async def test_the_steps_of_the_pinned_request_are_ticks_of_the_scrubber() -> None:
    async with watching(events=ENDED) as (_, _, viewer):
        assert 'id="ticks"' in shown(viewer)["content"]
        viewer.step(-1, "event")
        assert 'id="ticks"' not in shown(viewer)["content"]
        viewer.pin(scenes.SYNC, 2)
        assert '<svg id="ticks" hx-swap-oob="innerMorph"></svg>' in shown(viewer)["content"]


@pytest.mark.parametrize(
    ("asks", "there"),
    [
        ({"cursor": "7"}, lambda hub: 7),
        ({"cursor": "0"}, lambda hub: 1),
        ({"lane": scenes.SYNC, "step": "4"}, lambda hub: hub.timeline.marks(scenes.SYNC, 1)[3].cursor),
    ],
)
async def test_a_viewer_comes_to_the_place_that_was_asked_for(
    asks: dict[str, str], there: Callable[[Hub], int]
) -> None:
    position = parse_position(asks)
    async with watching(events=ENDED) as (_, hub, _):
        message = shown(Viewer(hub, position.viewpoint, position))
        assert (message["seq"], message["mode"]) == (there(hub), "paused")


@pytest.mark.parametrize("asks", [{"cursor": "9999"}, {"cursor": "x"}, {"step": "0"}, {"step": "-1"}])
async def test_a_place_that_is_not_there_is_as_if_it_were_not_asked_for(asks: dict[str, str]) -> None:
    async with watching(events=ENDED) as (_, hub, _):
        message = shown(Viewer(hub, Viewpoint(), parse_position(asks)))
        assert (message["seq"], message["mode"]) == (hub.end, "live")


async def test_who_comes_back_stands_where_they_stood() -> None:
    async with watching(events=ENDED) as (_, hub, viewer):
        viewer.pin(scenes.SYNC, 4)
        viewer.hold(True)
        viewer.speed(0.25)
        viewer.seek(11)
        before = shown(viewer)
        position = parse_position(dict(parse_qsl(before["back"])))
        after = shown(Viewer(hub, position.viewpoint, position))
        passed = {"frame": 0, "now": 0}
        assert before | passed == after | passed


async def test_who_comes_back_while_playing_plays_on() -> None:
    async with watching(events=ENDED) as (_, hub, viewer):
        viewer.seek(11)
        viewer.play()
        before = shown(viewer)
        position = parse_position(dict(parse_qsl(before["back"])))
        assert (position.playing, position.cursor) == (True, before["seq"])
        after = shown(Viewer(hub, position.viewpoint, position))
        assert (after["mode"], after["seq"]) == ("playing", before["seq"])


def test_a_position_that_plays_from_nowhere_is_live() -> None:
    assert parse_position({"play": "1"}) == Position(playing=True)


async def test_a_paused_viewer_keeps_the_cursor_when_a_run_is_taken_anew() -> None:
    async with watching(events=[tick()] * 8) as (watched, hub, viewer):
        viewer.seek(5)
        shown(viewer)
        await watched.begin(scenes.spec(requests=10), [tick()] * 6)
        await until_beat(hub, lambda: hub.generation == 2 and hub.end == 7)
        assert shown(viewer)["seq"] == 5
        await watched.begin(scenes.spec(requests=10), [tick()])
        await until_beat(hub, lambda: hub.generation == 3 and hub.end == 2)
        message = shown(viewer)
        assert (message["seq"], message["mode"]) == (2, "paused")


async def test_viewers_of_one_run_do_not_disturb_one_another() -> None:
    async with watching(events=ENDED) as (_, hub, viewer):
        others = [Viewer(hub, Viewpoint(scenes.SYNC, number)) for number in (1, 2, 3)]
        for each in (viewer, *others):
            shown(each)
        for step, each in enumerate(others, 1):
            each.seek(3 * step)
        viewer.play()
        assert [shown(each)["seq"] for each in others] == [3, 6, 9]
        assert shown(viewer)["seq"] < hub.end
        others[0].live()
        assert shown(others[0])["seq"] == hub.end
        assert [each.frame() for each in others[1:]] == [None, None]


async def test_the_real_rendering_fits_into_frames() -> None:
    watched = Watched()
    await watched.begin()
    hubs = Hubs(watched.log, lambda spec: scenes.lesson())
    async with hubs.watch("run") as hub:
        viewer = Viewer(hub, Viewpoint(hold=False))
        first = shown(viewer)["content"]
        assert all(f'id="{region}"' in first for region in render_regions(hub.timeline.live, Viewpoint(hold=False)))
        await watched.log.append("run", scenes.one_each()[1:])
        await until_beat(hub, lambda: hub.end == len(scenes.one_each()))
        last = shown(viewer)
        assert last["ended"]
        assert 'id="table"' in last["content"]
    await watched.log.close()
