"""One address does its worst, and another one reads a page and goes through a run: the longest it has to wait.

A site as `make run` has it, without a proxy. Both are clients in processes of their own, the hostile one at 127.0.0.1
and its neighbour at 127.0.0.2.
"""

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import aiohttp

from bench.report import Figure, Lacking
from tests.processes import Process, Site, clean_environ
from tests.visiting import LESSON, RECORDED

HOSTILE, NEIGHBOUR = "127.0.0.1", "127.0.0.2"
SECONDS: Final = 6.0  # of each kind of hostility
GOAL: Final = 500.0  # ms
SOCKET: Final = f"/live/runs/{RECORDED.rstrip('/').rpartition('/')[2]}/?hold=0"
MOMENTS, STRIDE = 600, 97  # events of the recorded run that are gone to, and how far one is from the next
BREATH: Final = 0.06  # seconds between two words: 200 in ten seconds are allowed
MANY: Final = 40  # sockets, or requests at once
WARM: Final = 2.0  # seconds in which the hostile one begins

type Deed = Callable[[str], Coroutine[Any, Any, None]]


def figures() -> Iterator[Figure]:
    """The neighbour's longest wait for each kind of hostility, and for none. Raises `Lacking`."""
    if sys.platform != "linux":
        raise Lacking(f"{NEIGHBOUR} is an address of Linux alone")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = Site(folder / "site")
        try:
            site.ready()
            for kind in ("", *DEEDS):
                with hostility(site.url, kind, folder):
                    page, seek, count = asyncio.run(waits(site.url))
                what = f"beside {kind}" if kind else "alone"
                goal = GOAL if kind else None
                yield Figure(f"a page, {what}, longest", page * 1000, "ms", at_most=goal, note=f"{count} of each")
                yield Figure(f"a moment of a run, {what}, longest", seek * 1000, "ms", at_most=goal)
        finally:
            site.stop()


@contextmanager
def hostility(url: str, kind: str, folder: Path) -> Iterator[None]:
    """The hostile client, in a process of its own, while this is entered; for "" there is none."""
    if not kind:
        yield
        return
    command = [sys.executable, "-m", "bench.hostile", url, kind]
    process = Process(command, folder / f"{kind}.log", clean_environ())
    try:
        time.sleep(WARM)
        yield
    finally:
        process.stop()


async def waits(url: str) -> tuple[float, float, int]:
    """Seconds that the neighbour waited longest for a page and for a moment of a run, and how often it asked."""
    pages: list[float] = []
    moments: list[float] = []
    async with client(NEIGHBOUR) as session, watched(session, url) as seek:
        await read(session, url + LESSON)  # the first one takes longer
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            for took, ask in ((pages, lambda: read(session, url + LESSON)), (moments, seek)):
                began = time.monotonic()
                await ask()
                took.append(time.monotonic() - began)
                await asyncio.sleep(0.05)
    return max(pages), max(moments), len(pages)


@asynccontextmanager
async def client(address: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A client that has this address."""
    connector = aiohttp.TCPConnector(local_addr=(address, 0), limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=60)) as session:
        yield session


async def read(session: aiohttp.ClientSession, address: str) -> None:
    """Read a page to its end."""
    async with session.get(address) as response:
        await response.read()


@asynccontextmanager
async def watched(session: aiohttp.ClientSession, url: str) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """A socket on the recorded run; what is given goes to another moment of it, and returns when that is shown."""
    async with session.ws_connect(url + SOCKET, origin=url) as socket:

        async def shown(word: int) -> None:
            while True:
                told = await socket.receive_json(timeout=60)
                if "frame" in told:
                    await socket.send_json({"type": "ack", "frame": told["frame"]})
                    if told["heard"] >= word:
                        return

        await shown(0)
        number = 0

        async def seek() -> None:
            nonlocal number
            number += 1
            to = 1 + number * STRIDE % MOMENTS
            await socket.send_json({"type": "seek", "to": to, "id": number})
            await shown(number)

        yield seek


async def seeks(url: str) -> None:
    """Many sockets go from moment to moment."""

    async def one(session: aiohttp.ClientSession) -> None:
        async with watched(session, url) as seek:
            while True:
                await seek()
                await asyncio.sleep(BREATH)

    await many(one)


async def pages(url: str) -> None:
    """The largest page."""
    await many(lambda session: read(session, url + LESSON))


async def files(url: str) -> None:
    """Exports and pictures."""
    made = ("text/", "small.svg", "export/picture.svg")
    await many(lambda session: read(session, url + RECORDED + random.choice(made)))


async def posts(url: str) -> None:
    """Posts without a cookie, each with a body of 100 kB."""

    async def one(session: aiohttp.ClientSession) -> None:
        async with session.post(f"{url}{LESSON}runs/", data=b"x" * 100_000) as response:
            await response.read()

    await many(one)


async def connections(url: str) -> None:
    """Connections on which a request never ends, as many as there may be."""
    host, port = url.removeprefix("http://").split(":")
    async with AsyncExitStack() as stack:
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection(host, int(port), local_addr=(HOSTILE, 0))
                writer.write(b"GET / HTTP/1.1\r\nHost: " + host.encode())
                stack.callback(writer.close)
            await asyncio.sleep(0.002)


async def many(one: Callable[[aiohttp.ClientSession], Awaitable[None]]) -> None:
    """So many of these at once, again and again; what is refused is tried again a little later."""

    async def again(session: aiohttp.ClientSession) -> None:
        while True:
            try:
                await one(session)
            except (aiohttp.ClientError, OSError, TypeError):  # TypeError: the socket is closed instead of a frame
                await asyncio.sleep(0.1)

    async with client(HOSTILE) as session:
        await asyncio.gather(*(again(session) for _ in range(MANY)))


DEEDS: Final[dict[str, Deed]] = {
    "seeks": seeks,
    "pages": pages,
    "files": files,
    "posts": posts,
    "connections": connections,
}

if __name__ == "__main__":
    asyncio.run(DEEDS[sys.argv[2]](sys.argv[1]))
