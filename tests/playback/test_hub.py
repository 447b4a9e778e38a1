"""One hub per watched run: it follows once, shares what it renders, and ends with its last viewer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import pairwise

import pytest

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.log.protocol import RunUnknown
from lessons.log.redis import RedisLog
from lessons.playback.hub import BEAT, HubClosed, Hubs
from lessons.stage.fold import fold_events
from lessons.stage.viewpoint import Viewpoint
from tests.log.redis_server import RedisServer
from tests.playback.watched import Watched, end, readable, tick, until_beat
from tests.stage import scenes

LIVE = Viewpoint()


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    watched = Watched()
    await watched.begin()
    yield watched
    assert len(watched.hubs) == 0
    await watched.log.close()


async def test_a_hub_has_the_history_when_it_is_handed_out(watched: Watched) -> None:
    await watched.log.append("run", [tick(), tick()])
    async with watched.hub() as hub:
        assert hub.end == 3
        assert hub.spec == scenes.spec()


async def test_viewers_of_a_run_share_one_follower(watched: Watched) -> None:
    async with watched.hub() as first, watched.hub() as second:
        assert first is second
        assert watched.log.followers == 1


async def test_the_hub_ends_with_its_last_viewer(watched: Watched) -> None:
    before = asyncio.all_tasks()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(watched.hub())
        async with watched.hub():
            pass
        assert len(watched.hubs) == 1
        assert watched.log.followers == 1
    assert len(watched.hubs) == 0
    assert watched.log.followers == 0
    assert asyncio.all_tasks() == before


async def test_a_viewer_that_is_cancelled_leaves_no_hub_behind(watched: Watched) -> None:
    before = asyncio.all_tasks()
    inside = asyncio.Event()

    async def watch() -> None:
        async with watched.hub():
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(watch())
    await inside.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert len(watched.hubs) == 0
    assert asyncio.all_tasks() == before


async def test_a_run_without_events_is_waited_for(watched: Watched) -> None:
    await watched.log.create("later")

    async def watch() -> int:
        async with watched.hubs.watch("later") as hub:
            return hub.end

    waiting = asyncio.create_task(watch())
    await asyncio.wait([waiting], timeout=0.05)
    assert not waiting.done()
    await watched.log.append("later", [scenes.created(scenes.spec()), tick()])
    assert await waiting == 2


async def test_a_run_that_is_not_there_is_unknown_and_leaves_nothing(watched: Watched) -> None:
    with pytest.raises(RunUnknown):
        async with watched.hubs.watch("other"):
            pass
    assert len(watched.hubs) == 0


async def test_viewers_are_woken_by_news(watched: Watched) -> None:
    async with watched.hub() as hub:
        await watched.log.append("run", [tick()])
        await until_beat(hub, lambda: hub.end == 2)


async def test_a_storm_of_events_wakes_at_most_at_every_beat(watched: Watched) -> None:
    async with watched.hub() as hub:
        wakes: list[float] = []
        clock = asyncio.get_running_loop().time
        begun, events = clock(), 1
        with hub.waking(lambda: wakes.append(clock())):
            while clock() < begun + 10 * BEAT:
                events = await watched.log.append("run", [tick()])
                await asyncio.sleep(BEAT / 50)
            await until_beat(hub, lambda: hub.end == events)
    gaps = [after - before for before, after in pairwise(wakes)]
    assert len(gaps) > 2
    assert min(gaps) > BEAT * 0.9


async def test_one_view_is_rendered_once_for_all(watched: Watched) -> None:
    async with watched.hub() as hub:
        assert hub.view(1, LIVE) is hub.view(1, LIVE)
        assert watched.rendered == 1
        assert hub.view(1, Viewpoint(request=2)) is not hub.view(1, LIVE)
        assert watched.rendered == 2


async def test_a_view_of_the_past_shows_the_past(watched: Watched) -> None:
    events = scenes.one_each()
    await watched.log.append("run", events[1:])
    async with watched.hub() as hub:
        assert hub.view(5, LIVE).stage == fold_events(scenes.lesson(), events[:5])._replace(past=True)


async def test_changes_are_the_regions_that_differ(watched: Watched) -> None:
    await watched.log.append("run", [tick(), end()])
    async with watched.hub() as hub:
        first, second, third = (hub.view(cursor, LIVE) for cursor in (1, 2, 3))
        assert hub.changes(None, first) == '"<p id=clock>1</p><p id=state>created</p><p id=pin> 0 False</p>"'
        assert hub.changes(first, second) == '"<p id=clock>2</p>"'
        assert hub.changes(second, third) == '"<p id=clock>3</p><p id=state>ended</p>"'
        assert hub.changes(third, third) == ""


async def test_a_changed_epoch_takes_the_run_anew(watched: Watched) -> None:
    await watched.log.append("run", [tick(), tick()])
    async with watched.hub() as hub:
        generation = hub.generation
        await watched.begin(scenes.spec(requests=7))
        await until_beat(hub, lambda: hub.generation > generation)
        assert hub.end == 1
        assert hub.spec.requests == 7
        assert hub.view(1, LIVE).stage.seq == 1


async def test_an_ended_run_stays_watchable(watched: Watched) -> None:
    await watched.log.append("run", [end()])
    async with watched.hub() as hub:
        hub.check_alive()
        assert hub.view(hub.end, LIVE).stage.ended


async def test_an_ended_run_that_expires_is_told() -> None:
    watched = Watched(check=0.01)
    await watched.begin(events=[end()])
    async with watched.hub() as hub:
        watched.log._forget("run")
        await until_beat(hub, lambda: hub._failure is not None)
        with pytest.raises(RunUnknown):
            hub.check_alive()
    await watched.log.close()


async def test_a_running_run_that_expires_is_told(watched: Watched) -> None:
    async with watched.hub() as hub:
        watched.log._forget("run")
        await until_beat(hub, lambda: hub._failure is not None)
        with pytest.raises(RunUnknown):
            hub.check_alive()


async def test_a_closed_log_closes_the_hub(watched: Watched) -> None:
    async with watched.hub() as hub:
        await watched.log.close()
        await until_beat(hub, lambda: hub._failure is not None)
        with pytest.raises(HubClosed):
            hub.check_alive()


async def test_a_history_that_makes_no_sense_closes_the_hub_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    watched = Watched()
    await watched.log.create("run")
    await watched.log.append("run", [Event(0.0, ev.RunCreated({"lesson": "?"}))])
    with pytest.raises(HubClosed):
        async with watched.hub():
            pass
    assert "The hub of run run failed" in caplog.text
    await watched.log.close()


async def test_the_run_s_time_goes_on_between_events(watched: Watched) -> None:
    async with watched.hub() as hub:
        assert hub.now() == 0
        await watched.log.append("run", [Event(0.0, ev.RunStarted(1e9, 30, "3", "6"))])
        await until_beat(hub, lambda: hub.end == 2)
        assert hub.now() > 1e6


async def test_the_run_s_time_is_never_behind_an_event(watched: Watched) -> None:
    """The wall clock of the machine that runs it may be ahead of ours."""
    async with watched.hub() as hub:
        await watched.log.append("run", [Event(0.0, ev.RunStarted(9e9, 30, "3", "6")), tick(5.0)])
        await until_beat(hub, lambda: hub.end == 3)
        assert hub.now() >= 5.0


async def test_a_hub_goes_on_where_it_was_when_redis_comes_back(redis_server: RedisServer) -> None:
    log = RedisLog(redis_server.url, ttl=60)
    hubs = Hubs(log, lambda spec: scenes.lesson(), lambda: readable)
    await log.create("run")
    await log.append("run", [scenes.created(scenes.spec()), tick()])
    async with hubs.watch("run") as hub:
        redis_server.stop()
        late = asyncio.create_task(log.append("run", [tick(), end()]))
        await asyncio.to_thread(redis_server.start)
        await until_beat(hub, lambda: hub.end == 4)
        assert (await late, hub.generation) == (4, 1)
        assert hub.view(4, LIVE).stage.ended
    await log.close()


async def test_hubs_of_two_processes_show_the_same(redis_url: str) -> None:
    logs = [RedisLog(redis_url, ttl=60) for _ in range(2)]
    first, second = (Hubs(log, lambda spec: scenes.lesson(), lambda: readable) for log in logs)
    await logs[0].create("two")
    await logs[0].append("two", [scenes.created(scenes.spec())])
    async with first.watch("two") as here, second.watch("two") as there:
        await logs[1].append("two", scenes.one_each()[1:])
        for hub in (here, there):
            await until_beat(hub, lambda hub=hub: hub.end == len(scenes.one_each()))  # type: ignore[misc]
        assert here.view(here.end, LIVE).regions == there.view(there.end, LIVE).regions
        assert here.timeline.live == there.timeline.live
    await asyncio.gather(*(log.close() for log in logs))
