"""The WebSocket as a transport of a viewer's session."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qsl

from autobahn.exception import Disconnected

from lessons.addresses import scope_address
from lessons.live.session import BEAT, PATIENCE, Asked, End, Session
from lessons.playback.hub import Hubs
from lessons.playback.position import Position, parse_position
from lessons.runs.service import run_hubs

MAX_FIELDS: Final = 50  # of a query


class RunConsumer:
    """An ASGI application for the sockets of one run each. What a socket starts ends with it.

    Channels' own consumers make two tasks and a hop to the database's thread of each message. There is no channel layer
    and no ORM here, so this one is none of them.
    """

    def __init__(self, hubs: Callable[[], Hubs] = run_hubs, patience: float = PATIENCE, beat: float = BEAT) -> None:
        self._hubs = hubs
        self._times = {"patience": patience, "beat": beat}  # seconds, see `Session`

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a socket until one side ends it."""
        if (await receive())["type"] != "websocket.connect":
            return
        await send({"type": "websocket.accept"})

        async def say(text: str) -> None:
            with suppress(Disconnected):  # the browser has gone; `receive` will tell
                await send({"type": "websocket.send", "text": text})

        session = Session(self._hubs(), asked_of(scope), say, **self._times)
        serving = asyncio.create_task(_serve(session, send), name="viewer-socket")
        try:
            while (message := await receive())["type"] != "websocket.disconnect":
                await session.hear(message.get("text") or "")
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)


async def _serve(session: Session, send: Any) -> None:
    end: End = await session.serve()
    await send({"type": "websocket.close", "code": int(end), "reason": end.sentence})


def asked_of(scope: Any) -> Asked:
    """What the address of an ASGI scope asks for; what it asks wrongly is as if it did not ask."""
    query = scope.get("query_string", b"").decode("ascii", "replace")
    try:
        position = parse_position(dict(parse_qsl(query, max_num_fields=MAX_FIELDS)))
    except ValueError:
        position = Position()
    return Asked(str(scope["url_route"]["kwargs"].get("run", "")), position, scope_address(scope))
