"""The link between page and server breaks in every way a way can break, and comes back by itself."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.chromium import Look
from tests.browser.htmx import BOTH_HTMX, serve_htmx
from tests.browser.pages import ADDRESS, ASYNC, LessonPage
from tests.browser.proxy import Proxy, SocketWay, proxied
from tests.browser.test_playback import Playhead
from tests.browser.watch import Watch, visit

pytestmark = BOTH_HTMX
BACK = 2.0  # seconds from the way being free to the stage being right
TOLD = 5.0  # seconds from a loss that shows itself until the page says so
SILENT = 30.0  # the same, where only silence tells
BROKEN = ("WebSocket connection to", "net::ERR_", "Failed to load resource")


@pytest.fixture
def proxy(site: str) -> Iterator[Proxy]:
    """The way from the browser to the site."""
    with proxied(site) as proxy:
        yield proxy


@pytest.fixture
def visitor(browser: Browser, look: Look, proxy: Proxy, htmx: Path | None) -> Iterator[tuple[BrowserContext, Watch]]:
    """A visitor whose way leads through the proxy."""
    with visit(browser, look, proxy.url) as (context, watch):
        serve_htmx(context, htmx)
        watch.allow(*BROKEN)
        yield context, watch


@pytest.fixture
def lesson(page: Page, proxy: Proxy) -> LessonPage:
    """The lesson behind the proxy."""
    return LessonPage(page, proxy.url)


def is_live(page: Page, seconds: float = 20.0) -> float:
    """Wait until the link stands; how long that took."""
    began = time.monotonic()
    expect(page.locator("#stage")).to_have_attribute("data-alive", "live", timeout=seconds * 1000)
    return time.monotonic() - began


def cut(page: Page, proxy: Proxy) -> float:
    """Cut every connection, and wait for a frame over a new one; how long that took."""
    page.evaluate("() => document.addEventListener('lesson:frame', () => window.anew = true)")
    links = proxy.links
    proxy.cut()
    page.evaluate("() => { window.anew = false }")
    began = time.monotonic()
    page.wait_for_function("() => window.anew")
    took = time.monotonic() - began
    assert proxy.links > links
    return took


def says(page: Page, words: str, seconds: float) -> None:
    """The page tells of the loss in time, and offers to try now."""
    expect(page.locator("#link")).to_contain_text(words, timeout=seconds * 1000)
    expect(page.get_by_role("button", name="Try now")).to_be_visible()


def is_quiet(page: Page) -> None:
    """Nothing is said of the link any more."""
    expect(page.locator("#link")).to_be_hidden()
    expect(page.get_by_role("button", name="Try now")).to_be_hidden()


def running(lesson: LessonPage) -> LessonPage:
    """A run of some seconds, in its middle."""
    lesson.open().fill(requests=6, wait=1, workers=1).send().wait_for_lane(ASYNC, "done")
    return lesson


def test_a_cut_connection_in_mid_run_is_made_anew_unnoticed(page: Page, lesson: LessonPage, proxy: Proxy) -> None:
    running(lesson)
    assert cut(page, proxy) < BACK
    is_quiet(page)
    lesson.wait_for_state("ended")


def test_a_site_that_is_down_is_told_and_the_page_is_right_when_it_is_back(
    page: Page, lesson: LessonPage, proxy: Proxy
) -> None:
    running(lesson)
    proxy.refuse()
    says(page, "The connection to the server is lost. Trying again…", TOLD)
    page.wait_for_timeout(5000)
    proxy.free()
    assert is_live(page) < BACK
    is_quiet(page)
    lesson.wait_for_state("ended")


def test_packets_that_are_swallowed_are_noticed_and_the_page_comes_back(
    page: Page, lesson: LessonPage, proxy: Proxy
) -> None:
    running(lesson)
    proxy.swallow()
    says(page, "The connection to the server is lost.", SILENT)
    page.wait_for_timeout(3000)  # attempts hang in the meantime
    proxy.free()
    assert is_live(page) < BACK
    is_quiet(page)
    lesson.wait_for_state("ended")


def test_a_word_said_into_a_dead_link_is_done_once(page: Page, lesson: LessonPage, proxy: Proxy) -> None:
    lesson.open()
    playhead = Playhead(page)
    is_live(page)
    playhead.press("Event back")
    before = playhead.event
    proxy.swallow()
    playhead.button("Event back").click()
    says(page, "The connection to the server is lost.", SILENT)
    proxy.free()
    is_live(page)
    playhead.until(lambda: playhead.event != before)
    assert playhead.event == before - 1
    playhead.press("Event forward")
    assert playhead.event == before


def test_who_plays_plays_on_after_a_loss(page: Page, lesson: LessonPage, proxy: Proxy) -> None:
    lesson.open()
    playhead = Playhead(page)
    playhead.press("Start")
    playhead.speed.select_option("0.25×")
    playhead.button("Play").click()
    playhead.until(lambda: playhead.event > 20)
    cut(page, proxy)
    expect(playhead.button("Pause")).to_be_visible()
    stood = playhead.event
    playhead.until(lambda: playhead.event > stood)


@pytest.mark.parametrize("way", ["302", "403", "407", "silent", "mute"])
def test_where_no_socket_is_to_be_had_everything_works_over_plain_http(
    page: Page, lesson: LessonPage, proxy: Proxy, way: SocketWay
) -> None:
    proxy.treat_sockets(way)
    lesson.open()
    assert is_live(page) < TOLD
    expect(page.get_by_text("over plain HTTP")).to_be_visible()
    is_quiet(page)
    playhead = Playhead(page)
    playhead.press("Event back", "Step back", "Event forward")
    lesson.fill(requests=3, wait=0.3, workers=1).send()
    expect(page.get_by_text("over plain HTTP")).to_be_visible()
    lesson.wait_for_state("ended")
    playhead.press("Start", "Step forward", "End")
    assert cut(page, proxy) < BACK


def test_who_is_offline_is_told_and_goes_on_when_back(page: Page, lesson: LessonPage, proxy: Proxy) -> None:
    running(lesson)
    page.context.set_offline(True)
    proxy.cut()
    says(page, "You are offline.", TOLD)
    page.context.set_offline(False)
    assert is_live(page) < BACK
    is_quiet(page)
    lesson.wait_for_state("ended")


def test_a_frozen_page_is_right_when_it_thaws(page: Page, lesson: LessonPage) -> None:
    running(lesson)
    session = page.context.new_cdp_session(page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(3)  # the run goes on and nobody looks
    session.send("Page.setWebLifecycleState", {"state": "active"})
    assert is_live(page) < BACK
    is_quiet(page)
    lesson.wait_for_state("ended")


def test_try_now_tries_now(page: Page, lesson: LessonPage, proxy: Proxy) -> None:
    lesson.open()
    is_live(page)
    proxy.refuse()
    says(page, "The connection to the server is lost.", TOLD)
    proxy.free()
    button = page.get_by_role("button", name="Try now")
    if button.is_visible():  # it may be back by itself already
        button.click()
    assert is_live(page) < BACK


def test_a_run_that_is_gone_is_told_and_not_called_running(page: Page, lesson: LessonPage, proxy: Proxy) -> None:
    lesson.open()
    is_live(page)
    page.evaluate("() => document.getElementById('stage').dataset.link = '/live/runs/nothing/'")
    page.evaluate("() => document.dispatchEvent(new CustomEvent('htmx:after:swap', { detail: {} }))")
    expect(page.locator("#link")).to_contain_text("There is no such run, or it has expired.")
    expect(page.locator("#status")).to_be_hidden()
    expect(page.get_by_role("button", name="Try now")).to_be_hidden()


def test_a_page_over_http_finds_the_socket_again(page: Page, lesson: LessonPage, proxy: Proxy) -> None:
    proxy.treat_sockets("403")
    page.clock.install()
    lesson.open(ADDRESS)
    is_live(page)
    expect(page.get_by_text("over plain HTTP")).to_be_visible()
    proxy.treat_sockets("free")
    page.clock.run_for(61_000)
    expect(page.get_by_text("over plain HTTP")).to_be_hidden()
    Playhead(page).press("Event back")
