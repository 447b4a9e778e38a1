"""What only the log in memory must do: stay small, and give up with its process."""

import asyncio

import pytest

from lessons.log.memory import MemoryLog
from lessons.log.protocol import RunUnknown
from tests.log.making import Follower, end, tick


async def test_a_run_expires_and_its_followers_are_told() -> None:
    log = MemoryLog(ttl=0.05)
    await log.create("run")
    await log.append("run", [tick()])
    follower = Follower(log)
    with pytest.raises(RunUnknown):
        await follower.task
    with pytest.raises(RunUnknown):
        await log.read("run")
    await log.close()


async def test_every_event_gives_a_run_its_time_to_live_again() -> None:
    log = MemoryLog(ttl=30)
    await log.create("run")
    first = log._runs["run"].expiry
    await log.append("run", [tick()])
    assert first is not None
    assert first.cancelled()
    assert log._runs["run"].expiry is not first
    await log.close()


async def test_beyond_its_limit_the_oldest_ended_run_goes_first() -> None:
    log = MemoryLog(ttl=30, max_runs=3)
    for run in ("live", "ended", "young"):
        await log.create(run)
    await log.append("ended", [end()])
    await log.create("fourth")
    await log.read("live")
    with pytest.raises(RunUnknown):
        await log.read("ended")
    await log.create("fifth")
    with pytest.raises(RunUnknown):
        await log.read("live")
    await log.close()


async def test_beyond_its_events_ended_runs_go_and_running_ones_stay() -> None:
    log = MemoryLog(ttl=30, max_events=5)
    for run in ("running", "first", "second"):
        await log.create(run)
        await log.append(run, [tick()])
    await log.append("first", [end()])
    await log.append("second", [end()])
    await log.append("running", [tick()])
    with pytest.raises(RunUnknown):
        await log.read("first")
    assert len((await log.read("second")).events) == 2
    await log.append("running", [tick()] * 9)
    assert len((await log.read("running")).events) == 11
    with pytest.raises(RunUnknown):
        await log.read("second")
    await log.close()
    assert log._held == 0


async def test_cancelled_followers_wait_for_nothing_any_more() -> None:
    log = MemoryLog(ttl=30)
    await log.create("run")
    await log.append("run", [tick()])
    followers = [Follower(log) for _ in range(10)]
    await asyncio.gather(*(each.reach(1) for each in followers))
    await asyncio.gather(*(each.stop() for each in followers))
    assert not log._runs["run"].news._waiters
    await log.close()


async def test_closing_leaves_no_timer_behind() -> None:
    log = MemoryLog(ttl=30)
    await log.create("run")
    expiry = log._runs["run"].expiry
    await log.close()
    assert expiry is not None
    assert expiry.cancelled()
