"""The socket, spoken to by real WebSocket clients through a real Daphne."""

import asyncio
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from websockets.exceptions import InvalidStatus

from lessons.lab import events as ev
from lessons.lab.events import Event
from tests.live.delivering import Browser, Site, SocketBrowser, Wire, open_link, over_http, over_socket
from tests.playback.watched import end, tick
from tests.stage import scenes
from tests.waiting import until_async

NOTICE = '<p id="notice" class="notice" role="alert" hx-swap-oob="innerHTML">{}</p>'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.stop()
    assert not site.complaints()


type Link = Callable[[Site, str], AbstractAsyncContextManager[Browser]]


@pytest.fixture(params=["socket", "http"])
def link(request: pytest.FixtureRequest) -> Link:
    """Opens a link over each of the transports: `link(site, "live/runs/…/")`."""
    wire: Wire = request.param
    return partial(open_link, wire)


@pytest.fixture
def run(site: Site) -> str:
    """A run of ten requests in two lanes, just created."""
    name = uuid4().hex
    site.append(name, [scenes.created(scenes.spec(requests=10))])
    return name


async def holds(site: Site, condition: Callable[[dict[str, Any]], bool]) -> None:
    async def look() -> bool:
        return condition(await asyncio.to_thread(site.state))

    await until_async(look, lambda: f"the site's process is as wanted; it holds {site.state()}")


# Frames


async def test_the_first_frame_is_the_whole_stage_the_next_only_what_changed(link: Link, site: Site, run: str) -> None:
    async with link(site, f"live/runs/{run}/") as page:
        first = await page.shown()
        assert first["content"] == "<p id=clock>1</p><p id=state>created</p><p id=pin>async@daphne 1 False</p>"
        site.append(run, [tick(0.5)])
        second = await page.shown()
        picture = {key: second[key] for key in ("content", "seq", "t", "ended", "mode", "end", "at", "last")}
        assert picture == {
            "content": "<p id=clock>2</p>",
            "seq": 2,
            "t": 0.5,
            "ended": False,
            "mode": "live",
            "end": 2,
            "at": 0.5,
            "last": 0.5,
        }
        assert second["frame"] > first["frame"]


async def test_one_frame_is_in_flight_and_the_next_one_is_the_latest(link: Link, site: Site, run: str) -> None:
    async with link(site, f"live/runs/{run}/") as page:
        first = await page.message()
        for number in range(9):
            site.append(run, [tick(number)])
        await holds(site, lambda state: state["ends"][run] == 10)
        await page.send("a fence: whatever was sent before it comes before its notice")
        assert "frame" not in await page.message()
        await page.say(type="ack", frame=first["frame"])
        assert (await page.message())["seq"] == 10


async def test_reconnecting_equals_loading(link: Link, site: Site, run: str) -> None:
    site.append(run, [tick(), tick()])
    contents = []
    for _ in range(2):
        async with link(site, f"live/runs/{run}/") as page:
            contents.append((await page.message())["content"])
    assert contents[0] == contents[1]
    assert "<p id=clock>3</p>" in contents[0]


async def test_a_storm_comes_as_thirty_frames_a_second_at_most_and_its_end_is_not_lost(
    link: Link, site: Site, run: str
) -> None:
    arrivals: list[float] = []

    async def storm() -> int:
        while len(arrivals) < 50:
            await asyncio.to_thread(site.append, run, [tick()] * 5)
        return int((await asyncio.to_thread(site.append, run, [end()]))["appended"])

    async with link(site, f"live/runs/{run}/") as page:
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


async def test_acknowledgements_do_not_count_as_messages(link: Link, site: Site, run: str) -> None:
    async with link(site, f"live/runs/{run}/") as page:
        await page.shown()
        for request in (*range(1, 11), *range(1, 9)):
            await page.say(type="pin", lane="sync@waitress", request=request)
            assert f"sync@waitress {request} " in (await page.shown())["content"]


async def test_two_windows_move_together(link: Link, site: Site, run: str) -> None:
    async with link(site, f"live/runs/{run}/") as one, link(site, f"live/runs/{run}/") as other:
        await asyncio.gather(one.shown(), other.shown())
        site.append(run, [tick(), end()])
        frames = await asyncio.gather(one.shown(), other.shown())
        assert frames[0] | {"frame": 0} == frames[1] | {"frame": 0}


