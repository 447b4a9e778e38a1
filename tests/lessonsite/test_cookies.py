"""A site that comes to HTTPS has cookies that no sibling host can plant, and knows its learners as before."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import Morsel, SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.processes import Site
from tests.visiting import LESSON, RUN_NAME, SPEC, TOKEN, TOKEN_FIELD, Visitor
from tests.waiting import until

LEARNER, FORM = "__Host-learner", "__Host-csrftoken"


@dataclass
class Browser:
    """Comes by HTTPS, as the proxy in front tells; keeps its cookies as they were sent."""

    site: str
    cookies: dict[str, str]
    set: dict[str, "Morsel[str]"] = field(default_factory=dict)  # by the last answers

    def ask(self, path: str, body: str | None = None) -> tuple[int, str, str]:
        """Status, Location and text."""
        headers = {
            "X-Forwarded-Proto": "https",
            "Referer": self.site.replace("http", "https") + "/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = HTTPConnection(self.site.removeprefix("http://"), timeout=20)
        try:
            connection.request("POST" if body else "GET", path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie", ()):
                self.set.update(SimpleCookie(line))
            self.cookies.update({name: morsel.coded_value for name, morsel in self.set.items()})
            return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        finally:
            connection.close()

    def sees(self, run: str) -> bool:
        """Does *My runs* show it?"""
        status, _, text = self.ask("/runs/")
        assert status == 200
        return run in text


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> tuple[Path, str, str, str]:
    """A site without HTTPS: its data, a run of a learner, and the cookies of that one and of another one."""
    folder = tmp_path_factory.mktemp("cookies")
    site = Site(folder, prepared).ready()
    try:
        visitor, stranger = Visitor(site.url), Visitor(site.url)
        run = visitor.send()
        stranger.page(LESSON)
        found = [next(each.value for each in who.cookies if each.name == "learner") for who in (visitor, stranger)]
        until_archived(visitor, run)
        return folder, run, str(found[0]), str(found[1])
    finally:
        site.stop()


def until_archived(visitor: Visitor, run: str) -> None:
    until(lambda: run in visitor.page("/runs/"), "the run is among the learner's")


@pytest.fixture(scope="module")
def secure(before: tuple[Path, str, str, str]) -> Iterator[Site]:
    """The same site, with HTTPS."""
    site = Site(before[0], SECURE="1").ready()
    yield site
    site.stop()


def test_a_learner_of_the_earlier_name_is_known_and_gets_the_new_one(
    secure: Site, before: tuple[Path, str, str, str]
) -> None:
    _, run, cookie, _ = before
    browser = Browser(secure.url, {"learner": cookie})
    assert browser.sees(run)
    assert browser.ask(LESSON)[0] == 200
    kept = browser.set[LEARNER]
    assert kept.value.partition(":")[0] == cookie.partition(":")[0].strip('"')
    for each in (kept, browser.set[FORM]):  # what browsers demand of such a name
        assert (each["secure"], each["path"], each["domain"]) == (True, "/", "")
    assert "learner" not in browser.set
    assert Browser(secure.url, {LEARNER: kept.coded_value}).sees(run)


def test_the_new_name_counts_where_a_sibling_host_has_planted_the_old_one(
    secure: Site, before: tuple[Path, str, str, str]
) -> None:
    _, run, cookie, stranger = before
    browser = Browser(secure.url, {"learner": cookie})
    browser.ask(LESSON)
    assert Browser(secure.url, {"learner": stranger, LEARNER: browser.cookies[LEARNER]}).sees(run)
    assert not Browser(secure.url, {"learner": stranger}).sees(run)
    assert not Browser(secure.url, {LEARNER: cookie}).sees(run)  # signed for the other name


def test_forms_are_taken(secure: Site, before: tuple[Path, str, str, str]) -> None:
    browser = Browser(secure.url, {"learner": before[2]})
    token = TOKEN.search(browser.ask(LESSON)[2])
    assert token
    body = urlencode({TOKEN_FIELD: token[1], **SPEC}, doseq=True)
    status, place, _ = browser.ask(f"{LESSON}runs/", body)
    assert status == 302
    assert RUN_NAME.search(place)
    browser.cookies = {name: value for name, value in browser.cookies.items() if name != FORM} | {"csrftoken": "a" * 32}
    browser.set.clear()
    assert browser.ask(f"{LESSON}runs/", body)[0] == 403


def test_without_https_the_names_are_plain(before: tuple[Path, str, str, str], start_site) -> None:
    visitor = Visitor(start_site().url)
    visitor.page(LESSON)
    assert {each.name for each in visitor.cookies} == {"learner", "csrftoken"}
