"""Runs that a lab process is to carry out, on Redis Streams: handed over, taken, done, and taken again from the dead.

The engine is Redis's consumer groups. An order that was taken belongs to that lab until it is done, as long as the lab
says so at least every `LEASE` seconds; then whoever takes next has it. What is known of the labs lies beside it.
"""

import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from redis.exceptions import ResponseError

from lessons.log.protocol import LogUnavailable
from lessons.log.streams import AWAY, connect_redis

STREAM: Final = "lessons:{labs}:orders"
REPORTS: Final = "lessons:{labs}:reports"
SEEN: Final = "lessons:{labs}:seen"
GROUP: Final = "labs"
NOBODY: Final = "nobody"  # the consumer that has what was given back
LEASE: Final = 3.0  # seconds without a word after which a lab's orders are anybody's
BLOCK: Final = 1.0  # seconds for which new orders are waited for
MOST: Final = 10_000  # orders kept: more than the labs can ever say that they have room for

# KEYS: seen, reports. ARGV: lab, its report. By Redis's own clock, since those of the machines may differ.
REPORT = """
local now = redis.call('TIME')
redis.call('ZADD', KEYS[1], tonumber(now[1]) + tonumber(now[2]) / 1000000, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
return 1
"""

# KEYS: seen, reports. ARGV: seconds a report counts. Forgets the labs that have been silent for longer.
LOOK = """
local now = redis.call('TIME')
local since = tonumber(now[1]) + tonumber(now[2]) / 1000000 - tonumber(ARGV[1])
for _, lab in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. since)) do
  redis.call('ZREM', KEYS[1], lab)
  redis.call('HDEL', KEYS[2], lab)
end
return redis.call('HVALS', KEYS[2])
"""


class Order(NamedTuple):
    """One run to be carried out. `id` is the queue's own."""

    id: str
    run: str
    sender: str  # whose turn it is; "" for nobody's


class OrderQueue:
    """Belongs to one event loop. Every method but `close` may raise `LogUnavailable`."""

    def __init__(self, url: str) -> None:
        self._redis = connect_redis(url, socket_timeout=BLOCK + 4)
        self._report = self._redis.register_script(REPORT)
        self._look = self._redis.register_script(LOOK)

    async def put(self, run: str, sender: str) -> None:
        """Hand a run over to whichever lab takes it."""
        fields: dict[Any, Any] = {"run": run, "sender": sender}
        await _reached(lambda: self._redis.xadd(STREAM, fields, maxlen=MOST, approximate=True))

    async def take(self, lab: str, count: int) -> Sequence[Order]:
        """Orders that are `lab`'s from now on: first those of labs that are gone, else new ones, waiting a moment."""
        return await _reached(lambda: self._in_group(lambda: self._take(lab, count)))

    async def renew(self, lab: str, held: Collection[str]) -> set[str]:
        """Say that `lab` is alive; which of the orders it holds are still its own, by their ids."""
        return await _reached(lambda: self._in_group(lambda: self._renew(lab, held)))

    async def done(self, id: str) -> None:
        """The order is nobody's concern any more."""
        await _reached(lambda: self._in_group(lambda: self._done(id)))

    async def give_back(self, ids: Collection[str]) -> None:
        """Whoever takes next has these orders at once."""
        if ids:
            age = int(LEASE * 1000) + 1
            give = partial(self._redis.xclaim, STREAM, GROUP, NOBODY, 0, [*ids], idle=age)
            await _reached(lambda: self._in_group(give))

    async def report(self, lab: str, report: dict[str, Any]) -> None:
        """Tell everybody how `lab` stands. It counts for `LEASE` seconds."""
        await _reached(lambda: self._report([SEEN, REPORTS], [lab, json.dumps(report)]))

    async def reports(self) -> list[dict[str, Any]]:
        """How each lab that is alive stands."""
        found = await _reached(lambda: self._look([SEEN, REPORTS], [LEASE]))
        return [json.loads(each) for each in found]

    async def leave(self, lab: str) -> None:
        """The lab is gone, by its own will: nobody need wait for its silence."""

        async def leave() -> None:
            await self._redis.zrem(SEEN, lab)
            await self._redis.hdel(REPORTS, lab)
            if not (await self._redis.xpending_range(STREAM, GROUP, "-", "+", 1, lab)):
                await self._redis.xgroup_delconsumer(STREAM, GROUP, lab)

        await _reached(lambda: self._in_group(leave))

    async def close(self) -> None:
        """Give every connection back."""
        await self._redis.aclose()

    async def _take(self, lab: str, count: int) -> Sequence[Order]:
        claimed: Any = await self._redis.xautoclaim(STREAM, GROUP, lab, int(LEASE * 1000), count=count)
        if orphans := _orders(claimed[1]):
            return orphans
        fresh: Any = await self._redis.xreadgroup(GROUP, lab, {STREAM: ">"}, count, int(BLOCK * 1000))
        return _orders(fresh[0][1]) if fresh else ()

    async def _renew(self, lab: str, held: Collection[str]) -> set[str]:
        if not held:
            return set()
        pending = await self._redis.xpending_range(STREAM, GROUP, "-", "+", MOST, lab)
        own = {str(each["message_id"]) for each in pending}.intersection(held)
        if own:
            await self._redis.xclaim(STREAM, GROUP, lab, 0, [*own], justid=True)
        return own

    async def _done(self, id: str) -> None:
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.xack(STREAM, GROUP, id)
            pipe.xdel(STREAM, id)
            await pipe.execute()

    async def _in_group[T](self, deed: Callable[[], Awaitable[T]]) -> T:
        """The deed, once more if Redis had lost the group, or never had it."""
        try:
            return await deed()
        except ResponseError as error:
            if "NOGROUP" not in str(error):
                raise
        try:
            await self._redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):  # another lab was quicker
                raise
        return await deed()


def _orders(entries: Sequence[tuple[str, dict[str, str]]]) -> list[Order]:
    """Entries that were deleted meanwhile have no fields."""
    return [Order(id, fields["run"], fields["sender"]) for id, fields in entries if fields]


async def _reached[T](deed: Callable[[], Awaitable[T]]) -> T:
    try:
        return await deed()
    except AWAY as error:
        raise LogUnavailable(f"Redis does not answer: {error}") from error
