"""What a lane's server says to whom: only the run's own driver gets to the view."""

import asyncio
import os
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import aiohttp
import pytest

from lessons.lab.supervisor import Lab
from tests.lab.watching import a_spec, pid_of, submit

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="which port a lane listens on is hidden from its own user")


def listening(pid: int) -> int:
    """The port on which that process listens, on loopback only."""
    inodes = set()
    for fd in os.listdir(f"/proc/{pid}/fd"):
        try:
            target = os.readlink(f"/proc/{pid}/fd/{fd}")
        except OSError:
            continue
        if target.startswith("socket:"):
            inodes.add(target[8:-1])
    lines = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    ((host, port),) = [line[1].split(":") for line in lines if line[3] == "0A" and line[9] in inodes]
    assert host == "0100007F"
    return int(port, 16)


@pytest.fixture(params=["sync@waitress", "async@daphne"])
async def address(request: pytest.FixtureRequest, lab: Lab) -> AsyncIterator[str]:
    watch = submit(lab, a_spec(request.param, wait=3.0, workers=2))
    await watch.reach("fetch.called")
    yield f"http://127.0.0.1:{listening(pid_of('lab-lane'))}"
    assert len(watch.of("request.received")) == 1
    lab.cancel("a-run")
    await watch.end()


PATHS = ("/", "/probe", "/other")
WITHOUT_TOKEN: tuple[dict[str, str], ...] = (
    {},
    {"X-Run-Token": "wrong"},
    {"X-Run-Token": "wr\u00f6ng"},
    {"X-Request-Number": "1"},
)


async def test_who_does_not_know_the_token_is_refused(address: str) -> None:
    async with asyncio.timeout(20), aiohttp.ClientSession() as client:
        for path, headers in product(PATHS, WITHOUT_TOKEN):
            async with client.get(address + path, headers=headers) as response:
                assert (response.status, await response.read()) == (403, b""), (path, headers)


async def test_a_websocket_is_refused(address: str) -> None:
    async with asyncio.timeout(5), aiohttp.ClientSession() as client:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await client.ws_connect(address + "/")
