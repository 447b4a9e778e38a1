"""The choice of a store: the one place that knows both."""

from typing import TYPE_CHECKING

from lessons.log.memory import MemoryLog
from lessons.log.protocol import EventLog

if TYPE_CHECKING:
    from lessons.log.order_queue import OrderQueue

DAY = 24 * 60 * 60.0


def open_log(url: str = "", ttl: float = DAY) -> EventLog:
    """The event log at `url`: "" keeps histories in this process, `redis://…` in Redis Streams.

    A history expires `ttl` seconds after its last event. The log belongs to the event loop that uses it first.
    Raises `ValueError` on an address that is not one of Redis; does not connect yet.
    """
    if not url:
        return MemoryLog(ttl)
    from lessons.log.redis import RedisLog  # costs an eighth of a second, which the embedded site need not pay

    return RedisLog(url, ttl)


def open_orders(url: str) -> "OrderQueue":
    """The queue of runs for lab processes, in the Redis at `url`. Belongs to the event loop that uses it first."""
    from lessons.log.order_queue import OrderQueue

    return OrderQueue(url)
