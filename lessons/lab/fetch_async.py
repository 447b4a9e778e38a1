"""The slow call of the async samples: the event loop does other work until the socket has the answer."""

import asyncio

from lessons.lab import service


async def fetch_data(times: float = 1.0, at_once: int | None = None) -> str:
    """Ask the upstream service and await its answer, which takes so many times the usual wait.

    With `at_once`, the service works on so many at a time, and the others wait there.
    """
    reader, writer = await asyncio.open_connection(*service.address)
    try:
        writer.write(service.question(times, at_once))
        answer = await reader.readline()
    finally:
        writer.close()
    return answer.decode().rstrip("\n")
