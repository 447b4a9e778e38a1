"""Orders are handed to one lab each, stay its own while it speaks, and are anybody's when it is silent."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from lessons.log import order_queue
from lessons.log.order_queue import OrderQueue
from lessons.log.protocol import LogUnavailable
from tests.log.redis_server import RedisServer


@pytest.fixture
async def queue(redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OrderQueue]:
    monkeypatch.setattr(order_queue, "LEASE", 0.3)
    monkeypatch.setattr(order_queue, "BLOCK", 0.1)
    queue = OrderQueue(redis_server.url)
    yield queue
    await queue.close()


async def test_an_order_is_taken_once(queue: OrderQueue) -> None:
    await queue.put("run-1", "ada")
    await queue.put("run-2", "")
    (first,), (second,) = await queue.take("here", 1), await queue.take("there", 1)
    assert [(order.run, order.sender) for order in (first, second)] == [("run-1", "ada"), ("run-2", "")]
    assert not await queue.take("here", 5)
    await queue.done(first.id)
    await queue.done(second.id)
    await asyncio.sleep(0.4)  # longer than a lease
    assert not await queue.take("here", 5)


async def test_of_who_speaks_nothing_is_taken_away(queue: OrderQueue) -> None:
    await queue.put("run", "")
    (order,) = await queue.take("here", 1)
    for _ in range(6):
        await asyncio.sleep(0.1)
        assert await queue.renew("here", [order.id]) == {order.id}
        assert not await queue.take("there", 1)


async def test_what_the_silent_had_is_taken_by_others_and_they_are_told(queue: OrderQueue) -> None:
    await queue.put("run", "ada")
    (order,) = await queue.take("here", 1)
    await asyncio.sleep(0.4)
    assert await queue.take("there", 1) == [order]
    assert await queue.renew("here", [order.id]) == set()
    assert await queue.renew("there", [order.id]) == {order.id}


async def test_what_is_given_back_is_taken_at_once(queue: OrderQueue) -> None:
    await queue.put("run", "")
    (order,) = await queue.take("here", 1)
    await queue.give_back([order.id])
    assert await queue.take("there", 1) == [order]


async def test_reports_count_for_a_while(queue: OrderQueue) -> None:
    await queue.report("here", {"room": 1})
    await queue.report("there", {"room": 2})
    assert sorted(each["room"] for each in await queue.reports()) == [1, 2]
    await queue.leave("there")
    assert await queue.reports() == [{"room": 1}]
    await asyncio.sleep(0.4)
    assert await queue.reports() == []


async def test_a_redis_that_comes_back_empty_takes_orders_anew(queue: OrderQueue, redis_server: RedisServer) -> None:
    await queue.put("lost", "")
    await queue.take("here", 1)
    redis_server.stop()
    with pytest.raises(LogUnavailable):
        await queue.put("run", "")
    redis_server.start(keep=False)
    await queue.put("run", "")
    assert [order.run for order in await queue.take("here", 1)] == ["run"]
