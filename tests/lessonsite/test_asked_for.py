"""What browsers and robots ask for without having been told of it."""

from datetime import UTC, datetime, timedelta

from tests.conftest import StartSite
from tests.visiting import RECORDED, Visitor


def test_robots_are_told_what_is_private(site: str) -> None:
    answer = Visitor(site).get("/robots.txt")
    assert answer.headers["Content-Type"].startswith("text/plain")
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /admin/" in lines
    assert any(RECORDED.startswith(each.removeprefix("Disallow: ").partition("*")[0]) for each in lines[1:])


def test_an_icon_is_found_where_it_is_looked_for(site: str) -> None:
    visitor = Visitor(site)
    found = visitor.get("/favicon.ico")
    assert found.status == 301
    assert visitor.get(found.headers["Location"]).headers["Content-Type"] == "image/svg+xml"


def test_whoever_finds_a_weakness_is_told_whom_to_tell(start_site: StartSite) -> None:
    contacts = "mailto:security@example.org", "https://example.org/report?site=lessons"
    answer = Visitor(start_site(SECURITY_CONTACT=", ".join(contacts)).url).get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in answer.text.splitlines()]
    assert [value for name, value in fields if name == "Contact"] == [*contacts]
    (expires,) = [datetime.fromisoformat(value) for name, value in fields if name == "Expires"]
    assert timedelta(days=90) < expires - datetime.now(UTC) < timedelta(days=365)  # as RFC 9116 wishes


def test_there_is_nobody_to_tell_unless_the_operator_names_one(site: str) -> None:
    assert Visitor(site).get("/.well-known/security.txt").status == 404