async def test_the_address_says_where_to_look(link: Link, site: Site, run: str) -> None:
    async with link(site, f"live/runs/{run}/?lane=sync@waitress&request=4&hold=0") as page:
        assert "<p id=pin>sync@waitress 4 False</p>" in (await page.message())["content"]
    async with link(site, f"live/runs/{run}/?lane=%F0%9F&request=-1&hold=x&lane=") as page:
        assert "<p id=pin>async@daphne 1 False</p>" in (await page.message())["content"]


async def test_one_request_is_held_until_the_switch_is_turned_off(link: Link, site: Site) -> None:
    run = uuid4().hex
    begun = Event(0.0, ev.RunStarted(time.time(), 30.0, "3.13", "6.1"))
    events = [begun if event.kind == "run.started" else event for event in scenes.one_each()]
    site.append(run, events)
    async with link(site, f"live/runs/{run}/") as page:
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
    link: Link, site: Site, run: str, text: str | bytes
) -> None:
    async with link(site, f"live/runs/{run}/") as page:
        await page.shown()
        await page.send(text)
        answer = await page.message()
        assert set(answer) == {"content"}
        before, after = NOTICE.split("{}")
        assert answer["content"].startswith(before)
        assert answer["content"].endswith("." + after)
        site.append(run, [tick()])
        assert (await page.shown())["content"] == "<p id=clock>2</p>"


async def test_the_sentence_goes_away_with_the_next_thing_that_is_right(link: Link, site: Site, run: str) -> None:
    async with link(site, f"live/runs/{run}/") as page:
        await page.shown()
        await page.say(type="pin", lane="sync@waitress", request=99)
        assert "requests 1 to 10" in (await page.message())["content"]
        await page.say(type="pin", lane="sync@waitress", request=9)
        assert (await page.shown())["content"] == "<p id=pin>sync@waitress 9 False</p>" + NOTICE.format("")


async def test_late_and_unknown_acknowledgements_are_ignored(link: Link, site: Site, run: str) -> None:
    async with link(site, f"live/runs/{run}/") as page:
        first = (await page.shown())["frame"]
        for frame in (0, first, first + 1, -1, 10**14):
            await page.say(type="ack", frame=frame)
        site.append(run, [tick()])
        assert (await page.shown())["seq"] == 2


# Words that come again


async def test_a_word_that_comes_again_is_passed_over(link: Link, site: Site, run: str) -> None:
    site.append(run, [tick(number / 10) for number in range(9)])
    async with link(site, f"live/runs/{run}/?cursor=2") as page:
        assert (await page.shown())["heard"] == 0
        for number in (1, 1, 2, 1, 2, 2):
            await page.say(type="step", by=1, unit="event", id=number)
        while (told := await page.shown())["heard"] < 2:
            pass
        assert (told["seq"], told["heard"]) == (4, 2)


async def test_a_word_that_changes_nothing_is_told_as_heard(link: Link, site: Site, run: str) -> None:
    site.append(run, [end()])
    async with link(site, f"live/pulse/{run}/?cursor=1") as page:
        await page.shown()
        await page.say(type="step", by=-1, unit="event", id=7)
        while (await page.shown()).get("beat") != 7:
            pass


# A link that is alive


async def test_a_link_on_which_nothing_happens_shows_that_it_is_alive(link: Link, site: Site, run: str) -> None:
    async with link(site, f"live/pulse/{run}/") as page:
        first = await page.message()
        assert [await page.message() for _ in range(3)] == [{"beat": 0}] * 3, "before the frame is acknowledged, too"
        await page.say(type="ack", frame=first["frame"])
        assert [await page.message() for _ in range(3)] == [{"beat": 0}] * 3


async def test_a_ping_is_answered_at_once(link: Link, site: Site, run: str) -> None:
    async with link(site, f"live/runs/{run}/") as page:
        await page.message()
        await page.say(type="ping")
        assert await page.message() == {"beat": 0}


# Ends with a reason


async def ended(page: Browser, code: int, sentence: str) -> None:
    messages = await page.closed()
    assert messages[-1] == {"closed": code, "reason": sentence}
    if isinstance(page, SocketBrowser):
        assert page.socket.close_code == code  # Daphne passes on no reason


@pytest.mark.parametrize("path", ["live/runs/nothing/", "live/runs/", "live/runs/%00/", "elsewhere", "live/runs/a/b/"])
async def test_an_address_of_nothing_is_told_and_closed(site: Site, path: str) -> None:
    async with over_socket(site, path) as page:
        await ended(page, 4404, "There is no such run, or it has expired.")


