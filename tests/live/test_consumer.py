"""The socket, spoken to by real WebSocket clients through a real Daphne."""

import asyncio
import json
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from lessons.lab import events as ev
from lessons.lab.events import Event
from tests.live.delivering import Browser, Site, browser
from tests.playback.watched import end, tick
from tests.stage import scenes

NOTICE = '<p id="notice" class="notice" role="alert" hx-swap-oob="innerHTML">{}</p>'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.stop()
    assert not site.complaints()


@pytest.fixture
def run(site: Site) -> str:
    """A run of ten requests in two lanes, just created."""
    name = uuid4().hex
    site.append(name, [scenes.created(scenes.spec(requests=10))])
    return name


async def holds(site: Site, condition: Callable[[dict[str, Any]], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition(await asyncio.to_thread(site.state)):
            pass


# Frames


async def test_the_first_frame_is_the_whole_stage_the_next_only_what_changed(site: Site, run: str) -> None:
    async with browser(site, f"ws/runs/{run}/") as page:
        first = await page.shown()
        assert first["content"] == "<p id=clock>1</p><p id=state>created</p><p id=pin>async@daphne 1 False</p>"
        site.append(run, [tick(0.5)])
        second = await page.shown()
        picture = {key: second[key] for key in ("content", "swap", "seq", "t", "ended", "mode", "end", "at", "last")}
        assert picture == {
            "content": "<p id=clock>2</p>",
            "swap": "none",
            "seq": 2,
            "t": 0.5,
            "ended": False,
            "mode": "live",
            "end": 2,
            "at": 0.5,
            "last": 0.5,
        }
        assert second["frame"] > first["frame"]


async def test_one_frame_is_in_flight_and_the_next_one_is_the_latest(site: Site, run: str) -> None:
    async with browser(site, f"ws/runs/{run}/") as page:
        first = await page.message()
        for number in range(9):
            site.append(run, [tick(number)])
        await holds(site, lambda state: state["ends"][run] == 10)
        await page.socket.send("a fence: whatever was sent before it comes before its notice")
        assert "frame" not in await page.message()
        await page.say(type="ack", frame=first["frame"])
        assert (await page.message())["seq"] == 10


async def test_reconnecting_equals_loading(site: Site, run: str) -> None:
    site.append(run, [tick(), tick()])
    contents = []
    for _ in range(2):
        async with browser(site, f"ws/runs/{run}/") as page:
            contents.append((await page.message())["content"])
    assert contents[0] == contents[1]
    assert "<p id=clock>3</p>" in contents[0]


async def test_a_storm_comes_as_at_most_thirty_frames_a_second_and_its_end_is_not_lost(site: Site, run: str) -> None:
    arrivals: list[float] = []

    async def storm() -> int:
        while len(arrivals) < 50:
            await asyncio.to_thread(site.append, run, [tick()] * 5)
        return int((await asyncio.to_thread(site.append, run, [end()]))["appended"])

    async with browser(site, f"ws/runs/{run}/") as page:
        storming = asyncio.create_task(storm())
        last: dict[str, Any] = {"ended": False}
        while not last["ended"]:
            last = await page.shown()
            arrivals.append(time.monotonic())
            if len(arrivals) % 2:  # a learner who is at it, too
                await page.say(type="pin", lane="sync@waitress", request=1 + len(arrivals) % 9)
        assert last["seq"] == await storming
    crowd = max(sum(start <= each < start + 1 for each in arrivals) for start in arrivals)
    assert crowd <= 31


async def test_acknowledgements_do_not_count_as_messages(site: Site, run: str) -> None:
    async with browser(site, f"ws/runs/{run}/") as page:
        await page.shown()
        for request in (*range(1, 11), *range(1, 9)):
            await page.say(type="pin", lane="sync@waitress", request=request)
            assert f"sync@waitress {request} " in (await page.shown())["content"]


async def test_two_windows_move_together(site: Site, run: str) -> None:
    async with browser(site, f"ws/runs/{run}/") as one, browser(site, f"ws/runs/{run}/") as other:
        await asyncio.gather(one.shown(), other.shown())
        site.append(run, [tick(), end()])
        frames = await asyncio.gather(one.shown(), other.shown())
        assert frames[0] | {"frame": 0} == frames[1] | {"frame": 0}


async def test_the_address_says_where_to_look(site: Site, run: str) -> None:
    async with browser(site, f"ws/runs/{run}/?lane=sync@waitress&request=4&hold=0") as page:
        assert "<p id=pin>sync@waitress 4 False</p>" in (await page.message())["content"]
    async with browser(site, f"ws/runs/{run}/?lane=%F0%9F&request=-1&hold=x&lane=") as page:
        assert "<p id=pin>async@daphne 1 False</p>" in (await page.message())["content"]


@pytest.mark.parametrize(
    "wrap", [lambda fields: {"headers": {}, "body": fields}, lambda fields: {"headers": {}} | fields]
)
async def test_pins_come_in_both_formats_of_htmx(
    site: Site, run: str, wrap: Callable[[dict[str, str]], dict[str, object]]
) -> None:
    site.append(run, [end()])
    async with browser(site, f"ws/runs/{run}/") as page:
        assert (await page.shown())["ended"]
        await page.say(**wrap({"type": "pin", "lane": "sync@waitress", "request": "3"}))
        assert (await page.shown())["content"] == "<p id=pin>sync@waitress 3 False</p>"


async def test_one_request_is_held_until_the_switch_is_turned_off(site: Site) -> None:
    run = uuid4().hex
    begun = Event(0.0, ev.RunStarted(time.time(), 30.0, "3.13", "6.1"))
    events = [begun if event.kind == "run.started" else event for event in scenes.one_each()]
    site.append(run, events)
    async with browser(site, f"ws/runs/{run}/") as page:
        first = await page.shown()
        assert not first["ended"]
        assert "True" in first["content"]
        await page.say(type="hold")
        last = await page.shown()
        assert last["seq"] == len(events)
        assert last["ended"]


# What a browser should not say


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "[]",
        '{"type": "reboot"}',
        '{"type": "ack", "frame": true}',
        '{"type": "pin", "lane": "nobody@daphne", "request": 1}',
        '{"type": "pin", "lane": "sync@waitress", "request": 11}',
        '{"type": "hold", "on": "perhaps"}',
        '{"type": "pin", "lane": "\\ud800<script>", "request": 1}',
        b"\x00\x01",
    ],
)
async def test_nonsense_is_answered_with_a_sentence_and_changes_nothing(
    site: Site, run: str, text: str | bytes
) -> None:
    async with browser(site, f"ws/runs/{run}/") as page:
        await page.shown()
        await page.socket.send(text)
        answer = await page.message()
        assert set(answer) == {"content", "swap"}
        before, after = NOTICE.split("{}")
        assert answer["content"].startswith(before)
        assert answer["content"].endswith("." + after)
        site.append(run, [tick()])
        assert (await page.shown())["content"] == "<p id=clock>2</p>"


