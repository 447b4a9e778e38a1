"""Requests as Daphne takes them, but with a bound on the body: it holds before a byte of it is kept or looked at.

Daphne takes a whole body into memory, and Twisted parses forms in the event loop, before an application is asked. So
one large body would stop the site for everybody. Django reads what is left of it, within its own bounds.
"""

from http import HTTPStatus
from typing import Any, Final

from daphne.http_protocol import WebRequest
from django.conf import settings
from twisted.web.http import HTTPChannel

from lessons.management.refusal import refuse

MAX_BODY: Final[int] = settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # bytes; beyond it Django would refuse, too
DISCARDED: Final = 1024 * 1024  # bytes, at most

TOO_LARGE: Final = f"This is too large: the site takes up to {MAX_BODY // 1024} kB at once. Send less."
TOO_LONG: Final = f"This is too long: the site takes up to {HTTPChannel.totalHeadersSize // 1024} kB of {{}}."


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
            if self._discarded > DISCARDED and self.channel is not None:
                self.channel.transport.abortConnection()
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
        refuse(self.channel.transport, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)


class BoundedChannel(HTTPChannel):
    """Answers 414 or 431 when the first line or a header is too long. Twisted would close without a word."""

    def lineLengthExceeded(self, line: bytes) -> None:
        """What has come of a line is too long."""
        self.dataReceived = lambda data: None  # type: ignore[method-assign]  # the rest of it; Twisted does so, too
        if self.requests:  # the first line was there
            refuse(self.transport, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, TOO_LONG.format("headers"))
        else:
            refuse(self.transport, HTTPStatus.REQUEST_URI_TOO_LONG, TOO_LONG.format("an address"))
