"""The link where pages live: in the cache of the Back button, on a class's network, on a site that is restarted."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Look, launched
from tests.browser.link.standing import BACK, BROKEN, TOLD, is_live, says
from tests.browser.pages import ADDRESS, ASYNC, LessonPage, open_sharing
from tests.browser.test_playback import Playhead
from tests.browser.watch import visit
from tests.processes import Site, free_port

NAME = "class.test"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium as people have it: it keeps pages for Back, and knows the class's network."""
    with launched(f"--host-resolver-rules=MAP {NAME} 127.0.0.1", back_forward_cache=True) as browser:
        yield browser


@pytest.fixture
def port() -> int:
    """Where the site of this test listens."""
    return free_port()


@pytest.fixture
def own_site(tmp_path: Path, prepared: Path, port: int) -> Iterator[Site]:
    """A site of the test's own, which the class knows by its name."""
    site = start(tmp_path, port, prepared).ready()
    yield site
    site.stop()


def start(folder: Path, port: int, prepared: Path) -> Site:
    return Site(folder, prepared, PORT=str(port), ALLOWED_HOSTS=f"{NAME},127.0.0.1")


def test_over_plain_http_by_any_name_everything_works(browser: Browser, own_site: Site, port: int) -> None:
    address = f"http://{NAME}:{port}"
    with visit(browser, Look(), address) as (context, _):
        page = context.new_page()
        lesson = LessonPage(page, address).open()
        assert page.evaluate("() => isSecureContext") is False
        assert is_live(page) < TOLD
        expect(page.get_by_text("over plain HTTP")).to_be_hidden()  # it is a socket all the same
        lesson.fill(requests=3, wait=0.3, workers=1).send().wait_for_state("ended")
        playhead = Playhead(page)
        playhead.press("Start", "Step forward", "Event forward")
        playhead.request.fill("2")
        page.keyboard.press("Enter")
        expect(page.locator("#code")).to_contain_text("request #2")
        playhead.scrubber.fill("0.2")
        open_sharing(page).get_by_role("button", name="Share this moment").click()
        page.get_by_role("button", name="Copy the address").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()


def test_who_comes_back_by_the_back_button_finds_the_run_as_it_is_now(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=4, wait=1, workers=1).send().wait_for_lane(ASYNC, "done")
    page.evaluate("() => addEventListener('pageshow', ({ persisted }) => window.persisted = persisted)")
    page.get_by_role("link", name="Lessons", exact=True).click()
    page.wait_for_url("**/")
    page.evaluate("() => history.back()")
    page.wait_for_function("() => window.persisted === true")
    assert is_live(page) < BACK
    expect(page.locator("#link")).to_be_hidden()
    lesson.wait_for_state("ended")


def test_a_restarted_site_is_found_again(
    browser: Browser, own_site: Site, port: int, tmp_path: Path, prepared: Path
) -> None:
    with visit(browser, Look(), own_site.url) as (context, watch):
        watch.allow(*BROKEN)
        page = context.new_page()
        LessonPage(page, own_site.url).open(ADDRESS)
        is_live(page)
        Playhead(page).press("Event back")
        stood = Playhead(page).event
        own_site.send(signal.SIGKILL)
        own_site.wait()
        says(page, "The connection to the server is lost.", TOLD)
        again = start(tmp_path / "again", port, prepared)
        try:
            again.ready()
            began = time.monotonic()
            is_live(page)
            assert time.monotonic() - began < BACK
            assert Playhead(page).event == stood
            Playhead(page).press("Event forward")
        finally:
            again.stop()


def test_a_run_that_died_with_its_site_is_told(
    browser: Browser, own_site: Site, port: int, tmp_path: Path, prepared: Path
) -> None:
    with visit(browser, Look(), own_site.url) as (context, watch):
        watch.allow(*BROKEN)
        page = context.new_page()
        lesson = LessonPage(page, own_site.url).open()
        lesson.fill(requests=9, wait=1, workers=1).send().wait_for_lane(ASYNC, "done")
        own_site.send(signal.SIGKILL)
        own_site.wait()
        again = start(tmp_path / "again", port, prepared)
        try:
            again.ready()
            expect(page.locator("#link")).to_contain_text("There is no such run, or it has expired.")
            expect(page.locator("#status")).to_be_hidden()
        finally:
            again.stop()
