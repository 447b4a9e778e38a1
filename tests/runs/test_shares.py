"""What comes of sharing a moment on a real site: the address, the preview, the refusals."""

import re
import sqlite3
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request

import pytest

from lessons.runs.shares import MOST, MOST_LIVING
from tests.conftest import StartSite
from tests.processes import Site
from tests.visiting import LESSON, RECORDED, TOKEN, TOKEN_FIELD, Answer, Visitor

MOMENT: Final = {"cursor": 60, "lane": "sync@waitress", "request": 2}
ADDRESS: Final = re.compile(r'id="shared-address" value="(http://[^"]+/s/[A-Za-z0-9_-]{11}/)"')
PNG: Final = b"\x89PNG\r\n\x1a\n"
NO_CURSOR: Final = "The cursor must be a whole number from 0 to 616 in this run."
NO_LANE: Final = "This run has no such lane. Its lanes are sync@waitress, async@daphne."
NO_REQUEST: Final = "The request must be a whole number from 1 to 10 in this run."


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[tuple[str, Path]]:
    """A site of this module's own, and its database."""
    folder = tmp_path_factory.mktemp("share")
    process = Site(folder, prepared)
    try:
        yield process.ready().url, folder / "data" / "db.sqlite3"
    finally:
        process.stop()


@pytest.fixture
def visitor(own: tuple[str, Path]) -> Visitor:
    return Visitor(own[0])


def share(visitor: Visitor, run: str = RECORDED, **changes: object) -> Answer:
    """Post the form, as htmx does."""
    return visitor.post(f"{run}share/", {**MOMENT, **changes}, LESSON, **{"HX-Request": "true"})


def path_of(answer: Answer) -> str:
    found = ADDRESS.search(answer.text)
    assert found, answer.text
    return urlsplit(found[1]).path


def meta(text: str) -> dict[str, str]:
    """The page's `og:` and `twitter:` tags."""
    tags = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', text)
    return {name: unescape(content) for name, content in tags}


def test_a_shared_moment_leads_to_the_run_with_its_cursor_lane_and_request(visitor: Visitor, own) -> None:
    key = path_of(share(visitor))
    answer = Visitor(own[0]).get(key)
    assert answer.status == 302
    parts = urlsplit(answer.headers["Location"])
    assert parts.path == RECORDED
    assert {name: value for name, (value,) in parse_qs(parts.query).items()} == {k: str(v) for k, v in MOMENT.items()}
    assert path_of(share(visitor)) == key


def test_without_scripts_the_answer_is_a_page_that_leads_back(visitor: Visitor) -> None:
    answer = visitor.post(f"{RECORDED}share/", MOMENT, LESSON)
    assert answer.status == 200
    assert "<h1>Share this moment</h1>" in answer.text
    assert path_of(answer)
    assert f"{RECORDED}?lane=sync%40waitress&amp;request=2&amp;cursor=60" in answer.text


def test_other_sites_are_told_what_was_measured_at_the_moment(visitor: Visitor, own) -> None:
    stranger = Visitor(own[0])
    key = path_of(share(visitor))
    address = stranger.get(key).headers["Location"]
    page = stranger.get(address).text
    told = meta(page)
    assert told["og:url"] == own[0] + address
    assert f'<link rel="canonical" href="{own[0]}{address.replace("&", "&amp;")}">' in page
    assert re.fullmatch(r"Why async matters in Django: [\d,.]+ m?s into a run", told["og:title"])
    assert re.search(r"Sync view \(waitress [\d.]+ · WSGI · 1 worker thread\): .*\d waiting", told["og:description"])
    assert (told["og:image"], told["twitter:card"]) == (f"{own[0]}{key}picture.png", "summary_large_image")
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert told["og:image:alt"]


def test_every_other_page_has_a_preview_too(visitor: Visitor, own) -> None:
    title = "Why async matters in Django"
    for path, expected in ((LESSON, title), ("/", "Live lessons"), (RECORDED, title)):
        told = meta(visitor.get(path).text)
        assert told["og:url"] == own[0] + path
        assert told["og:title"] == expected
        assert told["og:description"]
    assert "og:image" not in meta(visitor.get("/").text)


