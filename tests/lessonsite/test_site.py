"""The site as it is served: health, headers, static files, settings that fail loudly."""

import re
from http.client import HTTPConnection

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from tests.processes import get


def test_healthz_says_ok(site: str):
    with get(f"{site}/healthz") as answer:
        assert (answer.status, answer.read()) == (200, b"ok")


def test_the_content_policy_allows_nothing_inline(site: str):
    with get(f"{site}/healthz") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_the_browser_is_told_to_guess_nothing(site: str):
    with get(f"{site}/healthz") as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "Cross-Origin-Opener-Policy" not in answer.headers, "browsers complain of it over plain HTTP"


def test_a_host_that_is_not_ours_is_refused(site: str):
    with get(f"{site}/healthz", {"Host": "evil.example"}) as answer:
        assert answer.status == 400


def test_static_files_are_compressed_and_kept_for_ever(site: str):
    with get(f"{site}/") as answer:
        page = answer.read().decode()
    address = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert address
    with get(site + address[1], {"Accept-Encoding": "br"}) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        assert "immutable" in answer.headers["Cache-Control"]


def test_pages_are_compressed(site: str):
    with get(f"{site}/", {"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("name", settings.MIDDLEWARE)
def test_no_middleware_holds_a_thread(name: str):
    assert import_string(name).async_capable


def test_https_is_demanded_when_secure(start_site):
    site = start_site(SECURE="1")
    connection = HTTPConnection(site.url.removeprefix("http://"), timeout=10)  # does not follow
    connection.request("GET", "/")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, site.url.replace("http:", "https:") + "/")
    connection.close()


def test_machines_on_the_inside_may_ask_for_health_without_https(start_site):
    with get(f"{start_site(SECURE='1').url}/healthz") as answer:
        assert answer.status == 200


def hsts(site: str) -> str | None:
    """What a browser that came by HTTPS is told to demand from now on."""
    with get(f"{site}/healthz", {"X-Forwarded-Proto": "https"}) as answer:
        return answer.headers["Strict-Transport-Security"]


def test_https_is_kept_to_for_an_hour_and_on_this_host_alone(start_site):
    assert hsts(start_site(SECURE="1").url) == "max-age=3600"


def test_more_than_that_is_for_the_operator_to_say(start_site):
    variables = {"HSTS_SECONDS": "31536000", "HSTS_SUBDOMAINS": "1", "HSTS_PRELOAD": "1"}
    assert hsts(start_site(SECURE="1", **variables).url) == "max-age=31536000; includeSubDomains; preload"


def test_keeping_to_https_can_be_left_out(start_site):
    assert hsts(start_site(SECURE="1", HSTS_SECONDS="0").url) is None
