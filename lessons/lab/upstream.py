"""The service behind `fetch_data()`: a process that answers over TCP after the asked time."""

import asyncio
import contextlib
import re
import socket
from typing import Any

from lessons.lab.spec import MAX_WAIT
from lessons.lab.wire import Wire

ANSWER = b"Fetched data value\n"
LONGEST = 3 * MAX_WAIT  # seconds; a sample may ask for some times the wait of its run
BACKLOG = 1024  # every request of every run asks at once
QUESTION = re.compile(rb"wait (\d{1,3}(?:\.\d{1,9})?)\n")


def main(sock: socket.socket, config: dict[str, Any]) -> None:
    """Serve until the supervisor's end of `sock` closes. Says `port` when it listens."""
    asyncio.run(_serve(Wire(sock, 0.0, lambda word: None)))


async def _serve(wire: Wire) -> None:
    wire.start()
    server = await asyncio.start_server(serve_connection, "127.0.0.1", 0, backlog=BACKLOG, limit=256)
    wire.say(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def serve_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one connection: one question, one answer."""
    with contextlib.suppress(OSError, ValueError):  # the asker has gone, or said too much
        question = QUESTION.fullmatch(await reader.readline())
        wait = float(question[1]) if question else LONGEST + 1
        if wait <= LONGEST:
            await asyncio.sleep(wait)
            writer.write(ANSWER)
        else:
            writer.write(b"cannot wait that long\n")
    writer.close()