async def test_a_run_that_is_not_there_is_told_and_closed(link: Link, site: Site) -> None:
    async with link(site, "live/runs/nothing/") as page:
        await ended(page, 4404, "There is no such run, or it has expired.")


@pytest.mark.parametrize("last", [tick(), end()])
async def test_a_run_that_expires_is_told_and_closed(link: Link, site: Site, run: str, last: Event) -> None:
    site.append(run, [last])
    async with link(site, f"live/runs/{run}/") as page:
        await page.shown()
        await asyncio.to_thread(site.expire, run)
        await ended(page, 4404, "There is no such run, or it has expired.")


async def test_a_message_that_is_too_large_is_told_and_closed(site: Site, run: str) -> None:
    async with over_socket(site, f"live/runs/{run}/") as page:
        await page.shown()
        await page.send("é" * (32 * 1024))
        assert "frame" not in await page.message(), "64 kB are not too large, only wrong"
        await page.send("é" * (32 * 1024) + "!")
        await ended(page, 4413, "The server got a message that is too large.")


@pytest.mark.parametrize("text", ["nonsense", '{"type": "ack", "frame": 77}', '{"type": "hold", "on": "1"}'])
async def test_too_many_messages_are_told_and_closed(link: Link, site: Site, run: str, text: str) -> None:
    async with link(site, f"live/runs/{run}/") as page:
        await page.shown()
        for _ in range(201):
            await page.send(text)
        await ended(page, 4429, "The server got too many messages at once.")


async def test_what_a_stalled_network_has_kept_back_may_come_at_once(link: Link, site: Site, run: str) -> None:
    site.append(run, [tick(), end()])
    async with link(site, f"live/runs/{run}/") as page:
        await page.shown()
        for number in range(120):  # ten seconds of dragging the scrubber
            await page.send(json.dumps({"type": "seek", "to": 1 + number % 2}))
        await page.say(type="step", by=1, unit="event")
        await page.say(type="speed", rate=4)
        while (await page.shown())["rate"] != 4:
            pass


async def test_a_frame_that_is_never_acknowledged_is_told_and_closed(link: Link, site: Site, run: str) -> None:
    async with link(site, f"live/hasty/{run}/") as page:
        await ended(page, 4408, "This page has not confirmed a frame for too long.")


async def test_a_foreign_page_is_refused(site: Site, run: str) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        async with over_socket(site, f"live/runs/{run}/", origin="https://elsewhere.example"):
            pass


# Plain HTTP


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "live/runs/x/", 405),
        ("PUT", "live/words/x/", 405),
        ("GET", "live/words/x/", 405),
        ("POST", "live/words/x/", 410),
    ],
)
async def test_a_wrong_method_and_a_viewer_that_is_gone_are_told(
    site: Site, method: str, path: str, status: int
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"http://127.0.0.1:{site.port}/{path}", data="{}") as answer,
    ):
        assert answer.status == status


async def test_words_that_are_too_large_are_not_waited_for(site: Site, run: str) -> None:
    async with over_http(site, f"live/runs/{run}/") as page:
        await page.shown()
        await page.send("x" * 2**20)
        await page.say(type="ping")
        assert await page.message() == {"beat": 0}


# Nobody else is harmed, and nothing is left


async def test_a_bad_browser_does_not_disturb_the_others(link: Link, site: Site, run: str) -> None:
    async with link(site, f"live/runs/{run}/") as good, link(site, f"live/runs/{run}/") as bad:
        await good.shown()
        for _ in range(205):
            await bad.send("nonsense")
        assert (await bad.closed())[-1]["closed"] == 4429
        site.append(run, [tick(), end()])
        assert (await good.shown_until(3))[-1]["ended"]


