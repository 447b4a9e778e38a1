"""The slow call of the async samples: the event loop does other work until the socket has the answer."""

import asyncio

from lessons.lab import service


async def fetch_data(times: float = 1.0) -> str:
    """Ask the upstream service and await its answer, which takes so many times the usual wait."""
    reader, writer = await asyncio.open_connection(*service.address)
    writer.write(service.question(times))
    answer = await reader.readline()
    writer.close()
    return answer.decode().rstrip("\n")
