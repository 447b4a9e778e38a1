"""Who may open a socket: pages of this very site, by scheme, host and port."""

from io import BytesIO
from typing import Any, Final
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest

SCHEMES: Final = {"ws": "http", "wss": "https"}
PORTS: Final = {"http": 80, "https": 443}

Origin = tuple[str, str, int]  # scheme, host, port


class OwnOrigin:
    """Passes on the sockets that a page of our own opens; the others are denied with 403.

    The rule is Django's for a POST: the browser's `Origin` is the address that the request was sent to, or one of
    CSRF_TRUSTED_ORIGINS. That address is told by the Host header, which must be one of ALLOWED_HOSTS, and behind a
    proxy that ends TLS (SECURE) by its `X-Forwarded-Proto`.
    """

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """As any ASGI application."""
        application = self._application if is_own(scope) else WebsocketDenier()
        await application(scope, receive, send)


def is_own(scope: Any) -> bool:
    """Was this socket's handshake (an ASGI scope) sent by a page of our own?"""
    given = [value.decode("latin1") for name, value in scope["headers"] if name == b"origin"]
    if len(given) != 1 or not (origin := _parsed(given[0])):
        return False
    handshake = {**scope, "method": "GET", "scheme": SCHEMES.get(scope.get("scheme", "ws"), "http")}
    request: Any = ASGIRequest(handshake, BytesIO())
    try:
        own = _parsed(f"{request.scheme}://{request.get_host()}")
    except DisallowedHost:
        return False
    return origin == own or origin in map(_parsed, settings.CSRF_TRUSTED_ORIGINS)


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
