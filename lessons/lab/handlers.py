"""What stands between a server and Django in a lane: the run's token, the probe, and the eyes on each request.

The Django handlers are Django's own; what is observed is observed by overriding, not by middleware.
"""

import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from hmac import compare_digest
from inspect import iscoroutinefunction
from typing import Any, Final

from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.urls import ResolverMatch

from lessons.lab.events import Body, RequestHandled, RequestReceived, ResponseSent, ViewRaised, ViewResolved
from lessons.lab.hops import take_hops
from lessons.lab.snapshot import MAX_LENGTH
from lessons.lab.tracer import current_request

TOKEN_HEADER: Final = "X-Run-Token"  # noqa: S105  (the name, not the token)
NUMBER_HEADER: Final = "X-Request-Number"
PROBE_PATH: Final = "/probe"

Report = Callable[[Body, int], None]
Message = dict[str, Any]


class Seen:
    """Reports what Django's handler does with a request. Mixed into both handlers."""

    report: Report

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """Django's own, and `view.resolved` is reported."""
        match: ResolverMatch = super().resolve_request(request)  # type: ignore[misc]
        self.report(ViewResolved(iscoroutinefunction(match.func)), current_request.get())
        return match

    def process_exception_by_middleware(self, exception: Exception, request: HttpRequest) -> Any:
        """Django's own, and `view.raised` is reported: it is asked whenever a view raises."""
        body = ViewRaised(type(exception).__name__, _message_of(exception))
        self.report(body, current_request.get())
        return super().process_exception_by_middleware(exception, request)  # type: ignore[misc]


class SeenWSGIHandler(Seen, WSGIHandler):
    """Django's WSGI handler, seen."""


class SeenASGIHandler(Seen, ASGIHandler):
    """Django's ASGI handler, seen."""


class WSGIApp:
    """The application a WSGI server is given."""

    def __init__(self, token: str, report: Report) -> None:
        self._token = token.encode()
        self._report = report
        self._django = SeenWSGIHandler()
        self._django.report = report

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a probe, or hand a request of this run to Django; whoever has not the run's token gets 403."""
        if not compare_digest(environ.get("HTTP_X_RUN_TOKEN", "").encode("latin-1"), self._token):
            start_response("403 Forbidden", [("Content-Length", "0")])
            return [b""]
        if environ["PATH_INFO"] == PROBE_PATH:
            start_response("200 OK", [("Content-Length", "2")])
            return [b"ok"]
        number = int(environ["HTTP_X_REQUEST_NUMBER"])
        current_request.set(number)
        self._report(RequestReceived(threading.get_native_id()), number)
        response = self._django(environ, start_response)
        return SeenBody(response, number, self._report)


class SeenBody:
    """A WSGI response whose end is reported: when its last byte was taken, and when it was closed."""

    def __init__(self, response: Any, number: int, report: Report) -> None:
        self._response = response
        self._number = number
        self._report = report

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response
        # The server asks for more only when it has written the last chunk.
        self._report(ResponseSent(self._response.status_code, threading.active_count()), self._number)

    def close(self) -> None:
        """Called by the server when it is done with the response."""
        self._response.close()
        self._report(RequestHandled(), self._number)
        current_request.set(0)


class ASGIApp:
    """The application an ASGI server is given."""

    def __init__(self, token: str, report: Report) -> None:
        self._token = token.encode()
        self._report = report
        self._django = SeenASGIHandler()
        self._django.report = report

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Answer a probe, or hand a request of this run to Django; whoever has not the run's token gets 403."""
        if scope["type"] != "http":
            await send({"type": "websocket.close"})  # before it is accepted: refused with 403
            return
        headers = dict(scope["headers"])
        if not compare_digest(headers.get(TOKEN_HEADER.lower().encode(), b""), self._token):
            await _answer(send, 403, b"")
        elif scope["path"] == PROBE_PATH:
            await _answer(send, 200, b"ok")
        else:
            await self._handle(int(headers[NUMBER_HEADER.lower().encode()]), scope, receive, send)

    async def _handle(self, number: int, scope: Message, receive: Any, send: Any) -> None:
        current_request.set(number)
        self._report(RequestReceived(threading.get_native_id()), number)
        status = 0

        async def seen_send(message: Mapping[str, Any]) -> None:
            nonlocal status
            await send(message)
            if message["type"] == "http.response.start":
                status = message["status"]
            elif not message.get("more_body", False):
                self._report(ResponseSent(status, threading.active_count()), number)

        try:
            await self._django(scope, receive, seen_send)
        finally:
            self._report(RequestHandled(take_hops(number)), number)


async def _answer(send: Callable[[Message], Awaitable[None]], status: int, body: bytes) -> None:
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _message_of(exception: Exception) -> str:
    try:
        return str(exception)[:MAX_LENGTH].encode(errors="backslashreplace").decode()  # no half characters
    except Exception:  # the sample's own exception class may be broken
        return ""
