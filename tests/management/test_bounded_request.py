"""A body that is too large is refused before it is kept, and nobody else has to wait for it."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from lessons.management.bounded_request import DISCARDED, MAX_BODY, TOO_LARGE
from tests.conftest import StartSite
from tests.processes import Site
from tests.waiting import until

FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"


@pytest.fixture
def own(start_site: StartSite) -> Site:
    return start_site()


def connected(site: Site) -> socket.socket:
    parts = urlsplit(site.url)
    assert parts.hostname
    return socket.create_connection((parts.hostname, parts.port), timeout=20)


def head(kind: str, *more: str) -> bytes:
    lines = ("POST /healthz HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {kind}", *more)
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


def answered(sock: socket.socket) -> bytes:
    """All that comes until the site says that nothing follows."""
    return b"".join(iter(lambda: sock.recv(65536), b""))


def in_chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 65536):
        yield b"10000\r\n" + b"a" * 65536 + b"\r\n"


def flood(sock: socket.socket) -> None:
    sock.sendall(head(FORM, "Transfer-Encoding: chunked"))
    for chunk in in_chunks(64 * DISCARDED):
        sock.sendall(chunk)


@pytest.mark.parametrize("kind", [FORM, PARTS])
def test_a_length_that_is_too_large_is_refused_before_a_byte_has_come(own: Site, kind: str) -> None:
    with connected(own) as sock:
        sock.sendall(head(kind, f"Content-Length: {MAX_BODY + 1}"))
        told = answered(sock)
    assert told.startswith(b"HTTP/1.1 413 ")
    assert told.endswith(f"\r\n\r\n{TOO_LARGE}\n".encode())


def test_chunks_are_refused_when_they_are_too_many(own: Site) -> None:
    with connected(own) as sock:
        sock.sendall(head(FORM, "Transfer-Encoding: chunked"))
        for chunk in in_chunks(MAX_BODY + 65536):
            sock.sendall(chunk)
        assert answered(sock).startswith(b"HTTP/1.1 413 ")


def test_who_goes_on_sending_is_cut_off_and_nothing_is_kept(own: Site) -> None:
    before = own.memory()
    for _ in range(8):
        with connected(own) as sock, pytest.raises(ConnectionError):
            flood(sock)
    assert own.memory() - before < 16 * DISCARDED
    with urlopen(f"{own.url}/healthz") as answer:
        assert answer.status == 200


def test_who_stops_sending_is_let_go(own: Site) -> None:
    with connected(own) as sock:
        sock.sendall(head(FORM, f"Content-Length: {MAX_BODY + 1}"))
        answered(sock)

        def gone() -> bool:
            try:
                return sock.send(b"a") == 0
            except ConnectionError:
                return True

        until(gone, lambda: "the site closes the connection")


def test_a_body_that_fits_is_taken(own: Site) -> None:
    with connected(own) as sock:
        sock.sendall(head(FORM, f"Content-Length: {MAX_BODY}", "Connection: close") + b"a" * MAX_BODY)
        status = answered(sock).split(b" ", 2)[1]
    assert status in (b"403", b"405")  # it came to Django, which wants a token or another method


@pytest.mark.parametrize(
    ("first", "header", "status"),
    [("a" * 20_000, "x", b"414"), ("", "x" * 20_000, b"431"), ("", "x" * 300_000, b"431")],
)
def test_a_line_that_is_too_long_is_refused_with_a_word(own: Site, first: str, header: str, status: bytes) -> None:
    with connected(own) as sock:
        sock.sendall(f"GET /{first} HTTP/1.1\r\nHost: 127.0.0.1\r\nX: {header}\r\n\r\n".encode())
        told = answered(sock)
    assert told.split(b" ", 2)[1] == status
    assert b"This is too long" in told
