"""How a run lies in Redis, and how it is read.

A run has two keys, which expire together. `…:events` is a stream whose ids are `<sequence number>-0` and whose
entries hold one field: the epoch's name, with the packed event. `…:meta` is a hash: `epoch`, `last` (sequence
number), `ended` (0 or 1), and for each writer the number and the end of its last batch.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, OutOfMemoryError, ReadOnlyError, TimeoutError

from lessons.lab.events import Event
from lessons.log.codec import unpack_event
from lessons.log.protocol import RunUnknown

# What a Redis that is away, or comes back, or can take nothing more at the moment looks like.
AWAY = (ConnectionError, TimeoutError, OSError, OutOfMemoryError, ReadOnlyError)
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)  # seconds before each new attempt; the last one again and again
CHUNK = 512  # events decoded before others get the event loop

# KEYS: meta. ARGV: the epoch to end, the new one.
RENAME = """
if redis.call('HGET', KEYS[1], 'epoch') == ARGV[1] then redis.call('HSET', KEYS[1], 'epoch', ARGV[2]) end
return 1
"""


def connect_redis(url: str, **options: Any) -> Redis:
    """A client that reports a lost connection at once: trying again is our own business."""
    return Redis.from_url(url, decode_responses=True, protocol=2, retry=Retry(NoBackoff(), 0), **options)


def run_keys(run: str) -> tuple[str, str]:
    """The names of a run's meta hash and stream; the braces keep both on one node of a cluster."""
    return f"lessons:{{{run}}}:meta", f"lessons:{{{run}}}:events"


def claim_key(name: str) -> str:
    """The key that holds what a claimed name stands for."""
    return f"lessons:claim:{name}"


@dataclass(frozen=True, slots=True)
class History:
    """What Redis holds of a run behind some sequence number, at one moment."""

    epoch: str
    last: int  # sequence number of the newest event, also when it was not asked for
    ended: bool
    events: tuple[Event, ...]


async def load_history(redis: Redis, run: str, after: int) -> History:
    """Read meta and stream in one transaction. Raises `RunUnknown`."""
    meta, events = run_keys(run)
    async with redis.pipeline(transaction=True) as pipe:
        pipe.hmget(meta, "epoch", "last", "ended")
        pipe.xrange(events, f"({after}-0")
        (epoch, last, ended), entries = await pipe.execute()
    if epoch is None:
        raise RunUnknown(run)
    return History(epoch, int(last), ended == "1", await decode_entries(entries))


async def decode_entries(entries: Sequence[tuple[str, dict[str, str]]]) -> tuple[Event, ...]:
    """Entries of a stream as events, a chunk at a time."""
    events: list[Event] = []
    for id, values in entries:
        (text,) = values.values()
        events.append(unpack_event(text, int(id.partition("-")[0])))
        if len(events) % CHUNK == 0:
            await asyncio.sleep(0)
    return tuple(events)


async def rename_history(redis: Redis, run: str, epoch: str) -> None:
    """Give the history another name if it still bears this one: somebody knows another under it."""
    await redis.eval(RENAME, 1, run_keys(run)[0], epoch, uuid4().hex)
