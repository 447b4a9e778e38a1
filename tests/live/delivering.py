"""A real Daphne with `tests.live.delivery_site` on it, and browsers that speak to it."""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

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


class Browser:
    """One socket as the page uses it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def message(self) -> dict[str, Any]:
        async with asyncio.timeout(20):
            message: dict[str, Any] = json.loads(await self.socket.recv())
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
        await self.socket.send(json.dumps(fields))

    async def closed(self) -> tuple[int | None, list[dict[str, Any]]]:
        """The close code, and the messages before it; frames among them are not acknowledged."""
        messages = []
        async with asyncio.timeout(20):
            with suppress(ConnectionClosed):
                while True:
                    messages.append(json.loads(await self.socket.recv()))
        return self.socket.close_code, messages


@asynccontextmanager
async def browser(site: Site, path: str, origin: str = "", **options: Any) -> AsyncIterator[Browser]:
    address = f"ws://127.0.0.1:{site.port}/{path}"
    origin = origin or f"http://127.0.0.1:{site.port}"
    async with connect(address, origin=origin, proxy=None, **options) as socket:  # type: ignore[arg-type]
        yield Browser(socket)
