"""Pages made for a frame can be framed, and no others; in them nothing can be done in the learner's name."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from tests.visiting import LESSON, RECORDED, Answer, Visitor

EMBED: Final = f"/embed{RECORDED}"
VALUES: Final = {"slug": "why-async-matters", "run": "recorded-why-async-matters"}
LINK: Final = re.compile(r"<a\b[^>]*>")
HOSTILE: Final = "%3Cscript%3Ealert(1)%3C/script%3E"


@pytest.fixture
def visitor(site: str) -> Visitor:
    return Visitor(site)


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every route of the site, as it is written."""
    for each in resolver.url_patterns:
        route = before + str(each.pattern) if isinstance(each.pattern, RoutePattern) else before
        if isinstance(each, URLResolver):
            yield from routes(each, route)
        elif not re.match("admin/.+/", route):  # all of them lead to where one signs in
            yield route


def filled(route: str) -> str:
    """An address of the route."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: VALUES.get(found[1], "1"), route)


def framed(answer: Answer) -> bool:
    """May a page of another origin frame it? Both headers must say the same."""
    ancestors = re.search(r"frame-ancestors ([^;]+)", answer.headers["Content-Security-Policy"])
    assert ancestors
    found = (ancestors[1], answer.headers["X-Frame-Options"] or "")
    assert found in (("*", ""), ("'none'", "DENY")), found
    return found == ("*", "")


@pytest.mark.parametrize("path", sorted({filled(each) for each in routes(get_resolver())}))
def test_only_what_is_made_for_a_frame_may_be_framed(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status < 500
    assert framed(answer) == path.startswith("/embed/")


def test_errors_in_frames_are_told_in_frames(visitor: Visitor) -> None:
    run, moment = "This run is not here any more", "There is no such moment"
    told = {f"/embed{LESSON}runs/nothing/": run, "/embed/lessons/nothing/runs/x/": run, "/embed/s/nothing/": moment}
    for path, heading in told.items():
        answer = visitor.get(path)
        assert answer.status == 404
        assert framed(answer)
        assert f"<h1>{heading}</h1>" in answer.text


def test_an_embedded_page_knows_no_learner(visitor: Visitor, site: str) -> None:
    """Somebody who has been here before, and whose run it is, gets what everybody gets."""
    run = {"requests": 20, "wait": 1, "workers": 1, "lanes": "sync@waitress"}
    address = visitor.post(f"{LESSON}runs/", run, LESSON).headers["Location"].partition("?")[0]
    mine = visitor.get(address).text
    assert "/cancel/" in mine
    cookies = "; ".join(f"{each.name}={each.value}" for each in visitor.cookies)
    assert "learner=" in cookies
    for path in (f"/embed{address}", EMBED):
        answer = visitor.get(path, Cookie=f"{cookies}; theme=dark")
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in (answer.headers["Vary"] or "")
        for word in ("csrfmiddlewaretoken", "/cancel/", "/share/", "hx-post", "hx-headers", "data-theme"):
            assert word not in answer.text, word
        assert not re.search(r'method="post"', answer.text, re.IGNORECASE)
    visitor.post(f"{address}cancel/", {}, address)
    assert visitor.get(EMBED).text == Visitor(site).get(EMBED).text


def test_links_leave_the_frame_or_stay_in_it(visitor: Visitor) -> None:
    """Whatever leads to a page that refuses to be framed opens in a window of its own."""
    links = LINK.findall(visitor.get(EMBED).text)
    away = [each for each in links if not re.search(r'href="[?#]', each)]
    assert away
    assert len(away) < len(links)
    for each in away:
        assert 'target="_blank"' in each, each
        assert 'rel="noopener"' in each, each


def test_the_link_leads_to_the_same_moment(visitor: Visitor) -> None:
    query = "?lane=sync%40waitress&amp;request=3&amp;cursor=100"
    text = visitor.get(f"{EMBED}{query.replace('&amp;', '&')}").text
    assert f'href="{RECORDED}{query}" target="_blank"' in text


@pytest.mark.parametrize(
    "query", ["cursor=99999", "cursor=-1", "cursor=x", f"cursor={HOSTILE}", f"lane={HOSTILE}", "request=0", "step=99"]
)
def test_a_place_that_the_run_does_not_have_shows_the_run(visitor: Visitor, query: str) -> None:
    answer = visitor.get(f"{EMBED}?{query}")
    assert answer.status == 200
    assert "<script>alert" not in answer.text
    assert "Execution table" in answer.text


def test_a_shared_moment_can_be_embedded(visitor: Visitor) -> None:
    form = {"cursor": 60, "lane": "sync@waitress", "request": 2}
    text = visitor.post(f"{RECORDED}share/", form, LESSON, **{"HX-Request": "true"}).text
    key = re.search(r"/s/([\w-]{11})/", text)
    assert key
    answer = visitor.get(f"/embed/s/{key[1]}/")
    assert answer.status == 302
    assert answer.headers["Location"] == f"{EMBED}?lane=sync%40waitress&request=2&cursor=60"
    assert "&lt;iframe src=&quot;" in text
    for word in ("sandbox=&quot;allow-scripts allow-same-origin", "loading=&quot;lazy&quot;", "title=&quot;"):
        assert word in text
