"""Who a request comes from, and by HTTPS or not, is told by nginx; by a proxy before it only if it is named."""

import json
import ssl
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.deploy import parts
from tests.processes import Site

CLAIMED = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
PROXY, BROWSER = "127.0.0.2", "127.0.0.1"


class TellsHeaders(BaseHTTPRequestHandler):
    """Answers with the headers that it got."""

    def do_GET(self) -> None:
        body = json.dumps(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def upstream() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), TellsHeaders) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def passed_on(front: str, source: str, headers: dict[str, str]) -> tuple[str, str]:
    """The scheme and address that a web process hears of, when a request comes to nginx from `source`."""
    connection = HTTPConnection(urlsplit(front).netloc, timeout=10, source_address=(source, 0))
    connection.request("GET", "/", headers=headers)
    told = json.loads(connection.getresponse().read())
    connection.close()
    return told["X-Forwarded-Proto"], told["X-Forwarded-For"]


def test_without_a_trusted_proxy_nobody_is_believed(upstream: str, tmp_path: Path):
    with parts.nginx(tmp_path, [upstream, upstream]) as front:
        assert passed_on(front, BROWSER, CLAIMED) == ("http", BROWSER)
        assert passed_on(front, BROWSER, {}) == ("http", BROWSER)


@pytest.mark.parametrize("named", [PROXY, f"{PROXY}/32"])
def test_only_the_proxy_that_is_named_is_believed(upstream: str, tmp_path: Path, named: str):
    with parts.nginx(tmp_path, [upstream, upstream], named) as front:
        assert passed_on(front, BROWSER, CLAIMED) == ("http", BROWSER)
        assert passed_on(front, PROXY, CLAIMED) == ("https", "203.0.113.9")
        assert passed_on(front, PROXY, CLAIMED | {"X-Forwarded-Proto": "http"}) == ("http", "203.0.113.9")


@pytest.mark.parametrize("scheme", ["", "ftp", "https, http", "httpss"])
def test_what_is_no_scheme_is_not_passed_on(upstream: str, tmp_path: Path, scheme: str):
    with parts.nginx(tmp_path, [upstream, upstream], PROXY) as front:
        assert passed_on(front, PROXY, {"X-Forwarded-Proto": scheme}) == ("http", PROXY)


@pytest.fixture(scope="module")
def behind_tls(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[tuple[str, Path]]:
    """A site with SECURE=1 behind the committed nginx, behind a proxy that ends TLS; and its certificate."""
    folder, outside = tmp_path_factory.mktemp("behind-tls"), tmp_path_factory.mktemp("tls")
    site = Site(folder / "web", prepared, SECURE="1")
    try:
        web = site.ready().url.removeprefix("http://")
        with parts.nginx(folder, [web, web], PROXY) as front, parts.tls_terminator(outside, front) as address:
            yield address, outside / "cert.pem"
    finally:
        site.stop()


def test_a_page_comes_through_a_proxy_that_ends_tls_without_a_redirect(behind_tls: tuple[str, Path]):
    address, certificate = behind_tls
    context = ssl.create_default_context(cafile=certificate)
    connection = HTTPSConnection(urlsplit(address).netloc, timeout=10, context=context)  # follows no redirect
    connection.request("GET", "/")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Strict-Transport-Security"]) == (200, "max-age=3600")
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    connection.close()


def test_a_socket_passes_a_proxy_that_ends_tls(behind_tls: tuple[str, Path]):
    address, certificate = behind_tls
    context = ssl.create_default_context(cafile=certificate)
    socket_address = address.replace("https", "wss") + "/live/runs/no-such-run/"
    with (
        connect(socket_address, origin=Origin(address), ssl=context) as socket,
        pytest.raises(ConnectionClosedError),
    ):
        list(socket)
    assert socket.close_code == 4404  # so the web process itself has spoken


def test_who_comes_past_that_proxy_is_sent_to_https(tmp_path: Path, prepared: Path):
    site = Site(tmp_path / "web", prepared, SECURE="1")
    try:
        web = site.ready().url.removeprefix("http://")
        with parts.nginx(tmp_path, [web, web], PROXY) as front:
            connection = HTTPConnection(urlsplit(front).netloc, timeout=10)
            connection.request("GET", "/", headers=CLAIMED)
            answer = connection.getresponse()
            assert (answer.status, answer.headers["Location"]) == (301, front.replace("http", "https") + "/")
            connection.close()
    finally:
        site.stop()