async def test_the_sentence_goes_away_with_the_next_thing_that_is_right(site: Site, run: str) -> None:
    async with browser(site, f"ws/runs/{run}/") as page:
        await page.shown()
        await page.say(type="pin", lane="sync@waitress", request=99)
        assert "requests 1 to 10" in (await page.message())["content"]
        await page.say(type="pin", lane="sync@waitress", request=9)
        assert (await page.shown())["content"] == "<p id=pin>sync@waitress 9 False</p>" + NOTICE.format("")


async def test_late_and_unknown_acknowledgements_are_ignored(site: Site, run: str) -> None:
    async with browser(site, f"ws/runs/{run}/") as page:
        first = (await page.shown())["frame"]
        for frame in (0, first, first + 1, -1, 10**14):
            await page.say(type="ack", frame=frame)
        site.append(run, [tick()])
        assert (await page.shown())["seq"] == 2


# Ends with a reason


async def ended(page: Browser, code: int, sentence: str) -> None:
    got, messages = await page.closed()
    assert got == code
    assert messages[-1] == {"content": NOTICE.format(sentence), "swap": "none"}


@pytest.mark.parametrize("path", ["ws/runs/nothing/", "ws/runs/", "ws/runs/%00/", "elsewhere", "ws/runs/a/b/"])
async def test_a_run_that_is_not_there_is_told_and_closed(site: Site, path: str) -> None:
    async with browser(site, path) as page:
        await ended(page, 4404, "There is no such run, or it has expired.")


@pytest.mark.parametrize("last", [tick(), end()])
async def test_a_run_that_expires_is_told_and_closed(site: Site, run: str, last: Event) -> None:
    site.append(run, [last])
    async with browser(site, f"ws/runs/{run}/") as page:
        await page.shown()
        await asyncio.to_thread(site.expire, run)
        await ended(page, 4404, "There is no such run, or it has expired.")


