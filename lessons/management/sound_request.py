"""Requests and answers over which Daphne would stumble: what would have it fail is left out, or refused before.

Otherwise it would be the site's fault (500), whoever sent it.
"""

from http import HTTPStatus
from typing import Any, Final

from daphne.http_protocol import HTTPFactory

from lessons.management.bounded_request import BoundedChannel, BoundedRequest
from lessons.management.refusal import refuse

ROOT_PATH: Final = b"Daphne-Root-Path"  # Daphne believes it from anybody, and then no route is found
UNREADABLE: Final = "This does not open a link: a subprotocol has a name in ASCII."
WITH_BODY: Final = "This does not open a link: what opens one has no body."


class SoundRequest(BoundedRequest):
    """Refuses with 400 what asks for a socket in a way that no browser can."""

    def process(self) -> Any:
        """All of it is there; a socket may be asked for."""
        self.requestHeaders.removeHeader(ROOT_PATH)
        if fault := self._fault():
            refuse(self.transport, HTTPStatus.BAD_REQUEST, fault)
            return None
        return super().process()

    def handle_reply(self, message: dict[str, Any]) -> None:
        """A part of the answer. One to HEAD has no body, of which Twisted leaves out the first part only."""
        if self.method == b"HEAD" and message["type"] == "http.response.body":
            message = message | {"body": b""}
        super().handle_reply(message)

    def _fault(self) -> str:
        upgrades = self.requestHeaders.getRawHeaders(b"Upgrade") or [b""]
        if upgrades[0].lower() != b"websocket":
            return ""
        if not all(map(bytes.isascii, self.requestHeaders.getRawHeaders(b"Sec-WebSocket-Protocol") or ())):
            return UNREADABLE
        return WITH_BODY if self.content.read(1) else ""


class SoundFactory(HTTPFactory):  # type: ignore[misc]
    """Makes connections whose requests are bounded and sound."""

    protocol = BoundedChannel  # of HTTP/1.1 alone: what else Twisted knows is not installed

    def buildProtocol(self, address: Any) -> Any:
        """One connection."""
        protocol = super().buildProtocol(address)
        protocol.requestFactory = SoundRequest
        return protocol
