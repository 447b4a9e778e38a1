"""What would make the server stumble is left out or refused, and is no fault of the site."""

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.processes import Site
from tests.visiting import LESSON, RECORDED

SOCKET = (
    *("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"),
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("sound"), prepared)
    yield site.ready()
    site.stop()


def answered(site: Site, path: str, *headers: str, body: str = "") -> str:
    """The first line of an answer; a character stands for the byte of its number."""
    parts = urlsplit(site.url)
    assert parts.hostname
    lines = (f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", f"Origin: {site.url}", *headers, "", body)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as sock:
        sock.sendall("\r\n".join(lines).encode("latin1"))
        return sock.makefile("rb").readline().decode("latin1")


def link(site: Site, *headers: str, body: str = "") -> str:
    return answered(site, f"/live/runs/{RECORDED.split('/')[-2]}/", *SOCKET, *headers, body=body)


@pytest.mark.parametrize("name", ["\xff", "\xc3\xa9", "chat, \xff"])
def test_a_subprotocol_that_is_not_ascii_is_refused(own: Site, name: str) -> None:
    assert link(own, f"Sec-WebSocket-Protocol: {name}").startswith("HTTP/1.1 400 ")
    assert "Traceback" not in own.text()


def test_a_subprotocol_that_nobody_knows_does_not_matter(own: Site) -> None:
    assert link(own, "Sec-WebSocket-Protocol: chat, %ff").startswith("HTTP/1.1 101 ")


def test_a_handshake_with_a_body_is_refused(own: Site) -> None:
    assert link(own, "Content-Length: 5", body="hello").startswith("HTTP/1.1 400 ")


@pytest.mark.parametrize("root", ["/elsewhere", "//evil.example", "%ff", "\xff"])
def test_nobody_tells_the_site_where_it_is_mounted(own: Site, root: str) -> None:
    assert answered(own, "/healthz", f"Daphne-Root-Path: {root}").startswith("HTTP/1.1 200 ")
    assert link(own, f"Daphne-Root-Path: {root}").startswith("HTTP/1.1 101 ")
    assert "Traceback" not in own.text()


def test_an_answer_to_head_has_no_body_however_long_the_page_is(own: Site) -> None:
    parts = urlsplit(own.url)
    assert parts.hostname
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as sock:
        for path in (LESSON, "/healthz"):
            last = "Connection: close\r\n" if path == "/healthz" else ""
            sock.sendall(f"HEAD {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{last}\r\n".encode())
        told = b"".join(iter(lambda: sock.recv(65536), b"")).decode()
    assert [each.partition("\r\n")[0] for each in told.split("\r\n\r\n")] == ["HTTP/1.1 200 OK"] * 2 + [""]
