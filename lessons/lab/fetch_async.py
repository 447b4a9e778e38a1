"""The slow call of the async samples: the event loop does other work until the socket has the answer."""

import asyncio

from lessons.lab import service


async def fetch_data() -> str:
    """Ask the upstream service and await its answer."""
    reader, writer = await asyncio.open_connection(*service.address)
    writer.write(service.question)
    answer = await reader.readline()
    writer.close()
    return answer.decode().rstrip("\n")