async def test_a_message_that_is_too_large_is_told_and_closed(site: Site, run: str) -> None:
    async with browser(site, f"ws/runs/{run}/") as page:
        await page.shown()
        await page.socket.send("é" * (32 * 1024))
        assert "frame" not in await page.message(), "64 kB are not too large, only wrong"
        await page.socket.send("é" * (32 * 1024) + "!")
        await ended(page, 4413, "The server got a message that is too large. Reload the page to go on.")


@pytest.mark.parametrize("text", ["nonsense", '{"type": "ack", "frame": 77}', '{"type": "hold", "on": "1"}'])
async def test_too_many_messages_are_told_and_closed(site: Site, run: str, text: str) -> None:
    async with browser(site, f"ws/runs/{run}/") as page:
        await page.shown()
        for _ in range(201):
            await page.socket.send(text)
        await ended(page, 4429, "The server got too many messages at once. Reload the page to go on.")


async def test_what_a_stalled_network_has_kept_back_may_come_at_once(site: Site, run: str) -> None:
    site.append(run, [tick(), end()])
    async with browser(site, f"ws/runs/{run}/") as page:
        await page.shown()
        for number in range(120):  # ten seconds of dragging the scrubber
            await page.socket.send(json.dumps({"type": "seek", "to": 1 + number % 2}))
        await page.say(type="step", by=1, unit="event")
        await page.say(type="speed", rate=4)
        while (await page.shown())["rate"] != 4:
            pass


async def test_a_frame_that_is_never_acknowledged_is_told_and_closed(site: Site, run: str) -> None:
    async with browser(site, f"ws/hasty/{run}/") as page:
        await ended(page, 4408, "This page has not confirmed a frame for too long. Reload it to go on.")


async def test_a_foreign_page_is_refused(site: Site, run: str) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        async with browser(site, f"ws/runs/{run}/", origin="https://elsewhere.example"):
            pass


# Nobody else is harmed, and nothing is left


async def test_a_bad_browser_does_not_disturb_the_others(site: Site, run: str) -> None:
    async with browser(site, f"ws/runs/{run}/") as good, browser(site, f"ws/runs/{run}/") as bad:
        await good.shown()
        for _ in range(205):
            await bad.socket.send("nonsense")
        assert (await bad.closed())[0] == 4429
        site.append(run, [tick(), end()])
        assert (await good.shown_until(3))[-1]["ended"]


