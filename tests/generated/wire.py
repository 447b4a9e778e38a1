"""Both protocols from the side of a client that keeps to none of their rules: bytes out, answers in."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from typing import Final

from tests.generated.requests import Request
from tests.visiting import Answer

STREAM: Final = "text/event-stream"  # has no end
NO_BODY: Final = (204, 304)
SWITCHED: Final = 101
LIMIT: Final = 1024 * 1024  # bytes of a line


class Line:
    """A connection, used for as long as both sides like."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ends: tuple[StreamReader, StreamWriter] | None = None

    async def ask(self, request: Request) -> Answer | None:
        """What is answered; None: the connection was closed without a word."""
        reader, writer = await self.open()
        answer = None
        try:
            writer.write(request.raw)
            if not request.answered:
                writer.write_eof()
            answer = await read_answer(reader, request.method)
        except (OSError, asyncio.IncompleteReadError):  # the site has closed it
            answer = None
        if answer is None or request.last or not _goes_on(answer):
            self.close()
        return answer

    async def open(self) -> tuple[StreamReader, StreamWriter]:
        """Both ends of it."""
        if self._ends is None:
            self._ends = await asyncio.open_connection("127.0.0.1", self._port, limit=LIMIT)
        return self._ends

    def close(self) -> None:
        """Whoever asks next opens another."""
        if self._ends is not None:
            self._ends[1].transport.abort()
            self._ends = None


async def read_answer(reader: StreamReader, method: str) -> Answer | None:
    """The next response. None: there is none."""
    status = 100
    while status == 100:  # Continue
        first = await reader.readline()
        if not first:
            return None
        assert first.startswith(b"HTTP/1."), first
        status = int(first.split(b" ", 2)[1])
        headers = {}
        while line := (await reader.readline()).strip():
            name, _, text = line.decode("latin-1").partition(":")
            headers[name.lower()] = text.strip()
    answer = Answer(status, headers, b"")
    if method == "HEAD" or status in NO_BODY or status == SWITCHED:
        return answer
    return Answer(status, headers, await _body(reader, answer))


def _goes_on(answer: Answer) -> bool:
    """May another follow on the same connection?"""
    if answer.headers.get("connection") == "close" or is_stream(answer):
        return False
    return answer.status in NO_BODY or not {"content-length", "transfer-encoding"}.isdisjoint(answer.headers)


def is_stream(answer: Answer) -> bool:
    return answer.headers.get("content-type", "").startswith(STREAM)


async def _body(reader: StreamReader, answer: Answer) -> bytes:
    if answer.headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
            if is_stream(answer):
                return body
        await reader.readline()
        return body
    length = answer.headers.get("content-length")
    return await (reader.read() if length is None else reader.readexactly(int(length)))


async def read_frames(reader: StreamReader) -> AsyncIterator[tuple[int, bytes]]:
    """Opcode and payload of each frame of a server, until it closes the connection."""
    while True:
        try:
            first, size = await reader.readexactly(2)
            if size > 125:
                size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8))
            yield first & 0x0F, await reader.readexactly(size)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
