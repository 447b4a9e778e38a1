"""Project: code in an editor, checked and not run, step by step; the reference solution runs."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Look
from tests.browser.lessons import MAIN, address, content
from tests.browser.pages import RUN_PATIENCE, LessonPage
from tests.browser.watch import Watch

NO_SCRIPTS = pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
LESSON = content(MAIN)
PROJECT = LESSON.teaching.project
assert PROJECT
STEPS = PROJECT.steps


def solution(number: int) -> str:
    """The source of the reference solution of a step, from 1."""
    return LESSON.sample(STEPS[number - 1].solution).source


def open_project(lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "project"))


def step(page: Page) -> Locator:
    return page.locator("#step")


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your code")


def check(page: Page, code: str) -> None:
    editor(page).fill(code)
    page.get_by_role("button", name="Check my code").click()


def passed(page: Page, number: int) -> None:
    expect(page.get_by_text(f"{number}/{len(STEPS)} steps passed")).to_be_visible()


def test_scenario_goal_and_four_steps_are_there_and_only_the_first_is_open(page: Page, lesson: LessonPage) -> None:
    open_project(lesson)
    assert len(STEPS) == 4
    expect(page.get_by_role("region", name="The scenario")).to_contain_text(PROJECT.goal if PROJECT else "")
    expect(page.get_by_role("navigation", name="Steps").get_by_role("link")).to_have_count(1)
    expect(page.get_by_text("parsed and checked, never run")).to_be_visible()
    passed(page, 0)


def test_the_code_is_coloured_while_it_is_typed_and_after_a_check(page: Page, lesson: LessonPage) -> None:
    open_project(lesson)
    ink = page.locator(".inked pre")
    for code in ("async def view(request):\n    return 'a def in a text'  # and in a remark", "x = 1"):
        editor(page).fill(code)
        expect(ink).to_have_text(code + "\n", use_inner_text=False)
    editor(page).fill("def view(request):\n    return None")
    expect(ink.locator(".k")).to_have_text(["def", "return", "None"])
    page.get_by_role("button", name="Check my code").click()
    expect(step(page).get_by_text(STEPS[0].checks[-1].missing)).to_be_visible()
    expect(ink.locator(".k")).to_have_text(["def", "return", "None"])


def test_checks_say_what_is_missing(page: Page, lesson: LessonPage) -> None:
    open_project(lesson)
    check(page, "x = 1\n")
    for each in STEPS[0].checks:
        expect(step(page).get_by_text(each.missing)).to_be_visible()
    passed(page, 0)


def test_code_that_cannot_be_parsed_names_the_line(page: Page, lesson: LessonPage) -> None:
    open_project(lesson)
    check(page, "def view(request:\n    return 1\n")
    expect(step(page).locator(".raised")).to_contain_text(re.compile(r"Line \d"))


def test_all_steps_are_passed_with_the_solutions_and_the_last_one_runs(page: Page, lesson: LessonPage) -> None:
    open_project(lesson)
    for number in range(1, len(STEPS) + 1):
        check(page, solution(number))
        expect(step(page).get_by_text("All of it is right.")).to_be_visible()
        passed(page, number)
        if number < len(STEPS):
            step(page).get_by_role("link", name="Next step").click()
            expect(page.get_by_role("heading", name=f"Step {number + 1}")).to_be_visible()
    step(page).get_by_label("Your guess of the total").fill("2.5")
    page.get_by_role("button", name="Run the solution").click()
    expect(step(page).locator(".situation")).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)
    expect(step(page).locator(".report")).to_contain_text("10 done")
    compared = step(page).get_by_role("table", name="Guess and measurement")
    expect(compared.get_by_role("row", name="Your guess")).to_contain_text("2.50 s")
    page.reload()
    expect(compared.get_by_role("row", name="Your guess")).to_contain_text("2.50 s")


def test_code_is_kept_and_the_next_step_begins_with_it(page: Page, lesson: LessonPage) -> None:
    open_project(lesson)
    code = solution(1) + "\n# mine\n"
    check(page, code)
    passed(page, 1)
    page.reload()
    expect(editor(page)).to_have_value(re.compile("# mine"))
    step(page).get_by_role("link", name="Next step").click()
    expect(page.get_by_role("heading", name="Step 2")).to_be_visible()
    expect(editor(page)).to_have_value(re.compile("# mine"))


def test_tab_indents_and_escape_lets_tab_leave(page: Page, lesson: LessonPage) -> None:
    open_project(lesson)
    editor(page).fill("")
    editor(page).focus()
    page.keyboard.type("def view(request):")
    page.keyboard.press("Enter")
    page.keyboard.type("pass")
    expect(editor(page)).to_have_value("def view(request):\n    pass")
    page.keyboard.press("Tab")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Check my code")).to_be_focused()


@NO_SCRIPTS
def test_without_scripts_a_step_is_checked_and_its_solution_run(page: Page, lesson: LessonPage) -> None:
    open_project(lesson)
    check(page, "x = 1\n")
    expect(step(page).get_by_text("Not all of it is right yet.")).to_be_visible()
    check(page, solution(1))
    passed(page, 1)
    page.get_by_role("button", name="Run the solution").click()
    expect(step(page).locator(".situation")).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)


@pytest.mark.parametrize(
    ("size", "told"), [(10_001, "10,000 bytes"), (100_000, "too large: the site takes up to 64 kB")]
)
def test_too_much_code_is_refused_and_stays_in_the_editor(
    page: Page, lesson: LessonPage, watch: Watch, size: int, told: str
) -> None:
    watch.expect("status of 413")
    open_project(lesson)
    code = "#" * size
    check(page, code)
    expect(page.get_by_text(told)).to_be_visible()
    expect(editor(page)).to_have_value(code)


def test_no_solution_is_told_before_its_step_is_passed(page: Page, lesson: LessonPage) -> None:
    open_project(lesson)
    expect(page.get_by_role("button", name="Run the solution")).to_have_count(0)
    expect(page.get_by_role("group", name="Reference solution")).to_have_count(0)
    lesson.open(f"{address(MAIN, 'project')}?step={STEPS[-1].id}")
    expect(page.get_by_role("heading", name="Step 1")).to_be_visible()
