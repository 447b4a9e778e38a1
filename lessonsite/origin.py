"""Who may open the link: pages of this very site, by scheme, host and port."""

import logging
import time
from io import BytesIO
from typing import Any, Final
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest

SCHEMES: Final = {"ws": "http", "wss": "https"}
PORTS: Final = {"http": 80, "https": 443}

SAME: Final = (b"same-origin", b"none")
ONCE: Final = 60.0  # seconds between two lines of the log

Origin = tuple[str, str, int]  # scheme, host, port

log = logging.getLogger(__name__)


class OwnOrigin:
    """Passes on what a page of our own opens; the rest is denied with 403, and told in the log, once a minute.

    The rule for a socket is Django's for a POST: the browser's `Origin` is the address that the request was sent to, or
    one of CSRF_TRUSTED_ORIGINS. That address is told by the Host header, which must be one of ALLOWED_HOSTS, and behind
    a proxy that ends TLS (SECURE) by its `X-Forwarded-Proto`. Of a request over HTTP to its own site a browser need not
    tell the origin. Where it does, the same rule holds; where it tells how the sites are related (`Sec-Fetch-Site`),
    they must be of one origin.
    """

    def __init__(self, application: Any) -> None:
        self._application = application
        self._told_at = float("-inf")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """As any ASGI application."""
        if is_own(scope):
            await self._application(scope, receive, send)
            return
        self._tell(scope)
        if scope["type"] == "websocket":
            await WebsocketDenier()(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 403, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    def _tell(self, scope: Any) -> None:
        now = time.monotonic()
        if now - self._told_at < ONCE:
            return
        self._told_at = now
        origin, host = (b" ".join(_header(scope, name)).decode("latin1")[:100] for name in (b"origin", b"host"))
        log.warning(
            "The link of a page was refused: its origin is %r, the request came for the host %r. If it is a page of "
            "this site, the proxy in front must pass on the Host header, or CSRF_TRUSTED_ORIGINS must name the origin.",
            origin,
            host,
        )


def is_own(scope: Any) -> bool:
    """Was this request, or this socket's handshake (an ASGI scope), sent by a page of our own?"""
    given = [value.decode("latin1") for value in _header(scope, b"origin")]
    if not given and scope["type"] == "http":
        return _own_address(scope) is not None and all(value in SAME for value in _header(scope, b"sec-fetch-site"))
    if len(given) != 1 or not (origin := _parsed(given[0])):
        return False
    own = _own_address(scope)
    return own is not None and (origin == own or origin in map(_parsed, settings.CSRF_TRUSTED_ORIGINS))


def _own_address(scope: Any) -> Origin | None:
    """Where the request was sent to; None: to no host of ours."""
    handshake = {"method": "GET", **scope, "scheme": SCHEMES.get(scope.get("scheme", "ws"), scope.get("scheme"))}
    request: Any = ASGIRequest(handshake, BytesIO())
    try:
        return _parsed(f"{request.scheme}://{request.get_host()}")
    except DisallowedHost:
        return None


def _header(scope: Any, name: bytes) -> list[bytes]:
    return [value for key, value in scope["headers"] if key == name]


def _parsed(address: str) -> Origin | None:
    """`http://example.org`; `None` for what is no origin, such as `null`."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname or parts.path or parts.query or parts.fragment:
        return None
    return parts.scheme, parts.hostname, PORTS[parts.scheme] if port is None else port
