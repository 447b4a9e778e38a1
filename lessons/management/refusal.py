"""What the server answers by itself, before an application is asked: a status and a sentence, and then it closes."""

from http import HTTPStatus
from typing import Any, Final

from twisted.internet import reactor as installed

reactor: Any = installed  # its type promises less than it is

GRACE: Final = 2.0  # seconds in which what is still on its way is thrown away, so that the answer can be read
PLAIN: Final = {
    "Content-Type": "text/plain; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Lesson-Answer": "text",
    "Connection": "close",
}


def plain_answer(status: HTTPStatus, body: bytes, **more: str) -> bytes:
    """All of an answer, as it is written to a connection; `more` are headers, with _ for -."""
    named = {name.replace("_", "-"): text for name, text in more.items()}
    headers = PLAIN | named | {"Content-Length": str(len(body))}
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {text}" for name, text in headers.items()), "", ""]
    return "\r\n".join(lines).encode() + body


def refuse(transport: Any, status: HTTPStatus, sentence: str) -> None:
    """Answer, and close the connection as soon as the other side does, or after `GRACE`."""
    transport.write(plain_answer(status, f"{sentence}\n".encode()))
    transport.loseWriteConnection()
    reactor.callLater(GRACE, transport.abortConnection)
