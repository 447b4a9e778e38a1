"""What only the log on Redis must do: live through its faults. Each fault is caused, on a Redis of the test's own."""

import asyncio
from typing import Any

import pytest
from redis.asyncio import Redis

from lessons.log.memory import MemoryLog
from lessons.log.open import open_log
from lessons.log.protocol import LogUnavailable, RunUnknown
from lessons.log.redis import RedisLog
from lessons.log.streams import run_keys
from lessons.log.tail import BLOCK
from tests.log.making import Follower, collect, end, seqs, tick, times
from tests.log.redis_server import RedisServer
from tests.waiting import until_async


async def test_the_address_chooses_the_store(redis_url: str) -> None:
    assert isinstance(open_log(), MemoryLog)
    log = open_log(redis_url, ttl=5)
    assert isinstance(log, RedisLog)
    await log.close()
    with pytest.raises(ValueError, match="scheme"):
        open_log("http://127.0.0.1")


async def test_two_processes_share_a_run(redis_url: str) -> None:
    here, there = RedisLog(redis_url, 60), RedisLog(redis_url, 60)
    await here.create("shared")
    follower = Follower(there, "shared")
    await asyncio.gather(*(log.append("shared", [tick(), tick()]) for log in (here, there) for _ in range(20)))
    await here.append("shared", [end()])
    async with asyncio.timeout(10):
        await follower.task
    assert seqs(follower.batches) == list(range(1, 82))
    await asyncio.gather(here.close(), there.close())


async def test_a_run_expires_with_both_its_keys(redis_url: str) -> None:
    log = RedisLog(redis_url, ttl=0.1, block=0.05)
    await log.create("brief")
    await log.append("brief", [tick()])
    follower = Follower(log, "brief")
    with pytest.raises(RunUnknown):
        await follower.task
    async with Redis.from_url(redis_url) as redis:
        assert await redis.exists(*run_keys("brief")) == 0
    await log.close()


async def test_a_batch_sent_twice_is_added_once(redis_url: str) -> None:
    log = RedisLog(redis_url, 60)
    await log.create("twice")
    await log.append("twice", [tick(1), tick(2)])
    log._writers["twice"].number -= 1  # as if the reply had been lost
    assert await log.append("twice", [tick(1), tick(2)]) == 2
    assert await log.append("twice", [tick(3)]) == 3
    assert times([await log.read("twice")]) == [1, 2, 3]
    await log.close()


async def test_a_lost_reply_loses_and_doubles_nothing(redis_server: RedisServer, own_log: RedisLog) -> None:
    follower = Follower(own_log)
    async with Redis.from_url(redis_server.url) as redis:
        me = await redis.client_id()

        async def cut() -> None:
            for client in await redis.client_list():
                if int(client["id"]) != me:
                    await redis.client_kill_filter(_id=client["id"])

        for number in range(40):
            await asyncio.gather(own_log.append("run", [tick(number)]), cut())
    await own_log.append("run", [end()])
    async with asyncio.timeout(20):
        await follower.task
    assert times(follower.batches) == [*range(40), 9.0]
    assert seqs(follower.batches) == list(range(1, 42))


async def test_following_lives_through_a_restart_that_keeps_the_data(
    redis_server: RedisServer, own_log: RedisLog
) -> None:
    await own_log.append("run", [tick(1), tick(2)])
    follower = Follower(own_log)
    await follower.reach(2)
    redis_server.stop()
    late = asyncio.create_task(own_log.append("run", [tick(3)]))
    await asyncio.to_thread(redis_server.start)
    assert await late == 3
    await own_log.append("run", [end()])
    async with asyncio.timeout(20):
        await follower.task
    assert seqs(follower.batches) == [1, 2, 3, 4]
    assert len({batch.epoch for batch in follower.batches}) == 1


async def test_a_full_redis_is_told_and_used_again_when_it_has_room(redis_server: RedisServer) -> None:
    patient, hasty = RedisLog(redis_server.url, 60), RedisLog(redis_server.url, 60, patience=0.1)
    await patient.create("run")
    async with Redis.from_url(redis_server.url) as redis:
        await redis.config_set("maxmemory", 1)
        with pytest.raises(LogUnavailable, match="maxmemory"):
            await hasty.append("run", [tick(1)])
        with pytest.raises(LogUnavailable):
            await hasty.create("other")
        late = asyncio.create_task(patient.append("run", [tick(2)]))
        await redis.config_set("maxmemory", 0)
    assert await late == 1
    assert times([await patient.read("run")]) == [2]
    await asyncio.gather(patient.close(), hasty.close())


async def test_a_restart_that_loses_the_data_makes_the_run_unknown(
    redis_server: RedisServer, own_log: RedisLog
) -> None:
    await own_log.append("run", [tick()])
    follower = Follower(own_log)
    await follower.reach(1)
    redis_server.stop()
    await asyncio.to_thread(redis_server.start, keep=False)
    with pytest.raises(RunUnknown):
        async with asyncio.timeout(BLOCK / 2):  # not only when it looks for the run anyway
            await follower.task
    with pytest.raises(RunUnknown):
        await own_log.append("run", [tick()])


async def test_a_history_that_lost_acknowledged_events_is_dropped_not_patched(
    redis_server: RedisServer, own_log: RedisLog
) -> None:
    await own_log.append("run", [tick(1)])
    async with Redis.from_url(redis_server.url, decode_responses=True) as redis:
        meta, events = run_keys("run")
        before: dict[Any, Any] = await redis.hgetall(meta)
        await own_log.append("run", [tick(2)])
        await redis.hset(meta, mapping=before)  # as an old snapshot would bring it back
        await redis.xdel(events, "2-0")
    with pytest.raises(RunUnknown):
        await own_log.append("run", [tick(3)])
    with pytest.raises(RunUnknown):
        await own_log.read("run")


async def test_a_trimmed_beginning_makes_the_run_unknown_to_newcomers(
    redis_server: RedisServer, own_log: RedisLog
) -> None:
    await own_log.append("run", [tick(), tick(), end()])
    async with Redis.from_url(redis_server.url) as redis:
        await redis.xtrim(run_keys("run")[1], minid="2-0", approximate=False)
    with pytest.raises(RunUnknown):
        await collect(own_log.follow("run"))


async def test_patience_runs_out_loudly(redis_server: RedisServer) -> None:
    log = RedisLog(redis_server.url, 60, patience=0.2)
    await log.create("run")
    redis_server.stop()
    for call in (lambda: log.append("run", [tick()]), lambda: log.read("run"), lambda: log.create("other")):
        with pytest.raises(LogUnavailable, match=r"0\.2 s"):
            await call()
    await asyncio.to_thread(redis_server.start)
    assert await log.append("run", [tick()]) == 1
    await log.close()


async def test_closing_ends_a_follower_that_waits_for_redis(redis_server: RedisServer, own_log: RedisLog) -> None:
    await own_log.append("run", [tick()])
    follower = Follower(own_log)
    await follower.reach(1)
    redis_server.stop()
    await own_log.close()
    async with asyncio.timeout(3):
        await follower.task


async def test_followers_give_their_connections_back(redis_server: RedisServer, own_log: RedisLog) -> None:
    await own_log.append("run", [tick()])
    async with Redis.from_url(redis_server.url) as redis:
        followers = [Follower(own_log) for _ in range(5)]
        await asyncio.gather(*(each.reach(1) for each in followers))
        many = len(await redis.client_list())
        await asyncio.gather(*(each.stop() for each in followers))

        async def given_back() -> bool:
            return len(await redis.client_list()) <= many - 5

        await until_async(given_back, "5 connections fewer")
