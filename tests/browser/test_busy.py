"""A site that has much to do says so: who waits sees for how long, and what was spoilt decides nothing."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Look
from tests.browser.pages import ADDRESS, ASYNC, BUSY, RUN_ADDRESS, RUN_PATIENCE, SYNC, LessonPage
from tests.browser.watch import visit
from tests.burning import busy_machine
from tests.conftest import StartSite
from tests.visiting import Visitor


@pytest.fixture
def busy(browser: Browser, start_site: StartSite) -> Iterator[Page]:
    """A window of a site of its own, which runs one run at a time."""
    site = start_site(LAB_MAX_RUNS="1", LAB_TIME_BOX="120").url
    with visit(browser, Look(), site) as (context, _):
        page = context.new_page()
        page.goto(site + ADDRESS)
        yield page
        page.goto("about:blank")


def site_of(page: Page) -> str:
    return page.url.removesuffix(ADDRESS)


def test_who_waits_sees_the_place_and_the_seconds(busy: Page) -> None:
    page, site = busy, site_of(busy)
    lesson = LessonPage(page, site).open().fill(requests=1, wait=0.1)
    Visitor(site).send(requests=4, wait=3.0, lanes=("sync@waitress",))
    Visitor(site).send(requests=1, wait=2.0)
    lesson.send()
    said = page.locator("#status")
    expect(said).to_contain_text(re.compile(r"number 2 in the queue and starts by itself, in about 1\d seconds\."))
    for name in (SYNC, ASYNC):
        expect(page.get_by_role("region", name=name, exact=True)).to_contain_text("in the queue")
    expect(said).to_contain_text(re.compile(r"in about \d seconds\."), timeout=RUN_PATIENCE)
    expect(said).to_contain_text("next in the queue", timeout=RUN_PATIENCE)
    lesson.wait_for_state("ended")
    expect(page.locator("#verdict")).to_contain_text(re.compile(f"about the same time|came after|{BUSY}"))


def test_what_a_busy_machine_has_measured_decides_nothing_and_is_run_again(busy: Page) -> None:
    page, site = busy, site_of(busy)
    visitor = Visitor(site)
    lesson = LessonPage(page, site).open()
    with busy_machine(5):
        run = visitor.send(requests=100, wait=0.1, workers=16)
        page.goto(f"{site}{ADDRESS}runs/{run}/")
        lesson.wait_for_state("ended")
    told = page.locator("#verdict")
    expect(told).to_contain_text(re.compile(r"The machine was too busy: up to \d+% of these times"))
    expect(told).to_contain_text("This run proves nothing.")
    told.get_by_role("button", name="Run it again").click()
    page.wait_for_url(lambda address: bool(RUN_ADDRESS.search(address)) and run not in address)
    lesson.wait_for_state("ended")
    expect(lesson.requests).to_have_value("100")
