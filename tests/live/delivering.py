"""A real Daphne with `tests.live.delivery_site` on it, and browsers that speak to it."""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import aiohttp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from lessons.lab.events import Event
from lessons.log.codec import pack_event
from tests.processes import free_port

ROOT = Path(__file__).resolve().parents[2]


class Site:
    """The site in a process of its own; listens on a free port."""

    def __init__(self, folder: Path, padding: int = 0) -> None:
        self.port = free_port()
        self._stderr = folder / "daphne.log"
        endpoint = f"tcp:port={self.port}:interface=127.0.0.1:backlog=1024"
        command = [sys.executable, "-m", "daphne", "-v", "0", "-e", endpoint]
        with self._stderr.open("wb") as stderr:
            self._process = subprocess.Popen(
                [*command, "tests.live.delivery_site:application"],
                cwd=ROOT,
                env=os.environ | {"PADDING": str(padding)},
                stderr=stderr,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def complaints(self) -> str:
        """What the process wrote about errors."""
        text = self._stderr.read_text()
        return text if "Traceback" in text or "ERROR" in text else ""

    def append(self, run: str, events: Iterable[Event]) -> dict[str, Any]:
        return self._ask("POST", f"/runs/{run}", "\n".join(map(pack_event, events)).encode())

    def expire(self, run: str) -> None:
        self._ask("DELETE", f"/runs/{run}")

    def state(self) -> dict[str, Any]:
        return self._ask("GET", "/state")

    def _ask(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, method=method)
        with urllib.request.urlopen(request, timeout=20) as response:
            answer: dict[str, Any] = json.load(response)
        return answer

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                self.state()
                return
            except urllib.error.URLError:
                assert self._process.poll() is None, self._stderr.read_text()
                assert time.monotonic() < deadline, "Daphne does not listen"
                time.sleep(0.02)


class Browser(ABC):
    """One link as the page uses it."""

    @abstractmethod
    async def receive(self) -> str | None:
        """The next message; None: no more will come."""

    @abstractmethod
    async def send(self, text: str | bytes) -> None:
        """Say this, whatever it is."""

    @abstractmethod
    def vanish(self) -> None:
        """Go without a word."""

    async def message(self) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(20):
            text = await self.receive()
        assert text is not None, "the server has ended the link"
        message: dict[str, Any] = json.loads(text)
        return message

    async def shown(self) -> dict[str, Any]:
        """The next message, acknowledged if it is a frame."""
        message = await self.message()
        if "frame" in message:
            await self.say(type="ack", frame=message["frame"])
        return message

    async def shown_until(self, seq: int) -> list[dict[str, Any]]:
        """Frames up to the one that shows this event."""
        frames = [await self.shown()]
        while frames[-1]["seq"] < seq:
            frames.append(await self.shown())
        return frames

    async def say(self, **fields: object) -> None:
        """Say a word."""
        await self.send(json.dumps(fields))

    async def closed(self) -> list[dict[str, Any]]:
        """The messages until the server ends the link; frames among them are not acknowledged."""
        messages = []
        async with asyncio.timeout(20):
            while (text := await self.receive()) is not None:
                messages.append(json.loads(text))
        return messages


class SocketBrowser(Browser):
    """Over a WebSocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def receive(self) -> str | None:
        with suppress(ConnectionClosed):
            return str(await self.socket.recv())
        return None

    async def send(self, text: str | bytes) -> None:
        await self.socket.send(text)

    def vanish(self) -> None:
        self.socket.transport.abort()


class HttpBrowser(Browser):
    """Over server-sent events and posts."""

    def __init__(self, session: aiohttp.ClientSession, stream: aiohttp.ClientResponse, base: str) -> None:
        self._session = session
        self._stream = stream
        self._base = base
        self._words = ""

    async def start(self) -> None:
        """Read where words are posted."""
        self._words = f"{self._base}/live/words/{(await self.message())['words']}/"

    async def receive(self) -> str | None:
        line = (await self._stream.content.readline()).decode()
        if not line:
            return None
        assert (await self._stream.content.readline()) == b"\n"
        return line.removeprefix("data: ")

    async def send(self, text: str | bytes) -> None:
        async with self._session.post(self._words, data=text) as answer:
            assert answer.status in (204, 410, 413), answer.status

    def vanish(self) -> None:
        self._stream.close()


Wire = Literal["socket", "http"]


@asynccontextmanager
async def open_link(wire: Wire, site: Site, path: str) -> AsyncIterator[Browser]:
    """A link to what the path names."""
    opened = over_socket(site, path) if wire == "socket" else over_http(site, path)
    async with opened as browser:
        yield browser


@asynccontextmanager
async def over_socket(site: Site, path: str, origin: str = "") -> AsyncIterator[SocketBrowser]:
    """A link over a WebSocket."""
    given = Origin(origin or f"http://127.0.0.1:{site.port}")
    address = f"ws://127.0.0.1:{site.port}/{path}"
    async with connect(address, origin=given, proxy=None, max_size=None) as socket:
        yield SocketBrowser(socket)


@asynccontextmanager
async def over_http(site: Site, path: str) -> AsyncIterator[HttpBrowser]:
    """A link over plain HTTP."""
    base = f"http://127.0.0.1:{site.port}"
    async with (
        aiohttp.ClientSession(read_bufsize=2**22) as session,
        session.get(f"{base}/{path}") as stream,
    ):
        assert stream.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        browser = HttpBrowser(session, stream, base)
        await browser.start()
        yield browser
