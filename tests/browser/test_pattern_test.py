"""Test this pattern: ten questions, graded together; what was missed leads to where it can be read again."""

import re

import pytest
from playwright.sync_api import Page, expect

from lessons.learning import pattern_tests
from tests.browser.chromium import Look
from tests.browser.lessons import MAIN, address, content
from tests.browser.pages import RUN_ADDRESS, RUN_PATIENCE, LessonPage
from tests.browser.watch import Watch

NO_SCRIPTS = pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)


def answer_all(page: Page, missed: int = 0) -> None:
    """Right but for the last so many."""
    drawn = pattern_tests.draw_test(content(MAIN), int(page.locator("[name=seed]").input_value()))
    for number, question in enumerate(drawn, 1):
        is_right = number <= len(drawn) - missed
        if question.item.options:
            index = next(i for i, option in enumerate(question.item.options) if option.right == is_right)
            page.locator(f"[name=answer-{number}][value='{index}']").check()
        else:
            page.locator(f"[name=answer-{number}]").fill(f"{question.item.seconds * (1 if is_right else 3):g}")


def test_ten_questions_are_graded_and_another_test_asks_others(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "test"))
    expect(page.locator("fieldset.exercise")).to_have_count(10)
    first = page.get_by_role("main").inner_text()
    answer_all(page)
    page.get_by_role("button", name="Grade my test").click()
    expect(page.get_by_text("10 of 10 right.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("10 of 10 right.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Read it again"))).to_have_count(0)
    page.get_by_role("link", name="Take another test").click()
    expect(page.locator("fieldset.exercise")).to_have_count(10)
    assert page.get_by_role("main").inner_text() != first


def test_what_was_missed_is_explained_run_and_leads_back(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "test"))
    answer_all(page, missed=3)
    page.get_by_role("button", name="Grade my test").click()
    expect(page.get_by_text("7 of 10 right.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Read it again"))).to_have_count(3)
    page.get_by_role("button", name=re.compile("^Run it")).last.click()
    expect(page).to_have_url(RUN_ADDRESS, timeout=RUN_PATIENCE)
    lesson.wait_for_state("ended")


def test_a_missing_answer_is_told_and_the_others_stay(page: Page, lesson: LessonPage, watch: Watch) -> None:
    watch.expect("status of 400")
    lesson.open(address(MAIN, "test"))
    answer_all(page)
    seed = page.locator("[name=seed]").input_value()
    page.locator("form.exercises").evaluate(
        """form => {
          form.noValidate = true
          const one = form.querySelector("[name=answer-2]:checked, [type=text][name=answer-2]")
          one.checked = false
          if (one.type === "text") one.value = ""
        }"""
    )
    page.get_by_role("button", name="Grade my test").click()
    expect(page.get_by_role("alert").filter(has_text="1 of 10 questions has no answer yet")).to_be_visible()
    expect(page.locator("[name=seed]")).to_have_value(seed)
    answer_all(page)
    page.get_by_role("button", name="Grade my test").click()
    expect(page.get_by_text("10 of 10 right.")).to_be_visible()


@NO_SCRIPTS
def test_without_scripts_it_is_the_same(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "test"))
    answer_all(page, missed=1)
    page.get_by_role("button", name="Grade my test").click()
    expect(page.get_by_text("9 of 10 right.")).to_be_visible()
