"""What the moving picture costs the page."""

import json

import pytest
from playwright.sync_api import Page

from tests.browser.chromium import Look
from tests.browser.pages import LessonPage

MOVING = (
    "#true-time",
    "#scrubber",
    "[id^=clock-] .digits",
    "[data-race-time]",
    ".share:has([data-race])",
    "[data-picture]",
)


@pytest.mark.parametrize("look", [Look(motion="no-preference")], ids=str)
def test_the_picture_moves_without_the_page_being_laid_out(page: Page, site: str) -> None:
    """On the front page, where nothing else changes meanwhile."""
    page.goto(site)
    page.wait_for_function("() => document.querySelector('.dots [data-request]').style.transform")
    browser = page.context.browser
    assert browser
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    page.wait_for_timeout(1000)  # of motion
    told = json.loads(browser.stop_tracing())["traceEvents"]
    layouts = [each["args"]["beginData"] for each in told if each["name"] == "Layout" and each["ph"] == "X"]
    assert len(layouts) > 10
    assert [each for each in layouts if not each["partialLayout"]] == []


@pytest.mark.parametrize("selector", MOVING)
def test_what_changes_in_every_frame_is_laid_out_by_itself(page: Page, lesson: LessonPage, selector: str) -> None:
    """It is contained, or a picture; and an item of a grid or flexbox would ask its neighbours."""
    lesson.open()
    found = page.locator(selector).evaluate_all(
        """(all) => all.map((each) => [
          each.matches("svg") ? "strict" : getComputedStyle(each).contain,
          getComputedStyle(each.parentElement).display,
        ])"""
    )
    assert found
    assert {contain for contain, _ in found} == {"strict"}
    assert {display for _, display in found} <= {"block", "inline"}
