"""Requests as Daphne takes them, but with a bound on the body: it holds before a byte of it is kept or looked at.

Daphne takes a whole body into memory, and Twisted parses forms in the event loop, before an application is asked. So
one large body would stop the site for everybody. Django reads what is left of it, within its own bounds.
"""

from typing import Any, Final

from daphne.http_protocol import HTTPFactory, WebRequest
from django.conf import settings
from twisted.internet import reactor as installed

reactor: Any = installed  # its type promises less than it is

MAX_BODY: Final[int] = settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # bytes; beyond it Django would refuse, too
GRACE: Final = 2.0  # seconds in which what is still on its way is thrown away, so that the answer can be read
DISCARDED: Final = 1024 * 1024  # bytes, at most

SENTENCE: Final = f"This is too large: the site takes up to {MAX_BODY // 1024} kB at once. Send less.\n".encode()
ANSWER: Final = (
    b"HTTP/1.1 413 Content Too Large\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
    b"X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nLesson-Answer: text\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(SENTENCE), SENTENCE)
)


class BoundedRequest(WebRequest):  # type: ignore[misc]  # Daphne has no types
    """Answers 413 as soon as a body is known to be too large, and closes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, parsePOSTFormSubmission=False, **kwargs)
        self._discarded: int | None = None  # bytes since it was refused
        self._connection = self.channel.transport

    def gotLength(self, length: int | None) -> None:
        """The headers are there, and may tell the length of the body."""
        refused = length is not None and length > MAX_BODY
        super().gotLength(0 if refused else length)
        if refused:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:
        """A part of the body."""
        if self._discarded is not None:
            self._discarded += len(data)
            if self._discarded > DISCARDED:
                self._abort()
        elif self.content.tell() + len(data) > MAX_BODY:
            self._refuse()
        else:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """All of it is there."""
        self._connection.note_request()
        if self.server.draining:
            self.setHeader(b"connection", b"close")
            self.channel.persistent = False
        if self._discarded is None:
            super().requestReceived(command, path, version)

    def finish(self) -> None:
        """It has its answer."""
        self._connection.note_answer()
        super().finish()

    def _refuse(self) -> None:
        self._discarded = 0
        self.channel.transport.write(ANSWER)
        self.channel.transport.loseWriteConnection()
        reactor.callLater(GRACE, self._abort)

    def _abort(self) -> None:
        if self.channel is not None:
            self.channel.transport.abortConnection()


class BoundedFactory(HTTPFactory):  # type: ignore[misc]
    """Makes connections whose requests are bounded."""

    def buildProtocol(self, address: Any) -> Any:
        """One connection."""
        protocol = super().buildProtocol(address)
        protocol.requestFactory = BoundedRequest
        return protocol
