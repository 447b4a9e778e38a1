"""A socket is opened by a page of this very site: same scheme, same host, same port."""

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from lessonsite.origin import is_own


def scope(host: str, *origins: str, forwarded: str = "", **more: str) -> dict[str, object]:
    """Of a handshake, as Daphne gives it: without a scheme."""
    headers = [(b"host", host.encode()), *((b"origin", each.encode()) for each in origins)]
    if forwarded:
        headers.append((b"x-forwarded-proto", forwarded.encode()))
    return {"type": "websocket", "path": "/live/runs/x/", "query_string": b"", "headers": headers, **more}


@pytest.fixture(autouse=True)
def hosts(settings):
    settings.ALLOWED_HOSTS = ["example.org", "[::1]", ".example.com"]


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("example.org", "http://example.org"),
        ("example.org", "http://EXAMPLE.org:80"),
        ("example.org:80", "http://example.org"),
        ("example.org:8000", "http://example.org:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("a.example.com", "http://a.example.com"),
    ],
)
def test_a_page_of_the_same_address_opens_it(host, origin):
    assert is_own(scope(host, origin))


@pytest.mark.parametrize(
    "origins",
    [
        [],
        [""],
        ["null"],
        ["http://example.org"],
        ["http://example.org:8001"],
        ["https://example.org:8000"],
        ["http://evil.example:8000"],
        ["http://example.org.evil.example:8000"],
        ["http://example.org:8000", "http://evil.example"],
        ["http://example.org:8000/path"],
        ["http://example.org:port"],
        ["ftp://example.org:8000"],
        ["http://[::1"],
        ["\xff"],
    ],
    ids=str,
)
def test_no_other_page_does(origins):
    assert not is_own(scope("example.org:8000", *origins))


def test_a_page_of_another_name_of_the_machine_does_not(settings):
    assert not is_own(scope("a.example.com", "http://b.example.com"))
    settings.ALLOWED_HOSTS = ["*"]
    assert not is_own(scope("a.example.com", "http://b.example.com"))
    assert not is_own(scope("a.example.com"))


def test_a_host_that_is_not_ours_opens_nothing():
    assert not is_own(scope("rebound.example", "http://rebound.example"))


def test_behind_a_proxy_that_ends_tls_the_page_is_https(settings):
    assert not is_own(scope("example.org", "https://example.org", forwarded="https"))
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert is_own(scope("example.org", "https://example.org", forwarded="https"))
    assert not is_own(scope("example.org", "http://example.org", forwarded="https"))


def test_a_server_that_ends_tls_itself_says_so_with_its_scheme():
    assert is_own(scope("example.org", "https://example.org", scheme="wss"))


def test_trusted_origins_are_trusted_here_too(settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://example.org"]
    assert is_own(scope("example.org", "https://example.org"))
    assert not is_own(scope("example.org", "https://example.org:444"))


def test_a_real_server_denies_a_page_on_another_port(site):
    address = f"{site.replace('http', 'ws')}/live/runs/nothing/"
    with connect(address, origin=Origin(site)) as socket:
        assert "There is no such run" in str(socket.recv(timeout=10))
    host, _, port = site.rpartition(":")
    for origin in (f"{host}:{int(port) + 1}", host, site.replace("http", "https")):
        with pytest.raises(InvalidStatus) as refused, connect(address, origin=Origin(origin)):
            pass
        assert refused.value.response.status_code == 403
