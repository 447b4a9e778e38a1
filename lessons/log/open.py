"""The choice of a store: the one place that knows both."""

from lessons.log.memory import MemoryLog
from lessons.log.protocol import EventLog

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