async def test_a_browser_that_stops_reading_is_closed_and_held_no_longer(site: Site, run: str) -> None:
    with socket.socket() as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        raw.connect(("127.0.0.1", site.port))
        raw.sendall(
            f"GET /live/hasty/{run}/ HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nOrigin: http://127.0.0.1:{site.port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        await holds(site, lambda state: run in state["ends"])
        await asyncio.to_thread(site.append, run, [tick()] * 20)
        await holds(site, lambda state: run not in state["ends"] and state["tasks"] == [])


async def test_whoever_leaves_takes_everything_along(link: Link, site: Site, run: str) -> None:
    pages = [link(site, f"live/runs/{run}/") for _ in range(10)]
    for page in pages:
        await (await page.__aenter__()).message()
    held = await asyncio.to_thread(site.state)
    assert held["tasks"].count("viewer") >= 10
    assert f"hub-{run}" in held["tasks"]
    await asyncio.gather(*(page.__aexit__(None, None, None) for page in pages))
    await holds(site, lambda state: state["tasks"] == [])


async def test_a_browser_that_vanishes_takes_everything_along(link: Link, site: Site, run: str) -> None:
    async with link(site, f"live/runs/{run}/") as page:
        await page.message()
        page.vanish()
    await holds(site, lambda state: state["tasks"] == [])


async def test_an_ended_run_can_still_be_looked_around_in(link: Link, site: Site, run: str) -> None:
    site.append(run, [end()])
    async with link(site, f"live/runs/{run}/") as page:
        await page.shown()
        for number in range(1, 6):
            await page.say(type="pin", lane="sync@waitress", request=number)
            assert f"sync@waitress {number}" in json.dumps(await page.shown())


# Going through a run


async def test_a_viewer_goes_through_a_run_that_goes_on(link: Link, site: Site, run: str) -> None:
    site.append(run, [tick(0.1), tick(0.2)])
    async with link(site, f"live/runs/{run}/") as page:
        assert (await page.shown())["seq"] == 3
        await page.say(type="step", by=-1, unit="event")
        assert (await page.shown())["seq"] == 2
        site.append(run, [tick(1.0), tick(1.1)])
        told = await page.shown()
        assert (told["seq"], told["end"], told["mode"], told["over"]) == (2, 5, "paused", False)
        await page.say(type="scrub", at="1.04")
        assert (await page.shown())["seq"] == 4
        await page.say(type="live")
        assert (await page.shown())["seq"] == 5
        site.append(run, [end()])
        last = await page.shown()
        assert (last["seq"], last["mode"], last["over"]) == (6, "live", True)


async def test_a_run_is_played_to_its_end(link: Link, site: Site, run: str) -> None:
    site.append(run, [tick(number / 20) for number in range(11)] + [Event(0.5, ev.RunEnded("done"))])
    async with link(site, f"live/runs/{run}/?cursor=1") as page:
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
        ({"type": "scrub", "at": float("nan")}, "The moment must be a number of seconds, 0 or more."),
        ({"type": "speed", "rate": float("inf")}, "The speed must be a number from 0.1 to 4."),
        ({"type": "speed", "rate": "fast"}, "The speed must be a number from 0.1 to 4."),
        ({"type": "step", "by": 7, "unit": "step"}, "A step goes by 1 or -1, and its unit is step or event."),
        ({"type": "show", "lane": "sync@waitress", "request": 1, "step": 3}, "Request #1 has no step 3 in this run."),
    ],
)
async def test_what_cannot_be_done_is_told_and_the_viewer_stays(
    link: Link, site: Site, run: str, fields: dict[str, object], sentence: str
) -> None:
    site.append(run, [tick(), tick()])
    async with link(site, f"live/runs/{run}/?cursor=2") as page:
        await page.shown()
        await page.send(json.dumps(fields))
        assert (await page.message())["content"] == NOTICE.format(sentence)
        await page.say(type="pin", lane="sync@waitress", request=2)
        assert (await page.shown())["seq"] == 2


async def test_who_comes_back_is_where_they_were(link: Link, site: Site, run: str) -> None:
    site.append(run, [tick(), tick(), end()])
    async with link(site, f"live/runs/{run}/?lane=async@daphne&request=1&hold=0") as page:
        await page.shown()
        await page.say(type="pin", lane="sync@waitress", request=7)
        await page.shown()
        await page.say(type="seek", to=2)
        left = await page.shown()
    async with link(site, f"live/runs/{run}/?{left['back']}") as page:
        back = await page.shown()
        assert (back["seq"], back["mode"], back["back"]) == (2, "paused", left["back"])
        assert "<p id=pin>sync@waitress 7 False</p>" in back["content"]


async def test_viewers_of_one_run_do_not_disturb_one_another(link: Link, site: Site, run: str) -> None:
    site.append(run, [tick(), tick()])
    path = f"live/runs/{run}/"
    async with link(site, path) as one, link(site, path) as other, link(site, path) as third:
        await asyncio.gather(one.shown(), other.shown(), third.shown())
        await one.say(type="seek", to=1)
        await other.say(type="seek", to=2)
        assert ((await one.shown())["seq"], (await other.shown())["seq"]) == (1, 2)
        site.append(run, [tick(1.5), end()])
        assert (await third.shown_until(5))[-1]["mode"] == "live"
        assert [(await page.shown())["seq"] for page in (one, other)] == [1, 2]
