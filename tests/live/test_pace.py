"""Moments that viewers look at by themselves: an address has half of the time for them, and no other waits for it."""

import asyncio
import time
from collections import Counter
from contextlib import suppress

from lessons.live.pace import Pace

TURN = 0.01  # seconds that a frame takes


async def test_the_viewers_of_an_address_share_half_of_the_time() -> None:
    pace, turns = Pace(), Counter[int]()

    async def look(viewer: int) -> None:
        while True:
            async with pace.turn("192.0.2.1"):
                time.sleep(TURN)  # noqa: ASYNC251 – rendering keeps the event loop
            turns[viewer] += 1

    async def beside() -> float:
        longest = 0.0
        for count in range(20):
            began = time.monotonic()
            async with pace.turn(f"192.0.2.{count + 2}"):
                longest = max(longest, time.monotonic() - began)
            await asyncio.sleep(TURN)
        return longest

    viewers = [asyncio.create_task(look(viewer)) for viewer in range(15)]
    started = time.monotonic()
    longest = await beside()
    lasted = time.monotonic() - started
    for each in viewers:
        each.cancel()
    for each in viewers:
        with suppress(asyncio.CancelledError):
            await each
    assert sum(turns.values()) * TURN <= lasted / 2 + 2 * TURN
    assert longest < TURN  # nobody of another address waits for a turn
    assert max(turns.values()) - min(turns[viewer] for viewer in range(15)) <= 2  # who came first goes first


async def test_nothing_is_kept_of_an_address_that_had_its_turns() -> None:
    pace = Pace()
    for _ in range(2):
        async with pace.turn("192.0.2.1"):
            pass
    await asyncio.sleep(0.01)
    assert not len(pace._turns)


async def test_who_leaves_while_waiting_keeps_nobody_from_a_turn() -> None:
    pace = Pace()
    inside = asyncio.Event()

    async def stay() -> None:
        async with pace.turn("192.0.2.1"):
            await inside.wait()

    first, second = asyncio.create_task(stay()), asyncio.create_task(stay())
    await asyncio.sleep(0)
    second.cancel()
    inside.set()
    await first
    async with asyncio.timeout(5), pace.turn("192.0.2.1"):
        pass
