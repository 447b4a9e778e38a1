"""A moment is shared with somebody else, and a run is shown inside a page of another origin."""

import re
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Look
from tests.browser.elsewhere import served
from tests.browser.pages import ADDRESS, SYNC, LessonPage, open_sharing
from tests.browser.watch import visit

RECORDED: Final = f"{ADDRESS}runs/recorded-why-async-matters/"
MOMENT: Final = "?lane=sync%40waitress&request=3&cursor=300"


def shared(page: Page) -> str:
    """Press the button; the address that it gives."""
    open_sharing(page).get_by_role("button", name="Share this moment").click()
    field = page.get_by_role("textbox", name="Address of this moment")
    expect(field).to_have_value(re.compile(r"/s/[\w-]{11}/$"))
    return field.input_value()


def seen(page: Page) -> list[str]:
    """What a moment looks like: true time, clocks, pinned request, its steps."""
    places = ("#moment", ".clock", ".pin-form label", "#table", "#code .pinned .what")
    texts = {place: page.locator(place).all_inner_texts() for place in places}
    assert all(texts.values()), texts
    return [text for place in places for text in texts[place]]


def test_somebody_else_sees_the_moment_that_was_shared(page: Page, lesson: LessonPage, second: LessonPage) -> None:
    lesson.open(RECORDED + MOMENT)
    page.get_by_role("button", name="Event back").click()
    expect(page.locator("#seq")).to_have_text("299")
    page.get_by_role("spinbutton", name="Pinned request").fill("4")
    page.keyboard.press("Tab")
    expect(page.locator("#code .pinned .what")).to_contain_text("request #4")
    address = shared(page)
    second.open(urlsplit(address).path)
    expect(second.page.locator("#seq")).to_have_text(page.locator("#seq").inner_text())
    expect(second.page.get_by_role("radio", name=SYNC, exact=True)).to_be_checked()
    expect(second.page.get_by_role("spinbutton", name="Pinned request")).to_have_value("4")
    expect(second.page.locator("#link")).to_be_hidden()
    assert seen(second.page) == seen(page)
    assert shared(second.page) == address
    image = second.page.locator("meta[property='og:image']").get_attribute("content")
    assert image == f"{address}picture.png"


def test_a_run_that_goes_on_is_shared_where_it_was_stopped(page: Page, lesson: LessonPage, second: LessonPage) -> None:
    lesson.open().fill(requests=20, wait=0.3, workers=1, lanes=(SYNC,)).send().wait_for_lane(SYNC, "running")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    stopped = page.locator("#seq").inner_text()
    second.open(urlsplit(shared(page)).path)
    expect(second.page.locator("#seq")).to_have_text(stopped)
    page.locator(".sharing > summary").click()  # the menu closes
    lesson.cancel()
    page.get_by_role("button", name="End", exact=True).click()
    lesson.wait_for_state("ended")


def test_the_address_and_the_snippet_are_copied(page: Page, lesson: LessonPage) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    address = shared(lesson.open(RECORDED + MOMENT).page)
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_role("button", name=re.compile("^Copied"))).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == address
    page.get_by_text("Embed it in your own page").click()
    page.get_by_role("button", name="Copy the HTML").click()
    expect(page.get_by_role("button", name=re.compile("^Copied"))).to_have_count(2)
    snippet = page.evaluate("() => navigator.clipboard.readText()")
    embedded = f"{lesson.site}/embed{RECORDED}?lane=sync%40waitress&amp;request=3&amp;cursor=300"
    assert snippet.startswith(f'<iframe src="{embedded}" ')
    assert snippet.endswith("</iframe>")


@pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
def test_a_moment_is_shared_and_opened_without_scripts(page: Page, lesson: LessonPage) -> None:
    address = shared(lesson.open(RECORDED + MOMENT).page)
    page.get_by_role("link", name="Back to the run").click()
    before = seen(page)
    lesson.open(urlsplit(address).path)
    assert seen(page) == before
    expect(page.locator("#code .pinned .what")).to_contain_text("request #3")


@pytest.mark.parametrize("look", [Look(), Look(width=390, scheme="dark")], ids=str)
def test_a_page_of_another_origin_shows_the_run(browser: Browser, page: Page, lesson: LessonPage, look: Look) -> None:
    """The snippet as it is copied, in a page that is not ours: frames come, playback works, links leave the frame."""
    shared(lesson.open(RECORDED + MOMENT).page)
    snippet = page.locator("#shared-snippet").input_value()
    with served(snippet) as elsewhere, visit(browser, look, elsewhere, lesson.site) as (context, _):
        window = context.new_page()
        window.goto(elsewhere)
        frame = window.frame_locator("iframe")
        expect(frame.locator("#seq")).to_have_text("300")
        clock = frame.get_by_role("region", name=SYNC, exact=True).get_by_role("timer")
        stood = clock.inner_text()
        frame.get_by_role("button", name="Play", exact=True).click()
        expect(clock).not_to_have_text(stood)
        expect(frame.get_by_role("button", name="Pause", exact=True)).to_be_visible()
        frame.get_by_role("button", name="End", exact=True).click()
        expect(frame.locator("#moment")).to_contain_text("10.")
        for name in ("Share this moment", "Send requests", "Cancel"):
            expect(frame.get_by_role("button", name=name)).to_have_count(0)
        assert context.cookies() == []
        with context.expect_page() as opened:
            frame.get_by_role("link", name="Open on Lessonsite").click()
        expect(opened.value.get_by_role("button", name="Send requests")).to_be_visible()


def test_no_other_page_can_be_framed(browser: Browser, site: str) -> None:
    inside = f'<iframe src="{site}{ADDRESS}" title="x"></iframe>'
    with served(inside) as elsewhere, visit(browser, Look(), elsewhere, site) as (context, watch):
        watch.expect("frame-ancestors")
        page = context.new_page()
        with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
            page.goto(elsewhere)
        expect(page.frame_locator("iframe").get_by_role("button", name="Send requests")).to_have_count(0)
