"""How long a page takes to tell that its link is lost, and to be right again once the way is free."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Page

from bench.page import need_chromium
from bench.report import Figure, spread
from tests.browser.chromium import launched
from tests.browser.link.proxy import Proxy, SocketWay, proxied
from tests.browser.pages import ADDRESS
from tests.processes import Site

TIMES = 3
BACK, TOLD, SILENT = 2.0, 5.0, 30.0  # seconds: goals
LIVE = "#stage[data-alive=live]"
SAID = "() => document.querySelector('[data-link-text]').textContent"
WAYS: tuple[SocketWay, ...] = ("302", "403", "407", "silent", "mute")


def figures() -> Iterator[Figure]:
    """Seconds for each break, the longest of some. Raises `Lacking`."""
    need_chromium()
    with ExitStack() as stack:
        site = Site(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "site")
        stack.callback(site.stop)
        proxy = stack.enter_context(proxied(site.ready().url))
        page = stack.enter_context(launched()).new_page()
        yield from _lost(page, proxy, "down", proxy.refuse, TOLD)
        yield from _lost(page, proxy, "swallowed", proxy.swallow, SILENT)
        for way in WAYS:
            proxy.treat_sockets(way)
            took = [_until(page, lambda: _open(page, proxy)) for _ in range(TIMES)]
            yield Figure(f"sockets {way}: live over HTTP", max(took), "s", at_most=TOLD, note=spread(took, "s"))


def _lost(page: Page, proxy: Proxy, what: str, breaks: Callable[[], None], goal: float) -> Iterator[Figure]:
    told, back = [], []
    for _ in range(TIMES):
        _until(page, lambda: _open(page, proxy))
        breaks()
        began = time.monotonic()
        page.wait_for_function(SAID, timeout=60_000)
        told.append(time.monotonic() - began)
        page.wait_for_timeout(3000)
        back.append(_until(page, proxy.free))
    yield Figure(f"{what}: told", max(told), "s", at_most=goal, note=spread(told, "s"))
    yield Figure(f"{what}: right again", max(back), "s", at_most=BACK, note=spread(back, "s"))


def _open(page: Page, proxy: Proxy) -> None:
    page.goto(proxy.url + ADDRESS, wait_until="commit")


def _until(page: Page, act: Callable[[], None]) -> float:
    """Seconds from an act until the stage is live."""
    began = time.monotonic()
    act()
    page.wait_for_selector(LIVE)
    return time.monotonic() - began
