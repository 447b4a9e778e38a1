"""What browsers and robots ask for without having been told of it."""

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
