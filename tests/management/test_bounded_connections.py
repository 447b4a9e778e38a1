"""Who holds connections without asking is let go; who has too many is told; nobody else notices."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from lessons.management.bounded_connections import FULL, LATE
from tests.conftest import StartSite
from tests.processes import Site, get
from tests.visiting import RECORDED
from tests.waiting import until

SECONDS = 1.5  # for a request, in these sites
RECORDED_LINK = f"/live/runs/{RECORDED.split('/')[-2]}/"
ASK = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@contextmanager
def connected(site: Site) -> Iterator[socket.socket]:
    parts = urlsplit(site.url)
    assert parts.hostname
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as sock:
        yield sock


def status_of(sock: socket.socket) -> bytes:
    """Of one answer without more than a small body."""
    return sock.recv(65536).split(b" ", 2)[1]


def rest_of(sock: socket.socket) -> bytes:
    """What comes until the site closes; b"" when that was without a word."""
    try:
        return b"".join(iter(lambda: sock.recv(65536), b""))
    except ConnectionResetError:
        return b""


def drip(sock: socket.socket, byte: bytes) -> bool:
    """Send a byte; False when the site has closed, which it may tell with an answer before."""
    sock.settimeout(0.1)
    try:
        sock.sendall(byte)
        return not sock.recv(1, socket.MSG_PEEK)
    except TimeoutError:
        return True
    except ConnectionError:
        return False
    finally:
        sock.settimeout(20)


def linked(site: Site) -> ClientConnection:
    """A socket over which the recorded run is watched."""
    return connect(site.url.replace("http", "ws") + RECORDED_LINK, origin=Origin(site.url))


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("hasty"), prepared, REQUEST_SECONDS=str(SECONDS)).ready()
    yield site
    site.stop()


@pytest.mark.parametrize(
    ("head", "byte"),
    [(ASK, b"a"), (b"", b"G"), (ASK[:-2] + b"\r\nContent-Length: 60000\r\n\r\n", b"a")],
    ids=["header", "request line", "body"],
)
def test_a_request_that_comes_byte_by_byte_is_given_up(hasty: Site, head: bytes, byte: bytes) -> None:
    with connected(hasty) as sock:
        began = time.monotonic()
        sock.sendall(head)
        until(lambda: not drip(sock, byte), "the site closes the connection")
        assert SECONDS - 0.1 < time.monotonic() - began < SECONDS + 3
        told = rest_of(sock)
    assert not told or (told.startswith(b"HTTP/1.1 408 ") and told.endswith(LATE))


def test_whoever_waits_for_the_answer_is_told_that_it_was_late(hasty: Site) -> None:
    with connected(hasty) as sock:
        sock.sendall(ASK)
        told = rest_of(sock)
    assert told.startswith(b"HTTP/1.1 408 ")
    assert told.endswith(LATE)


def test_who_says_nothing_is_let_go_without_a_word(hasty: Site) -> None:
    with connected(hasty) as sock:
        assert rest_of(sock) == b""


def test_a_connection_may_rest_between_two_requests(hasty: Site) -> None:
    with connected(hasty) as sock, connected(hasty) as clock:
        sock.sendall(ASK + b"\r\n")
        assert status_of(sock) == b"200"
        rest_of(clock)  # as long as a request may take
        sock.sendall(ASK + b"\r\n")
        assert status_of(sock) == b"200"
        sock.sendall(ASK)  # the next one is as bounded as the first
        assert rest_of(sock).startswith(b"HTTP/1.1 408 ")


def test_a_socket_lives_on(hasty: Site) -> None:
    with linked(hasty) as link, connected(hasty) as clock:
        link.recv(timeout=20)
        rest_of(clock)
        link.send('{"type": "ping"}')
        assert "beat" in str(link.recv(timeout=20))


# As many as there may be


MOST, OF_ONE = 12, 8


def hold(stack: ExitStack, site: Site, many: int) -> list[socket.socket]:
    """Connections that were answered and rest."""
    found = [stack.enter_context(connected(site)) for _ in range(many)]
    for sock in found:
        sock.sendall(ASK + b"\r\n")
        assert status_of(sock) == b"200"
    return found


def is_refused(site: Site) -> bool:
    with connected(site) as sock:
        sock.sendall(ASK + b"\r\n")
        told = rest_of(sock) if (head := sock.recv(12, socket.MSG_PEEK)) == b"HTTP/1.1 503" else head
    if told == b"HTTP/1.1 200":
        return False
    assert b"\r\nRetry-After: 5\r\n" in told
    assert told.endswith(FULL)
    return True


@pytest.mark.parametrize(("proxies", "most"), [("0", OF_ONE), ("1", MOST)])
def test_an_address_has_so_many_connections_and_all_together_so_many(
    start_site: StartSite, proxies: str, most: int
) -> None:
    site = start_site(CONNECTIONS=str(MOST), ADDRESS_CONNECTIONS=str(OF_ONE), PROXIES=proxies)
    with ExitStack() as stack:
        held = hold(stack, site, most)
        assert is_refused(site)
        assert is_refused(site)
        assert site.text().count("Connections are refused") == 1
        held[0].close()
        until(lambda: not is_refused(site), "there is room again")
    with get(f"{site.url}/healthz") as answer:
        assert answer.status == 200


def test_sockets_are_counted_and_their_end_is_noticed(start_site: StartSite) -> None:
    site = start_site(ADDRESS_CONNECTIONS=str(OF_ONE))
    with ExitStack() as stack:
        for _ in range(OF_ONE):
            stack.enter_context(linked(site)).recv(timeout=20)
        assert is_refused(site)
    until(lambda: not is_refused(site), "there is room again")


def test_refusing_a_storm_holds_nothing(start_site: StartSite) -> None:
    site = start_site(ADDRESS_CONNECTIONS=str(OF_ONE))
    with ExitStack() as stack:
        hold(stack, site, OF_ONE)
        mute = [stack.enter_context(connected(site)) for _ in range(300)]
        for sock in mute:
            assert rest_of(sock) == b""  # closed, though it never asked
        assert is_refused(site)
