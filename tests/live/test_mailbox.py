"""What is posted to a mailbox is heard by whoever has opened it, in memory and over a real Redis."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from lessons.live.mailbox import Mailboxes, MemoryMailboxes, RedisMailboxes
from lessons.log.protocol import LogUnavailable
from tests.log.redis_server import RedisServer


@pytest.fixture(params=["memory", "redis"])
async def pair(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Mailboxes, Mailboxes]]:
    """The mailboxes of the process that serves a viewer, and those of one that is posted to."""
    if request.param == "memory":
        memory = MemoryMailboxes()
        yield memory, memory
        return
    url = request.getfixturevalue("redis_url")
    one, other = RedisMailboxes(url), RedisMailboxes(url)
    yield one, other
    await asyncio.gather(one.close(), other.close())


async def heard(texts: AsyncIterator[str], count: int) -> list[str]:
    async with asyncio.timeout(5):
        return [await anext(texts) for _ in range(count)]


async def test_texts_are_heard_in_order_by_their_own_viewer(pair: tuple[Mailboxes, Mailboxes]) -> None:
    serving, posted_to = pair
    async with serving.open("one") as one, serving.open("two") as two:
        for number in range(20):
            assert await posted_to.post("one", f"{number} é")
        assert await posted_to.post("two", "other")
        assert await heard(one, 20) == [f"{number} é" for number in range(20)]
        assert await heard(two, 1) == ["other"]


async def test_nobody_hears_what_is_posted_before_or_after(pair: tuple[Mailboxes, Mailboxes]) -> None:
    serving, posted_to = pair
    assert not await posted_to.post("one", "early")
    async with serving.open("one") as texts:
        assert await posted_to.post("one", "in time")
        assert await heard(texts, 1) == ["in time"]
    if isinstance(serving, MemoryMailboxes):
        assert not await posted_to.post("one", "late")


async def test_a_redis_that_is_away_is_told(redis_server: RedisServer) -> None:
    mailboxes = RedisMailboxes(redis_server.url)
    async with mailboxes.open("one") as texts:
        redis_server.stop()
        with pytest.raises(LogUnavailable):
            await heard(texts, 1)
    with pytest.raises(LogUnavailable):
        await mailboxes.post("one", "text")
    with pytest.raises(LogUnavailable):
        async with mailboxes.open("two"):
            pass
    await mailboxes.close()
