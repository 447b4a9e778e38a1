"""Plain HTTP as a transport of a viewer's session, where WebSockets are not to be had.

Frames come as server-sent events, `data: {…}`; the first message is `{"words": name}`. What the browser says, be it an
acknowledgement or a word, is posted to `/live/words/<name>/`, a JSON message a request. Any web process takes it.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from lessons.live.consumer import asked_of
from lessons.live.mailbox import Mailboxes, site_mailboxes
from lessons.live.session import BEAT, MAX_BYTES, PATIENCE, Session
from lessons.log.protocol import LogUnavailable
from lessons.playback.hub import Hubs
from lessons.runs.service import run_hubs

HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
    "X-Accel-Buffering": "no",  # nginx and others pass on each message at once
    "X-Content-Type-Options": "nosniff",
}


class RunStream:
    """An ASGI application for the event streams of one run each. What a stream starts ends with it."""

    def __init__(
        self,
        hubs: Callable[[], Hubs] = run_hubs,
        mailboxes: Callable[[], Mailboxes] = site_mailboxes,
        patience: float = PATIENCE,
        beat: float = BEAT,
    ) -> None:
        self._hubs = hubs
        self._mailboxes = mailboxes
        self._times = {"patience": patience, "beat": beat}  # seconds, see `Session`

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a stream until one side ends it."""
        if scope["method"] != "GET":
            await _answer(send, HTTPStatus.METHOD_NOT_ALLOWED, Allow="GET")
            return
        streaming = asyncio.create_task(self._stream(scope, send), name="viewer-stream")
        leaving = asyncio.create_task(_gone(receive), name="viewer-leaving")
        try:
            await asyncio.wait((streaming, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (streaming, leaving):
                task.cancel()
            await asyncio.gather(streaming, leaving, return_exceptions=True)

    async def _stream(self, scope: Any, send: Any) -> None:
        async def say(text: str) -> None:
            await send({"type": "http.response.body", "body": f"data: {text}\n\n".encode(), "more_body": True})

        name = secrets.token_urlsafe(24)
        session = Session(self._hubs(), asked_of(scope), say, **self._times)
        try:
            async with self._mailboxes().open(name) as words:
                await _start(send, HTTPStatus.OK, {**HEADERS, "Content-Type": "text/event-stream; charset=utf-8"})
                await say(json.dumps({"words": name}))
                listening = asyncio.create_task(_listen(session, words), name="viewer-words")
                serving = asyncio.create_task(session.serve(), name="viewer-session")
                try:
                    await asyncio.wait((serving, listening), return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for task in (serving, listening):
                        task.cancel()
                    await asyncio.gather(serving, listening, return_exceptions=True)
        except LogUnavailable:
            await _answer(send, HTTPStatus.SERVICE_UNAVAILABLE, Retry_After="5")
            return
        await send({"type": "http.response.body", "body": b""})


class WordsPost:
    """An ASGI application that takes one message of a viewer: 204; 410 when that viewer is not served any more.

    It needs no token against forgery: who knows the name was told it in the stream.
    """

    def __init__(self, mailboxes: Callable[[], Mailboxes] = site_mailboxes) -> None:
        self._mailboxes = mailboxes

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            await _answer(send, HTTPStatus.METHOD_NOT_ALLOWED, Allow="POST")
            return
        text = await _body(receive)
        if text is None:
            await _answer(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        try:
            taken = await self._mailboxes().post(str(scope["url_route"]["kwargs"]["name"]), text)
        except LogUnavailable:
            await _answer(send, HTTPStatus.SERVICE_UNAVAILABLE, Retry_After="5")
            return
        await _answer(send, HTTPStatus.NO_CONTENT if taken else HTTPStatus.GONE)


async def _listen(session: Session, words: AsyncIterator[str]) -> None:
    async for text in words:
        await session.hear(text)


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(receive: Any) -> str | None:
    """The request's text; None when it is too large, and then the rest of it is not waited for."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
        if len(body) > MAX_BYTES:
            return None
    return body.decode(errors="replace")


async def _answer(send: Any, status: HTTPStatus, **headers: str) -> None:
    length = {} if status == HTTPStatus.NO_CONTENT else {"Content-Length": "0"}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    await _start(send, status, {**HEADERS, **length, **given})
    await send({"type": "http.response.body", "body": b""})


async def _start(send: Any, status: HTTPStatus, headers: Mapping[str, str]) -> None:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": int(status), "headers": pairs})
