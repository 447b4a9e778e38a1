"""How the link of a page stands, and how long that takes."""

import time

from playwright.sync_api import Page, expect

from tests.browser.link.proxy import Proxy
from tests.browser.pages import ASYNC, LessonPage

# Seconds that a busy machine may need; `bench/link.py` measures what they are.
BACK = 10.0  # from the way being free to the stage being right
TOLD = 10.0  # from a loss that shows itself until the page says so
SILENT = 40.0  # the same, where only silence tells
BROKEN = ("WebSocket connection to", "net::ERR_", "Failed to load resource")


def is_live(page: Page, seconds: float = 20.0) -> float:
    """Wait until the link stands; how long that took."""
    began = time.monotonic()
    expect(page.locator("#stage")).to_have_attribute("data-alive", "live", timeout=seconds * 1000)
    return time.monotonic() - began


def cut(page: Page, proxy: Proxy) -> float:
    """Cut every connection, and wait for a frame over a new one; how long that took."""
    page.evaluate("() => document.addEventListener('lesson:frame', () => window.latest = Date.now())")
    links, began = proxy.links, time.monotonic()
    proxy.cut()
    while proxy.links == links and time.monotonic() < began + BACK:
        page.wait_for_timeout(20)
    assert proxy.links > links
    page.wait_for_function("at => window.latest >= at", arg=proxy.linked_at)  # it may have come already
    return time.monotonic() - began


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