@pytest.mark.parametrize("path", ["", LESSON], ids=["moment", "lesson"])
def test_the_picture_is_a_png_of_1200_by_630_that_is_kept(visitor: Visitor, path: str) -> None:
    address = f"{path or path_of(share(visitor))}picture.png"
    answer = visitor.get(address)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.body[:8] == PNG
    assert struct.unpack(">II", answer.body[16:24]) == (1200, 630)
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert "Set-Cookie" not in answer.headers
    again = visitor.get(address, **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


def test_two_moments_have_two_pictures(visitor: Visitor) -> None:
    keys = [path_of(share(visitor, cursor=cursor)) for cursor in (0, 60, 120)]
    assert len({visitor.get(f"{key}picture.png").body for key in keys}) == 3


def test_many_who_want_pictures_at_once_get_each_their_own(visitor: Visitor, own) -> None:
    keys = [path_of(share(visitor, cursor=cursor)) for cursor in range(200, 206)]
    with ThreadPoolExecutor(len(keys)) as crowd:
        answers = list(crowd.map(lambda key: Visitor(own[0]).get(f"{key}picture.png"), keys))
    assert [(each.status, each.body[:8]) for each in answers] == [(200, PNG)] * len(keys)
    assert len({each.body for each in answers}) == len(keys)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"cursor": "-1"}, NO_CURSOR),
        ({"cursor": "9999999999"}, NO_CURSOR),
        ({"cursor": "99999"}, NO_CURSOR),
        ({"cursor": "1.5"}, NO_CURSOR),
        ({"cursor": "٣"}, NO_CURSOR),
        ({"cursor": ""}, NO_CURSOR),
        ({"lane": "async_blocking@daphne"}, NO_LANE),
        ({"lane": "<script>alert(1)</script>"}, NO_LANE),
        ({"lane": "sync@waitress\0"}, NO_LANE),
        ({"request": "0"}, NO_REQUEST),
        ({"request": "11"}, NO_REQUEST),
        ({"request": "one"}, NO_REQUEST),
    ],
)
def test_a_moment_that_the_run_does_not_have_is_refused(visitor: Visitor, changes: dict[str, str], told: str) -> None:
    answer = share(visitor, **changes)
    assert answer.status == 400
    assert told in answer.text
    assert "<script" not in answer.text
    assert "/s/" not in answer.text


@pytest.mark.parametrize(
    "run",
    [
        f"{LESSON}runs/nothing-here/",
        f"{LESSON}runs/recorded-await-together/",
        f"{LESSON}runs/{'x' * 300}/",
        f"{LESSON}runs/%00/",
        f"{LESSON}runs/%3Cscript%3E/",
    ],
)
def test_a_run_that_is_not_the_lessons_cannot_be_shared(visitor: Visitor, run: str) -> None:
    answer = share(visitor, run)
    assert answer.status == 404
    assert "This run is not here any more" in answer.text
    assert "<script>" not in answer.text


def test_a_form_from_elsewhere_shares_nothing(own) -> None:
    visitor = Visitor(own[0])
    assert visitor.get(f"{RECORDED}share/").status == 405
    assert visitor.get(f"{RECORDED}share/", method="POST").status == 403


def test_an_expired_address_offers_the_lesson(visitor: Visitor, own) -> None:
    key = path_of(share(visitor, cursor=77))
    with closing(sqlite3.connect(own[1])) as rows, rows:
        rows.execute("update lessons_share set expires = '2020-01-01 00:00:00' where cursor = 77")
    gone = visitor.get(key)
    assert gone.status == 410
    assert f'href="{LESSON}"' in gone.text
    assert visitor.get(f"{key}picture.png").status == 410
    assert visitor.get(f"/embed{key}").status == 410
    assert path_of(share(visitor, cursor=77)) == key
    assert visitor.get(key).status == 302


@pytest.mark.parametrize("key", ["abcdefghijk", "x", "x" * 500, "%00", "..%2f..", "%3Cscript%3E"])
def test_an_address_that_nobody_was_given_offers_the_lessons(visitor: Visitor, key: str) -> None:
    answer = visitor.get(f"/s/{key}/")
    assert answer.status == 404
    assert 'href="/"' in answer.text
    assert "<script>" not in answer.text


def test_a_run_has_so_many_short_addresses_at_most_and_a_long_one_for_the_rest(visitor: Visitor, own) -> None:
    """Of a run of its own, so that no other test is in its way."""
    run = "/lessons/await-together/runs/recorded-await-together/"
    with closing(sqlite3.connect(own[1])) as rows, rows:
        rows.executemany(
            "insert into lessons_share (key, run, lesson, cursor, lane, request, expires)"
            " values (?, 'recorded-await-together', 'await-together', ?, 'x', 1, '2999-01-01 00:00:00')",
            [(f"full-{number:06}", number) for number in range(MOST_LIVING)],
        )
    answer = share(visitor, run, cursor=5, lane="together@daphne", request=1)
    assert answer.status == 429
    assert "Enough moments of this run got a short address" in answer.text
    assert f'value="{own[0]}{run}?lane=together%40daphne&amp;request=1&amp;cursor=5"' in answer.text
    assert "as long as the run is kept" in answer.text


def test_who_shares_all_day_keeps_nobody_else_from_sharing_the_recorded_run(start_site: StartSite) -> None:
    visitor = Visitor(start_site(PROXIES="1", ADDRESS_RUNS="100000").url)
    token = TOKEN.search(visitor.page(LESSON))
    assert token

    def status(cursor: int, address: str) -> int:
        body = urlencode({**MOMENT, "cursor": cursor, TOKEN_FIELD: token[1]}).encode()
        headers = {"HX-Request": "true", "X-Forwarded-For": address}
        return visitor._open(Request(f"{visitor.site}{RECORDED}share/", body, headers)).status

    assert {status(100 + number, "192.0.2.1") for number in range(MOST)} == {200}
    assert status(99, "192.0.2.1") == 429
    assert status(100, "192.0.2.1") == 200  # has its address already
    assert status(99, "192.0.2.2") == 200