async def test_a_browser_that_stops_reading_is_closed_and_held_no_longer(site: Site, run: str) -> None:
    with socket.socket() as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        raw.connect(("127.0.0.1", site.port))
        raw.sendall(
            f"GET /ws/hasty/{run}/ HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nOrigin: http://127.0.0.1:{site.port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        await holds(site, lambda state: run in state["ends"])
        await asyncio.to_thread(site.append, run, [tick()] * 20)
        await holds(site, lambda state: run not in state["ends"] and state["tasks"] == [])


async def test_whoever_leaves_takes_everything_along(site: Site, run: str) -> None:
    pages = [browser(site, f"ws/runs/{run}/") for _ in range(10)]
    for page in pages:
        await (await page.__aenter__()).message()
    held = await asyncio.to_thread(site.state)
    assert held["tasks"].count("viewer") >= 10
    assert f"hub-{run}" in held["tasks"]
    await asyncio.gather(*(page.__aexit__(None, None, None) for page in pages))
    await holds(site, lambda state: state["tasks"] == [])


async def test_a_browser_that_vanishes_takes_everything_along(site: Site, run: str) -> None:
    async with browser(site, f"ws/runs/{run}/") as page:
        await page.message()
        page.socket.transport.abort()
        with pytest.raises(ConnectionClosed):
            await page.message()
    await holds(site, lambda state: state["tasks"] == [])


async def test_an_ended_run_can_still_be_looked_around_in(site: Site, run: str) -> None:
    site.append(run, [end()])
    async with browser(site, f"ws/runs/{run}/") as page:
        await page.shown()
        for number in range(1, 6):
            await page.say(type="pin", lane="sync@waitress", request=number)
            assert f"sync@waitress {number}" in json.dumps(await page.shown())


# Going through a run


async def test_a_viewer_goes_through_a_run_that_goes_on(site: Site, run: str) -> None:
    site.append(run, [tick(0.1), tick(0.2)])
    async with browser(site, f"ws/runs/{run}/") as page:
        assert (await page.shown())["seq"] == 3
        await page.say(type="step", by=-1, unit="event")
        assert (await page.shown())["seq"] == 2
        site.append(run, [tick(1.0), tick(1.1)])
        told = await page.shown()
        assert (told["seq"], told["end"], told["mode"], told["over"]) == (2, 5, "paused", False)
        await page.say(headers={}, body={"type": "scrub", "at": "1.04"})
        assert (await page.shown())["seq"] == 4
        await page.say(type="live")
        assert (await page.shown())["seq"] == 5
        site.append(run, [end()])
        last = await page.shown()
        assert (last["seq"], last["mode"], last["over"]) == (6, "live", True)


async def test_a_run_is_played_to_its_end(site: Site, run: str) -> None:
    site.append(run, [tick(number / 20) for number in range(11)] + [Event(0.5, ev.RunEnded("done"))])
    async with browser(site, f"ws/runs/{run}/?cursor=1") as page:
        assert (await page.shown())["seq"] == 1
        await page.say(type="speed", rate="2")
        await page.say(type="play")
        began = time.monotonic()
        frames = await page.shown_until(13)
        assert time.monotonic() - began > 0.2
        seqs = [frame["seq"] for frame in frames]
        assert seqs == sorted(seqs)
        assert len(set(seqs)) > 4, "it did not jump there"
        assert (frames[-1]["mode"], frames[-1]["rate"]) == ("paused", 2)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"type": "seek", "to": 99}, "This run has events 1 to 3; choose one of them."),
        ({"type": "seek", "to": 10**400}, "The event must be a whole number."),
        ({"type": "scrub", "at": 7}, "This run has moments from 0 to 1.000 s; choose one of them."),
        ({"type": "scrub", "at": float("nan")}, "The moment must be a number of seconds from 0 on."),
        ({"type": "speed", "rate": float("inf")}, "The speed must be a number from 0.1 to 4."),
        ({"type": "speed", "rate": "fast"}, "The speed must be a number from 0.1 to 4."),
        ({"type": "step", "by": 7, "unit": "step"}, "A step goes 1 or -1, by the unit step or event."),
        ({"type": "show", "lane": "sync@waitress", "request": 1, "step": 3}, "Request #1 has no step 3 in this run."),
    ],
)
async def test_what_cannot_be_done_is_told_and_the_viewer_stays(
    site: Site, run: str, fields: dict[str, object], sentence: str
) -> None:
    site.append(run, [tick(), tick()])
    async with browser(site, f"ws/runs/{run}/?cursor=2") as page:
        await page.shown()
        await page.socket.send(json.dumps(fields))
        assert (await page.message())["content"] == NOTICE.format(sentence)
        await page.say(type="pin", lane="sync@waitress", request=2)
        assert (await page.shown())["seq"] == 2


async def test_who_comes_back_is_where_they_were(site: Site, run: str) -> None:
    site.append(run, [tick(), tick(), end()])
    async with browser(site, f"ws/runs/{run}/?lane=async@daphne&request=1&hold=0") as page:
        await page.shown()
        await page.say(type="pin", lane="sync@waitress", request=7)
        await page.shown()
        await page.say(type="seek", to=2)
        left = await page.shown()
    path = f"ws/runs/{run}/?lane=async@daphne&request=1&hold=0"
    async with browser(site, path, subprotocols=[left["back"]]) as page:
        assert page.socket.subprotocol == left["back"]
        back = await page.shown()
        assert (back["seq"], back["mode"], back["back"]) == (2, "paused", left["back"])
        assert "<p id=pin>sync@waitress 7 False</p>" in back["content"]


async def test_a_subprotocol_that_is_no_place_is_not_taken(site: Site, run: str) -> None:
    async with browser(site, f"ws/runs/{run}/?cursor=1", subprotocols=["chat", "place.AAAA"]) as page:
        assert page.socket.subprotocol in (None, "place.AAAA")
        assert (await page.shown())["seq"] == 1


async def test_viewers_of_one_run_do_not_disturb_one_another(site: Site, run: str) -> None:
    site.append(run, [tick(), tick()])
    path = f"ws/runs/{run}/"
    async with browser(site, path) as one, browser(site, path) as other, browser(site, path) as third:
        await asyncio.gather(one.shown(), other.shown(), third.shown())
        await one.say(type="seek", to=1)
        await other.say(type="seek", to=2)
        assert ((await one.shown())["seq"], (await other.shown())["seq"]) == (1, 2)
        site.append(run, [tick(1.5), end()])
        assert (await third.shown_until(5))[-1]["mode"] == "live"
        assert [(await page.shown())["seq"] for page in (one, other)] == [1, 2]
