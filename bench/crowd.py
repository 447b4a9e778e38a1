"""Many viewers of one run, in this process: sockets that acknowledge every frame at once and note when its facts came.

They are plain sockets on one `epoll`, so that a thousand viewers take a small part of a core.
"""

import json
import selectors
import socket
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urlsplit

HANDSHAKE: Final = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
LENGTHS: Final = {126: struct.Struct("!H"), 127: struct.Struct("!Q")}  # of payloads that one byte cannot tell
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10  # kinds of a WebSocket's frames
OVER: Final = 1  # the fact that the run has ended

type Told = tuple[float, tuple[int, Sequence[Sequence[float]]]]  # when facts came; how many there were before, and they


class Viewer:
    """One socket, and the facts that have come over it."""

    def __init__(self, address: str, path: str, scenes: dict[bytes, Any]) -> None:
        """Connect, and wait until the server takes it as a WebSocket."""
        parts = urlsplit(address)
        self.told: list[Told] = []
        self.over = False  # all has come, or nothing more will
        self._scenes = scenes  # text -> facts, of which all viewers get the same
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(HANDSHAKE.format(path=path, host=parts.netloc).encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.socket.recv(4096)
        head, _, self._rest = answer.partition(b"\r\n\r\n")
        if b" 101 " not in head:
            raise ConnectionError(f"{path} was not taken as a WebSocket: {head.decode()}")
        self.socket.setblocking(False)

    def read(self) -> None:
        """Take what has come, and acknowledge it."""
        try:
            came = self.socket.recv(1 << 18)
        except BlockingIOError:
            return
        at = time.time()
        self.over |= not came
        data, begin = self._rest + came, 0
        while (parts := _frame_at(data, begin)) is not None:
            kind, start, begin = parts
            if kind == TEXT:
                self._hear(at, data[start:begin])
            elif kind == PING:
                self._say(PONG, data[start:begin])
            elif kind == CLOSE:
                self.over = True
        self._rest = data[begin:]

    def facts(self) -> list[Sequence[float]]:
        """All that have come, in order; fewer where some are missing between others."""
        found: list[Sequence[float]] = []
        for _, (before, facts) in self.told:
            if before == 0:
                found = []
            if before == len(found):
                found += facts
        return found

    def _hear(self, at: float, text: bytes) -> None:
        scene, until = text.find(b'"scene": '), text.rfind(b', "now": ')
        if scene >= 0 and (told := self._facts_in(text[scene + 9 : until]))[1]:
            self.told.append((at, told))
            self.over |= told[1][-1][2] == OVER
        if (frame := text.find(b'"frame": ')) >= 0:
            self._say(TEXT, b'{"type":"ack","frame":%b}' % text[frame + 9 : text.index(b",", frame)])

    def _facts_in(self, text: bytes) -> tuple[int, Sequence[Sequence[float]]]:
        if text not in self._scenes:
            scene = json.loads(text)
            self._scenes[text] = scene["from"], scene["facts"]
        found: tuple[int, Sequence[Sequence[float]]] = self._scenes[text]
        return found

    def _say(self, kind: int, payload: bytes) -> None:
        self.socket.send(bytes([0x80 | kind, 0x80 | len(payload)]) + bytes(4) + payload)  # masked with zeros


@contextmanager
def crowd(address: str, path: str, count: int) -> Iterator[tuple[list[Viewer], Callable[[float], None]]]:
    """So many viewers that are connected, and what lets them listen until they have all, or for so many seconds."""
    scenes: dict[bytes, Any] = {}
    viewers: list[Viewer] = []
    with selectors.EpollSelector() as selector:

        def listen(seconds: float) -> None:
            until = time.monotonic() + seconds
            while (rest := until - time.monotonic()) > 0 and not all(viewer.over for viewer in viewers):
                for key, _ in selector.select(min(rest, 0.1)):
                    key.data.read()
                    if key.data.over:
                        selector.unregister(key.fileobj)

        try:
            for _ in range(count):
                viewers.append(Viewer(address, path, scenes))
                selector.register(viewers[-1].socket, selectors.EVENT_READ, viewers[-1])
                listen(0.001)
            yield viewers, listen
        finally:
            for viewer in viewers:
                viewer.socket.close()


def _frame_at(data: bytes, begin: int) -> tuple[int, int, int] | None:
    """Kind, start and end of the payload of a server's frame; None: it is not all there."""
    if len(data) < begin + 2:
        return None
    size, start = data[begin + 1], begin + 2
    if size in LENGTHS:
        form = LENGTHS[size]
        if len(data) < start + form.size:
            return None
        (size,), start = form.unpack_from(data, start), start + form.size
    return (data[begin] & 15, start, start + size) if len(data) >= start + size else None
