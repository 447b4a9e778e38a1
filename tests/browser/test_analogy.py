"""Why: an everyday picture, drawn of the learner's own run."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Look
from tests.browser.lessons import MAIN, address, content
from tests.browser.pages import RUN_PATIENCE, LessonPage
from tests.browser.states import retold

ANALOGY = content(MAIN).teaching.analogies[0]
STANDING = re.compile(r"\d waiters? standing in the kitchen.*\d tables? with an order in the kitchen", re.DOTALL)


def figure(page: Page) -> Locator:
    return page.locator(f"#analogy-{ANALOGY.id}")


def retold_lane(page: Page, name: str) -> Locator:
    return figure(page).get_by_role("region", name=f"{name}, retold", exact=True)


@pytest.mark.parametrize("look", [Look(), Look(width=390, scheme="dark")], ids=str)
def test_whoever_has_run_it_finds_it_drawn_and_finds_it_again(page: Page, lesson: LessonPage) -> None:
    retold(lesson)
    for _ in range(2):
        expect(retold_lane(page, "Sync view")).to_contain_text(STANDING)
        expect(retold_lane(page, "Sync view").locator(".person.stands")).not_to_have_count(0)
        expect(retold_lane(page, "Async view").locator(".person.stands")).to_have_count(0)
        page.reload()


def test_whoever_reads_first_sees_it_drawn_when_the_run_has_ended(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "why"))
    figure(page).scroll_into_view_if_needed()
    draw = figure(page).get_by_role("link", name="Draw it now")
    expect(draw).to_be_visible()
    draw.focus()
    page.keyboard.press("Enter")
    expect(draw).to_be_visible()  # nothing to draw yet
    figure(page).get_by_role("link", name=re.compile("^Noon")).click()
    page.locator(f"#example-{ANALOGY.example}").get_by_role("button", name="Run").click()
    expect(retold_lane(page, "Async view")).to_be_visible(timeout=RUN_PATIENCE)


@pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
def test_without_scripts_it_leads_to_its_example(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "why"))
    figure(page).get_by_role("link", name=re.compile("^Noon")).click()
    expect(page).to_have_url(re.compile(f"#example-{ANALOGY.example}$"))


def test_another_run_is_drawn_anew(page: Page, lesson: LessonPage) -> None:
    retold(lesson)
    example = page.locator(f"#example-{ANALOGY.example}")
    example.get_by_role("spinbutton", name="Worker threads").fill("3")
    example.get_by_role("button", name="Run").click()
    expect(retold_lane(page, "Sync view")).to_contain_text("3 waiters standing", timeout=RUN_PATIENCE)
