"""Project, its end: a view is put together from blocks, runs, and is judged by what the run measured."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from lessons.content import builds
from lessons.content.builds import Choice
from tests.browser.chromium import Look
from tests.browser.lessons import MAIN, address, content
from tests.browser.pages import RUN_PATIENCE, LessonPage

PROJECT = content(MAIN).teaching.project
assert PROJECT
assert PROJECT.build
BUILD = PROJECT.build
SOLUTION = builds.solution_choice(BUILD)
PUT = "Put together and run"
TIMES = 8  # tries that a busy machine may cost


def card(page: Page) -> Locator:
    return page.get_by_role("region", name=BUILD.title)


def piece(page: Page, block: int, index: int) -> Locator:
    group = card(page).get_by_role("group", name=BUILD.blocks[block].label)
    return group.get_by_role("radio").nth(index)


def choose(page: Page, choice: Choice) -> None:
    for block, index in enumerate(choice):
        piece(page, block, index).check()


def goals(page: Page) -> Locator:
    return card(page).get_by_role("list", name="Goals").get_by_role("listitem")


def run_it(page: Page, press: Callable[[], None]) -> None:
    """Until a run has been judged: one that a busy machine has spoilt is sent again, as it says."""
    over = goals(page).filter(has_text="The last answer")
    for _ in range(TIMES):
        press()
        expect(page.locator("#build-result .situation")).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)
        expect(over).to_be_visible()
        if not any("too busy" in each for each in goals(page).all_inner_texts()):
            break


def changed(block: int, index: int) -> Choice:
    return (*SOLUTION[:block], index, *SOLUTION[block + 1 :])


def test_it_is_put_together_runs_and_passes(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "project"))
    choose(page, changed(2, 0))
    shown = card(page).get_by_role("group", name="View with blanks")
    expect(shown.locator("[data-blank]")).to_have_text(
        [block.pieces[index] for block, index in zip(BUILD.blocks, changed(2, 0), strict=True)], use_inner_text=False
    )
    card(page).get_by_role("button", name=PUT).click()
    missed = re.compile(r"missed: Every visitor gets the page: [0-5] of 6 did\.")  # a late failure may be a time-out
    expect(goals(page).first).to_contain_text(missed, timeout=RUN_PATIENCE)
    expect(card(page)).to_contain_text("OSError: the reviews service is down")
    expect(card(page)).not_to_contain_text("Passed.")
    piece(page, 2, SOLUTION[2]).check()
    run_it(page, card(page).get_by_role("button", name=PUT).click)
    expect(card(page).get_by_text("Passed.")).to_be_visible()
    expect(goals(page)).to_have_count(3)
    expect(goals(page).filter(has_text="missed")).to_have_count(0)
    page.reload()
    expect(card(page).get_by_text("Passed.")).to_be_visible()
    expect(piece(page, 2, SOLUTION[2])).to_be_checked()


@pytest.mark.parametrize(
    ("choice", "missed"),
    [
        (changed(0, 1), r"Never more than 12 calls at once: there were 18 at most\."),
        (changed(1, 0), r"The last answer within 1\.3 s: it came after [2-9]\.\d\d s\."),
        (changed(3, 1), r"The last answer within 1\.3 s: it came after (1\.[4-9]|[2-9]\.\d)\d s\."),
        (changed(3, 0), r"Every visitor gets the page: [0-5] of 6 did\."),
    ],
    ids=["no limit on the calls", "no limit on the time", "one after another", "nobody awaits"],
)
def test_each_habit_left_out_misses_its_goal(choice: Choice, missed: str, page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "project"))
    choose(page, choice)
    card(page).get_by_role("button", name=PUT).click()
    told = goals(page).filter(has_text=re.compile(missed))
    expect(told).to_contain_text(re.compile("missed:|open:.*too busy"), timeout=RUN_PATIENCE)
    expect(card(page)).not_to_contain_text("Passed.")


@pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
def test_without_scripts_too(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "project"))
    choose(page, SOLUTION)
    run_it(page, card(page).get_by_role("button", name=PUT).click)
    card(page).get_by_role("button", name="Keep this result").click()
    expect(card(page).get_by_text("Passed.")).to_be_visible()


def test_it_can_be_done_with_the_keyboard_alone(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "project"))
    piece(page, 0, 0).focus()
    for index in SOLUTION:
        page.keyboard.press("Space")
        for _ in range(index):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
    run_it(page, lambda: page.keyboard.press("Enter"))
    expect(card(page).get_by_text("Passed.")).to_be_visible()


def test_what_is_missing_is_asked_for(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "project"))
    expect(goals(page)).to_have_count(0)
    card(page).get_by_role("button", name=PUT).click()
    expect(piece(page, 0, 0)).to_be_focused()  # the browser asks for what is missing
    expect(goals(page)).to_have_count(0)
