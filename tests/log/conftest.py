"""Both event logs."""

from collections.abc import AsyncIterator

import pytest

from lessons.log.memory import MemoryLog
from lessons.log.protocol import EventLog
from lessons.log.redis import RedisLog
from tests.log.redis_server import RedisServer


@pytest.fixture
async def own_log(redis_server: RedisServer) -> AsyncIterator[RedisLog]:
    """A log on the test's own Redis, with a run named "run" in it."""
    log = RedisLog(redis_server.url, ttl=60)
    await log.create("run")
    yield log
    await log.close()


@pytest.fixture(params=["memory", "redis"])
async def log(request: pytest.FixtureRequest) -> AsyncIterator[EventLog]:
    """Each of the two event logs, with a run named "run" in it."""
    log: EventLog
    if request.param == "memory":
        log = MemoryLog(ttl=60)
    else:
        log = RedisLog(request.getfixturevalue("redis_url"), ttl=60, block=0.2)
    await log.create("run")
    yield log
    await log.close()
