"""A visitor whose way to the site leads through a proxy that can break it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chromium import Look
from tests.browser.htmx import serve_htmx
from tests.browser.link.proxy import Proxy, proxied
from tests.browser.link.standing import BROKEN
from tests.browser.pages import LessonPage
from tests.browser.watch import Watch, visit


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
