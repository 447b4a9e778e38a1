"""A fresh window per test on a real site, watched for everything that must never happen.

The browser lives as long as a test module and not longer: Playwright's synchronous interface runs an event loop in
this thread, and no other test could start one meanwhile. So journeys are plain functions.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.chromium import Look, launched
from tests.browser.htmx import VERSIONS, serve_htmx, wants_both
from tests.browser.pages import LessonPage
from tests.browser.watch import Watch, visit


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked, or everything that is asked for, with each htmx."""
    if wants_both(metafunc):
        metafunc.parametrize("htmx", VERSIONS.values(), ids=VERSIONS.keys())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with launched(shell=True) as browser:
        yield browser


@pytest.fixture
def look() -> Look:
    """The window of this test; `@pytest.mark.parametrize("look", LOOKS, ids=str)` chooses others."""
    return Look()


@pytest.fixture
def htmx() -> Path | None:
    """The htmx of this test, None for the shipped one; see `tests/browser/htmx.py`."""
    return None


@pytest.fixture
def visitor(browser: Browser, look: Look, site: str, htmx: Path | None) -> Iterator[tuple[BrowserContext, Watch]]:
    """A visitor of their own; any error, breach of the security policy or foreign host fails the test."""
    with visit(browser, look, site) as (context, watch):
        serve_htmx(context, htmx)
        yield context, watch


@pytest.fixture
def watch(visitor: tuple[BrowserContext, Watch]) -> Watch:
    """To `expect` a fault that belongs to the test."""
    return visitor[1]


@pytest.fixture
def page(visitor: tuple[BrowserContext, Watch]) -> Page:
    """An empty window; more come from `page.context.new_page()`, watched as well."""
    return visitor[0].new_page()


@pytest.fixture
def lesson(page: Page, site: str) -> LessonPage:
    """The lesson in that window, not opened yet."""
    return LessonPage(page, site)


@pytest.fixture
def second(browser: Browser, site: str) -> Iterator[LessonPage]:
    """The window of somebody else."""
    with visit(browser, Look(), site) as (context, _):
        yield LessonPage(context.new_page(), site)
