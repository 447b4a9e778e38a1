"""A proxy between the browser and the site, to break the way in the ways that networks, proxies and operators do."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Literal
from urllib.parse import urlsplit

type Way = Literal["free", "swallow", "refuse"]
type SocketWay = Literal["free", "302", "403", "407", "silent", "mute"]


class Proxy:
    """Passes on bytes, connection by connection, as long as nobody breaks the way."""

    def __init__(self, site: str) -> None:
        self._target = urlsplit(site).netloc.split(":")
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._free = asyncio.Event()
        self._free.set()
        self.links = 0  # how often the page has asked for its link …
        self.linked_at = 0.0  # … and when it did last, in milliseconds of the clock
        self._sockets: SocketWay = "free"
        self._server: asyncio.Server | None = None
        self._port = 0
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        self._call(self._listen())

    @property
    def url(self) -> str:
        """The site behind the proxy, without a slash at its end."""
        return f"http://127.0.0.1:{self._port}"

    def cut(self) -> None:
        """Reset every connection; new ones pass."""
        self._call(self._cut())

    def swallow(self) -> None:
        """From now on no byte passes, and nobody is told."""
        self._call(self._set_free(False))

    def refuse(self) -> None:
        """As if the machine's programs were gone: connections end, and new ones are refused."""
        self._call(self._refuse())

    def free(self) -> None:
        """The way is free again; what was kept back comes late, as TCP has it."""
        self._call(self._set_free(True))
        self._call(self._listen())

    def treat_sockets(self, way: SocketWay) -> None:
        """Answer handshakes of WebSockets by a status, by nothing, or take them and then let nothing pass ("mute")."""
        self._sockets = way

    def stop(self) -> None:
        """Give back thread and port."""
        self._call(self._refuse())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
            self._port = self._server.sockets[0].getsockname()[1]

    async def _set_free(self, free: bool) -> None:
        if free:
            self._free.set()
        else:
            self._free.clear()

    async def _cut(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _refuse(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._cut()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            if head.startswith(b"GET /live/runs/"):
                self.linked_at, self.links = time.time() * 1000, self.links + 1
            await self._free.wait()
            if b"\r\nupgrade: websocket" in head.lower() and self._sockets not in ("free", "mute"):
                await self._answer(writer)
                return
            await self._pass_on(head, reader, writer)
        writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        if self._sockets != "silent":
            location = "Location: /login\r\n" if self._sockets == "302" else ""
            writer.write(
                f"HTTP/1.1 {self._sockets} No\r\n{location}Content-Length: 0\r\nConnection: close\r\n\r\n".encode()
            )
            await writer.drain()
            writer.close()

    async def _pass_on(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        their_reader, their_writer = await asyncio.open_connection(*self._target)
        self._writers |= {writer, their_writer}
        mute = self._sockets == "mute" and b"\r\nupgrade: websocket" in head.lower()
        their_writer.write(head)
        try:
            await asyncio.gather(
                self._pump(reader, their_writer, lambda data: data),
                self._pump(their_reader, writer, _only_handshake if mute else lambda data: data),
            )
        finally:
            self._writers -= {writer, their_writer}
            writer.close()
            their_writer.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passed: Callable[[bytes], bytes]
    ) -> None:
        while data := await reader.read(65536):
            await self._free.wait()
            writer.write(passed(data))
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


def _only_handshake(data: bytes) -> bytes:
    head, found, _ = data.partition(b"\r\n\r\n")
    return head + found if data.startswith(b"HTTP/1.1 101") else b""


@contextmanager
def proxied(site: str) -> Iterator[Proxy]:
    """A proxy in front of the site."""
    proxy = Proxy(site)
    try:
        yield proxy
    finally:
        proxy.stop()
