"""A real Redis of the test's own, and both event logs."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from lessons.log.memory import MemoryLog
from lessons.log.protocol import EventLog
from lessons.log.redis import RedisLog
from tests.log.redis_server import RedisServer, free_port


@pytest.fixture(scope="session")
def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One Redis for the tests that do not stop it."""
    server = RedisServer(tmp_path_factory.mktemp("redis"), free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that the test may stop and start as it likes."""
    server = RedisServer(tmp_path, free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def own_log(own_redis: RedisServer) -> AsyncIterator[RedisLog]:
    """A log on the test's own Redis, with a run named "run" in it."""
    log = RedisLog(own_redis.url, ttl=60)
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
        log = RedisLog(request.getfixturevalue("shared_redis").url, ttl=60, block=0.2)
    await log.create("run")
    yield log
    await log.close()
