"""Real parts for every test: sites in processes of their own, and Redis."""

import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.log.redis_server import RedisServer
from tests.processes import Site, free_port, prepare_site

settings.register_profile("patient", deadline=None)  # the machine may be busy
settings.load_profile("patient")

StartSite = Callable[..., Site]
# Folders whose files take long; the others' take a few seconds each.
SLOW = (
    "link",
    "browser",
    "generated",
    "management",
    "deploy",
    "runs",
    "setup",
    "lessonsite",
    "lab",
    "performance",
    "live",
    "learning",
)


def pytest_configure() -> None:
    """Whoever ends the tests from outside ends them like Ctrl-C: the parts that were started end, too."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first: then workers that share the files end at about the same time."""
    rank = {name: place for place, name in enumerate(SLOW)}
    items.sort(key=lambda item: rank.get(item.path.parent.name, len(SLOW)))


def pytest_addoption(parser: pytest.Parser) -> None:
    """What can be asked for besides pytest's own."""
    parser.addoption("--both-htmx", action="store_true", help="run every browser test with both versions of htmx")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a site that has been made ready once, to be copied."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own  # by all workers of this run
    data = shared / "prepared"
    with (shared / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not data.exists():
            prepare_site(data)
    return data


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[str]:
    """Address of a real site with a memory log, without a slash at its end; one for all tests."""
    process = Site(tmp_path_factory.mktemp("site"), prepared)
    try:
        yield process.ready().url
    finally:
        process.stop()


@pytest.fixture
def start_site(tmp_path: Path, prepared: Path) -> Iterator[StartSite]:
    """Starts sites of the test's own: `start_site(REDIS_URL=…, LAB_MAX_RUNS="1")` gives one that is ready."""
    started: list[Site] = []

    def start(**variables: str) -> Site:
        started.append(Site(tmp_path / f"site-{len(started) + 1}", prepared, **variables))
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
