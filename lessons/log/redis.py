"""The event log on Redis Streams: histories that outlive a process and reach every other one."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import uuid4

from lessons.lab.events import Event, RunEnded
from lessons.log.codec import pack_event
from lessons.log.protocol import Batch, LogUnavailable, RunOver, RunUnknown
from lessons.log.streams import AWAY, PAUSES, claim_key, connect_redis, load_history, run_keys
from lessons.log.tail import BLOCK, Tail

PATIENCE = 10.0  # seconds a caller waits for a Redis that is away
OVER = -2  # what `APPEND` gives behind the end of a run
MAX_WRITERS = 1000  # numberings kept at once

# KEYS: meta, events. ARGV: writer, number of the batch, milliseconds to live, ended (0 or 1), packed events.
# A batch that is already there is not added again. A batch that follows on one that is not there means that the
# store lost acknowledged events: such a history is false and is dropped.
APPEND = """
local epoch, last, over = unpack(redis.call('HMGET', KEYS[1], 'epoch', 'last', 'ended'))
if not epoch then return -1 end
local known = redis.call('HMGET', KEYS[1], 'number:' .. ARGV[1], 'end:' .. ARGV[1])
local number = tonumber(ARGV[2])
if known[1] and tonumber(known[1]) == number then return tonumber(known[2]) end
if tonumber(known[1] or 0) ~= number - 1 then
  redis.call('DEL', KEYS[1], KEYS[2])
  return -1
end
if over == '1' and #ARGV > 4 then return -2 end
last = tonumber(last)
for at = 5, #ARGV do
  last = last + 1
  redis.call('XADD', KEYS[2], last .. '-0', epoch, ARGV[at])
end
redis.call('HSET', KEYS[1], 'last', last, 'number:' .. ARGV[1], number, 'end:' .. ARGV[1], last)
if ARGV[4] == '1' then redis.call('HSET', KEYS[1], 'ended', 1) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return last
"""

# KEYS: the name. ARGV: the value, milliseconds to live. Done twice, it gives the same.
CLAIM = """
local first = redis.call('GET', KEYS[1])
if first then return first end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]
"""


@dataclass(slots=True)
class _Writer:
    """Numbers the batches of one run, so that one that is sent twice is added once."""

    id: str = field(default_factory=lambda: uuid4().hex)
    number: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class RedisLog:
    """`EventLog` on Redis. Belongs to one event loop."""

    def __init__(self, url: str, ttl: float, patience: float = PATIENCE, block: float = BLOCK) -> None:
        self._url = url
        self._block = block
        self._ttl = int(ttl * 1000)
        self._patience = patience
        self._redis = connect_redis(url, socket_timeout=5, max_connections=32)
        self._append = self._redis.register_script(APPEND)
        self._claim = self._redis.register_script(CLAIM)
        self._writers: dict[str, _Writer] = {}
        self._tails: set[Tail] = set()

    async def create(self, run: str) -> None:
        """Begin an empty history; one of the same name is replaced. Raises `LogUnavailable`."""
        meta, events = run_keys(run)

        async def begin() -> None:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.delete(meta, events)
                pipe.hset(meta, mapping={"epoch": uuid4().hex, "last": 0, "ended": 0})
                pipe.pexpire(meta, self._ttl)
                await pipe.execute()

        self._writers.pop(run, None)
        await self._patiently(begin)

    async def append(self, run: str, events: Sequence[Event]) -> int:
        """Add events, exactly once; the last sequence number. Raises `RunUnknown`, `RunOver`, `LogUnavailable`.

        After `LogUnavailable` or a cancellation the batch is there or not, and never in part.
        """
        packed = [pack_event(event) for event in events]
        ended = any(isinstance(event.body, RunEnded) for event in events)
        writer = self._writer(run)
        async with writer.turn:
            writer.number += 1
            args: list[str | int] = [writer.id, writer.number, self._ttl, int(ended), *packed]
            try:
                last = int(await self._patiently(lambda: self._append(run_keys(run), args)))
            except BaseException:
                writer.id, writer.number = uuid4().hex, 0  # nobody knows how far the old one got
                raise
        if ended or last < 0:
            self._writers.pop(run, None)
        if last < 0:
            raise RunOver(run) if last == OVER else RunUnknown(run)
        return last

    async def read(self, run: str, after: int = 0) -> Batch:
        """Everything behind `after`. Raises `RunUnknown`, `LogUnavailable`."""
        history = await self._patiently(lambda: load_history(self._redis, run, after))
        return Batch(history.epoch, history.events)

    async def follow(self, run: str, after: int = 0, epoch: str = "") -> AsyncGenerator[Batch, None]:
        """See `EventLog.follow`. Waits for a Redis that is away as long as it takes; ends when the log is closed."""
        tail = Tail(self._url, run, after, epoch, self._block)
        self._tails.add(tail)
        try:
            async for batch in tail.batches():
                yield batch
        finally:
            self._tails.discard(tail)
            await tail.close()

    async def names(self, prefix: str) -> Sequence[str]:
        """See `EventLog.names`; looks at every key there is, some at a time. A `prefix` must not be a pattern."""
        before, behind = run_keys("\0")[0].split("\0")

        async def look() -> list[str]:
            found = self._redis.scan_iter(match=f"{before}{prefix}*{behind}", count=1000)
            return [key.removeprefix(before).removesuffix(behind) async for key in found]

        return sorted(set(await self._patiently(look)))

    async def remove(self, run: str) -> None:
        """See `EventLog.remove`. Raises `LogUnavailable`."""
        self._writers.pop(run, None)
        await self._patiently(lambda: self._redis.delete(*run_keys(run)))

    async def claim(self, name: str, value: str, seconds: float) -> str:
        """See `EventLog.claim`. Raises `LogUnavailable`."""
        args: list[str | int] = [value, int(seconds * 1000)]
        return str(await self._patiently(lambda: self._claim([claim_key(name)], args)))

    async def claimed(self, name: str) -> str:
        """See `EventLog.claimed`. Raises `LogUnavailable`."""
        return str(await self._patiently(partial(self._redis.get, claim_key(name))) or "")

    async def close(self) -> None:
        """Give back every connection and end every follower."""
        for tail in list(self._tails):
            await tail.close()
        await self._redis.aclose()

    def _writer(self, run: str) -> _Writer:
        if len(self._writers) >= MAX_WRITERS:
            self._writers = {name: each for name, each in self._writers.items() if each.turn.locked()}
        return self._writers.setdefault(run, _Writer())

    async def _patiently[T](self, attempt: Callable[[], Awaitable[T]]) -> T:
        """The result of `attempt`, tried anew while Redis is away. It must be harmless to do twice."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._patience
        tries = 0
        while True:
            try:
                return await attempt()
            except AWAY as error:
                pause = PAUSES[min(tries, len(PAUSES) - 1)]
                tries += 1
                if clock() + pause > deadline:
                    raise LogUnavailable(f"Redis has not answered for {self._patience:g} s: {error}") from error
                await asyncio.sleep(pause)
