"""Makes the fork server's code warm before lanes and drivers are forked from it.

A server that has been up for a while has its caches filled and its bytecode specialized. A lane is new for every
run; without this, its first requests would show the start of Python instead of Django. No thread may be left behind.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
from django.http import HttpRequest, JsonResponse
from django.urls import clear_url_caches, path

from lessons.lab import fetch_async, routes, service, upstream
from lessons.lab.handlers import NUMBER_HEADER, TOKEN_HEADER, ASGIApp

TOKEN = "warm"  # noqa: S105  (of an application that no server is given)
AT_ONCE = 25
ROUNDS = 4


def warm_up() -> None:
    """Send requests through Django, `fetch_data` and the HTTP client, all within this process."""
    address = service.address, service.usual_wait
    routes.urlpatterns.append(path("", _view))
    try:
        asyncio.run(_warm())
    finally:
        routes.urlpatterns.clear()
        clear_url_caches()
        service.address, service.usual_wait = address


async def _view(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"data": await fetch_async.fetch_data()})


async def _warm() -> None:
    app = ASGIApp(TOKEN, lambda body, request: None)
    answering = await asyncio.start_server(upstream.serve_connection, "127.0.0.1", 0)
    serving = await asyncio.start_server(_answer_ok, "127.0.0.1", 0)
    service.set_upstream(answering.sockets[0].getsockname()[1], 0.0)
    url = f"http://127.0.0.1:{serving.sockets[0].getsockname()[1]}/"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, force_close=True)) as client:
        for _ in range(ROUNDS):
            await asyncio.gather(*(_handle(app) for _ in range(AT_ONCE)), *(_get(client, url) for _ in range(AT_ONCE)))
    for server in (answering, serving):
        server.close()
        await server.wait_closed()


async def _handle(app: ASGIApp) -> None:
    headers = {"host": "127.0.0.1", TOKEN_HEADER.lower(): TOKEN, NUMBER_HEADER.lower(): "0"}
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    messages.put_nowait({"type": "http.request", "body": b""})
    await app(scope, messages.get, _drop)


async def _drop(message: Mapping[str, Any]) -> None:
    """Nobody reads what the warm-up is answered."""


async def _get(client: aiohttp.ClientSession, url: str) -> None:
    async with client.get(url) as response:
        await response.read()


async def _answer_ok(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
    writer.close()
