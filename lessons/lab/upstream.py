"""The service behind `fetch_data()`: a process that answers over TCP after the asked time."""

import asyncio
import contextlib
import re
import socket
from typing import Any
from weakref import WeakValueDictionary

from lessons.lab.spec import MAX_WAIT
from lessons.lab.wire import Wire

ANSWER = b"Fetched data value\n"
LONGEST = 3 * MAX_WAIT  # seconds; a sample may ask for some times the wait of its run
BACKLOG = 1024  # every request of every run asks at once
QUESTION = re.compile(rb"wait (\d{1,3}(?:\.\d{1,9})?)(?: (\d{1,3}) at once for (\d{1,10}))?\n")

_places: WeakValueDictionary[tuple[int, int], asyncio.Semaphore] = WeakValueDictionary()  # by number and lane's process


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
        if question and wait <= LONGEST:
            async with _place(question[2], question[3]):
                if not reader.at_eof():  # the asker has not gone while it was waiting for its place
                    await asyncio.sleep(wait)
            writer.write(ANSWER)
        else:
            writer.write(b"cannot wait that long\n")
    writer.close()


def _place(number: bytes | None, lane: bytes | None) -> contextlib.AbstractAsyncContextManager[Any]:
    """Where a question is worked on: in one of so many places of its lane, or at once."""
    if number is None or lane is None or not int(number):
        return contextlib.nullcontext()
    key = int(number), int(lane)
    places = _places.get(key)  # goes with the last that waits for it
    if places is None:
        places = _places[key] = asyncio.Semaphore(key[0])
    return places
