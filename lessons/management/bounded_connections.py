"""Connections as Daphne takes them, but not more than there may be, and none that only seems to ask.

Whoever sends a request a byte at a time would hold a connection for ever, and a thousand of those all that the system
has. So a request must be there in time, and an address, like the process, has only so many connections at once.
"""

import logging
import time
from collections import Counter
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from twisted.internet import reactor as installed
from twisted.internet.protocol import Protocol
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory

from lessons import metrics
from lessons.addresses import network_of
from lessons.management.refusal import plain_answer

reactor: Any = installed  # its type promises less than it is

LATE: Final = b"The request did not come in time. Send it again.\n"
FULL: Final = b"The site has as many connections as it can bear, or your network has. Try again in a few seconds.\n"
RETRY: Final = 5  # seconds
TOO_LATE: Final = plain_answer(HTTPStatus.REQUEST_TIMEOUT, LATE)
TOO_MANY: Final = plain_answer(HTTPStatus.SERVICE_UNAVAILABLE, FULL, Retry_After=f"{RETRY}")
PATIENCE: Final = 1.0  # seconds for the request of one that is refused: answered before, it might not read the answer
MOST_REFUSED: Final = 100  # at once; others are closed without a word
QUIET: Final = 60.0  # seconds between two lines in the log

log = logging.getLogger(__name__)


class TimedConnection(ProtocolWrapper):
    """Closes when the first request, or one that has begun, is not there in time. What became a socket lives on."""

    transport: Any

    def makeConnection(self, transport: Any) -> None:
        """The connection is open."""
        self._heard = self._asked = False
        self._deadline: Any = None
        self._await_request()
        super().makeConnection(transport)

    def dataReceived(self, data: bytes) -> None:
        """A part of a request, or of what is said on a socket."""
        self._heard = True
        if not self._asked and self._deadline is None:
            self._await_request()
        super().dataReceived(data)

    def connectionLost(self, reason: Any = None) -> None:
        """The connection is closed."""
        self.note_request()
        super().connectionLost(reason)

    def note_request(self) -> None:
        """A whole request is there."""
        self._asked = True
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def note_answer(self) -> None:
        """It has been answered; the next one may begin whenever it likes."""
        self._asked = self._heard = False

    def _await_request(self) -> None:
        self._deadline = reactor.callLater(settings.REQUEST_SECONDS, self._give_up)

    def _give_up(self) -> None:
        self._deadline = None
        if self._heard:
            metrics.REFUSALS.labels("late-request").inc()
            self.transport.write(TOO_LATE)
        self.loseConnection()


class RefusedConnection(Protocol):
    """Is told that there are too many, as soon as it has asked."""

    transport: Any

    def __init__(self, factory: "BoundedConnections") -> None:
        self._refusing = factory

    def connectionMade(self) -> None:
        """The connection is open."""
        self._refusing.refused += 1
        self._end = reactor.callLater(PATIENCE, self.transport.abortConnection)

    def dataReceived(self, data: bytes) -> None:
        """A request, or as much of it as came at once."""
        self.transport.write(TOO_MANY)
        self.transport.loseConnection()

    def connectionLost(self, reason: Any = None) -> None:
        """The connection is closed."""
        self._refusing.refused -= 1
        if self._end.active():
            self._end.cancel()


class BoundedConnections(WrappingFactory[TimedConnection]):
    """Of a server: `most` at once, and `each` of one address, or of one network where addresses are of IPv6.

    Behind proxies all come from a few addresses, so none of those is bounded.
    """

    protocol = TimedConnection

    def __init__(self, server: Any, wrapped: Any, most: int, each: int) -> None:
        super().__init__(wrapped)
        self.server = server
        self.refused = 0  # that are being told so
        self._most = most
        self._each = most if settings.PROXIES else each
        self._open = Counter[str]()
        self._told = -QUIET

    def buildProtocol(self, address: Any) -> Any:
        """A connection, a refusal, or None: it is closed without a word."""
        peer = network_of(getattr(address, "host", ""))
        if len(self.protocols) < self._most and self._open[peer] < self._each:
            return super().buildProtocol(address)
        self._tell(peer)
        return RefusedConnection(self) if self.refused < MOST_REFUSED else None

    def registerProtocol(self, connection: Any) -> None:
        """It is open now."""
        super().registerProtocol(connection)
        connection.network = network_of(getattr(connection.getPeer(), "host", ""))
        self._open[connection.network] += 1

    def unregisterProtocol(self, connection: Any) -> None:
        """It is closed."""
        super().unregisterProtocol(connection)
        self._open[connection.network] -= 1
        if not self._open[connection.network]:
            del self._open[connection.network]

    def _tell(self, peer: str) -> None:
        metrics.REFUSALS.labels("connections").inc()
        if time.monotonic() >= self._told + QUIET:
            self._told = time.monotonic()
            whole = len(self.protocols), self._open[peer]
            log.warning("Connections are refused: %d are open, %d of them from the last one's address.", *whole)
