"""Real parts for every test: sites in processes of their own, and Redis."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.log.redis_server import RedisServer
from tests.processes import Site, free_port

StartSite = Callable[..., Site]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real site with a memory log, without a slash at its end; one for all tests."""
    process = Site(tmp_path_factory.mktemp("site"))
    try:
        yield process.ready().url
    finally:
        process.stop()


@pytest.fixture
def start_site(tmp_path: Path) -> Iterator[StartSite]:
    """Starts sites of the test's own: `start_site(REDIS_URL=…, LAB_MAX_RUNS="1")` gives one that is ready."""
    started: list[Site] = []

    def start(**variables: str) -> Site:
        started.append(Site(tmp_path / f"site-{len(started) + 1}", **variables))
        return started[-1].ready()

    yield start
    for each in started:
        each.stop()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real Redis for tests that do not stop it."""
    server = RedisServer(tmp_path_factory.mktemp("redis"), free_port())
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A real Redis of the test's own, to `stop()` and `start()`."""
    folder = tmp_path / "redis"
    folder.mkdir()
    server = RedisServer(folder, free_port())
    server.start()
    yield server
    server.stop()
