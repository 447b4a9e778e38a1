"""The guided path: a guess, a run, and the answer behind it, one experiment after another."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Look
from tests.browser.lessons import MAIN, address, content
from tests.browser.pages import RUN_PATIENCE, LessonPage
from tests.browser.watch import Watch

NO_SCRIPTS = pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
PATH = content(MAIN).teaching.path
assert PATH
STEPS = [each.example for each in PATH.steps]
EXAMPLES = {each.id: each for each in content(MAIN).teaching.examples}
PHONE = pytest.mark.parametrize("look", [Look(width=320), Look(width=390, scheme="dark")], ids=str)


def open_step(lesson: LessonPage, number: int) -> None:
    lesson.open(f"{address(MAIN, 'path')}{STEPS[number - 1]}/")


def guess(page: Page) -> Locator:
    return page.get_by_role("spinbutton", name="Your guess")


def first_words(example: str) -> str:
    return EXAMPLES[example].answer.partition(".")[0].replace("*", "").replace("`", "")[:30]


def test_whoever_begins_is_led_from_a_guess_to_an_answer_in_three_controls(page: Page, lesson: LessonPage) -> None:
    lesson.open("/").page.get_by_role("link", name="Begin: ").click()
    expect(page.get_by_role("heading", level=2, name=EXAMPLES[STEPS[0]].title)).to_be_visible()
    form = page.locator("form.try-it")
    expect(form.locator("input:not([type=hidden]), button")).to_have_count(2)
    guess(page).fill("0.4")
    assert first_words(STEPS[0]) not in page.content()
    lesson.send_button.click()
    stage = page.get_by_role("region", name="Stage")
    expect(stage.locator("#prediction")).to_contain_text("0.4 s", timeout=RUN_PATIENCE)
    expect(stage.locator(".known")).to_contain_text(first_words(STEPS[0]), timeout=RUN_PATIENCE)
    expect(stage.locator(".reading")).to_contain_text(re.compile("too low|too busy"))
    page.get_by_role("link", name="Next experiment").first.click()
    expect(page).to_have_url(re.compile(f"/path/{STEPS[1]}/$"))
    expect(page.get_by_role("navigation", name="Experiments of this path")).to_contain_text("(done)")


def test_the_path_is_walked_with_the_keyboard_alone(page: Page, lesson: LessonPage) -> None:
    open_step(lesson, 5)
    guess(page).focus()
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    expect(lesson.send_button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".known")).to_be_visible(timeout=RUN_PATIENCE)


def test_a_number_that_may_vary_is_the_third_control_and_reaches_the_goal(page: Page, lesson: LessonPage) -> None:
    open_step(lesson, 3)
    expect(page.locator("form.try-it").locator("input:not([type=hidden]), button")).to_have_count(3)
    page.get_by_role("spinbutton", name="Worker threads").fill("10")
    guess(page).fill("1")
    lesson.send_button.click()
    expect(page.locator("#prediction")).to_contain_text(re.compile("Goal reached|too busy"), timeout=RUN_PATIENCE)


@pytest.mark.parametrize("typed", ["-1", "100000"])
def test_a_guess_that_is_none_is_told_and_nothing_is_run(
    page: Page, lesson: LessonPage, watch: Watch, typed: str
) -> None:
    watch.expect("status of 422")
    open_step(lesson, 1)
    page.locator("form.try-it").evaluate("form => { form.noValidate = true }")
    guess(page).fill(typed)
    lesson.send_button.click()
    expect(page.get_by_text("Your guess:")).to_be_visible()
    expect(page.get_by_role("region", name="Stage")).to_have_count(0)
    expect(guess(page)).to_have_value(typed)


def test_what_was_found_fills_the_two_by_two(page: Page, lesson: LessonPage) -> None:
    open_step(lesson, 5)
    cells = page.get_by_role("table", name="What you have found out").locator("td.digits")
    expect(cells).to_have_text(["?"] * 4)
    lesson.send_button.click()
    expect(cells.nth(3)).to_have_text(re.compile(r"\d\.\d\d s"), timeout=RUN_PATIENCE)
    expect(cells.nth(0)).to_have_text("?")
    done = page.get_by_role("navigation", name="Experiments of this path").get_by_role("listitem")
    expect(done.filter(has_text="(done)")).to_have_count(1)
    page.reload()
    expect(cells.nth(3)).to_have_text(re.compile(r"\d\.\d\d s"))
    lesson.open("/")
    expect(page.get_by_role("link", name=f"Continue: experiment 2 of {len(STEPS)}")).to_be_visible()


def test_a_run_that_is_left_or_cancelled_uncovers_nothing(page: Page, lesson: LessonPage) -> None:
    open_step(lesson, 2)
    guess(page).fill("10")
    lesson.send_button.click()
    expect(page.locator("#place-1 .dot").first).to_be_visible(timeout=RUN_PATIENCE)
    page.reload()
    expect(page.get_by_role("button", name="just show me")).to_be_visible()
    assert first_words(STEPS[1]) not in page.content()
    page.get_by_role("link", name="Your latest run of this experiment").click()
    page.get_by_role("button", name="Cancel").click()
    lesson.wait_for_state("ended")
    open_step(lesson, 2)
    expect(page.get_by_role("button", name="just show me")).to_be_visible()
    assert first_words(STEPS[1]) not in page.content()


def test_a_goal_that_was_missed_is_tried_again_before_its_answer(page: Page, lesson: LessonPage) -> None:
    open_step(lesson, 3)
    page.get_by_role("spinbutton", name="Worker threads").fill("4")
    lesson.send_button.click()
    expect(page.locator("#place-1 [data-state=ended]")).to_be_visible(timeout=RUN_PATIENCE)
    for again in (False, True):
        if again:
            lesson.send_button.click()  # it ends like the one before
            expect(page.locator("#place-1 [data-state=ended]")).to_have_count(0)
            expect(page.locator("#place-1 [data-state=ended]")).to_be_visible(timeout=RUN_PATIENCE)
            page.reload()
        assert first_words(STEPS[2]) not in page.content()
        expect(page.get_by_role("button", name="just show me")).to_be_visible()


def test_a_run_comes_into_view_on_a_phone(page: Page, lesson: LessonPage) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    open_step(lesson, 1)
    lesson.send_button.click()
    expect(page.locator("#place-1 .canvas").first).to_be_in_viewport(ratio=0.9, timeout=RUN_PATIENCE)
    expect(page.get_by_role("link", name="Next experiment")).to_have_count(2, timeout=RUN_PATIENCE)


def test_an_answer_is_shown_for_the_asking_and_the_end_behind_the_last(page: Page, lesson: LessonPage) -> None:
    for number in range(1, len(STEPS) + 1):
        open_step(lesson, number)
        page.get_by_role("button", name="just show me").click()
        expect(page.locator(".uncovered")).to_be_focused()
    expect(page.get_by_role("region", name="What you found out")).to_be_visible()
    page.get_by_role("link", name="Open Visualize").click()
    expect(lesson.send_button).to_be_visible()


def test_two_tabs_walk_the_path_and_take_nothing_from_one_another(page: Page, lesson: LessonPage) -> None:
    other = LessonPage(page.context.new_page(), lesson.site)
    tabs = ((lesson, 1, "0.4"), (other, 2, "9"))
    for tab, number, own in tabs:
        open_step(tab, number)
        guess(tab.page).fill(own)
    for tab, _, _ in tabs:
        tab.send_button.click()
    for tab, number, own in tabs:
        expect(tab.page.locator("#prediction")).to_contain_text(f"{own} s", timeout=RUN_PATIENCE)
        expect(tab.page.locator(".known")).to_contain_text(first_words(STEPS[number - 1]), timeout=RUN_PATIENCE)
    page.reload()
    done = page.get_by_role("navigation", name="Experiments of this path").get_by_role("listitem")
    expect(done.filter(has_text="(done)")).to_have_count(2)


@NO_SCRIPTS
def test_without_scripts_an_experiment_opens_its_run(page: Page, lesson: LessonPage) -> None:
    open_step(lesson, 1)
    guess(page).fill("3")
    lesson.send_button.click()
    expect(page).to_have_url(re.compile("/runs/"))
    lesson.wait_for_state("ended")
    expect(page.locator("#prediction")).to_contain_text("3 s")
    page.get_by_role("link", name=f"Experiment 1 of {len(STEPS)}").click()
    expect(page.locator(".uncovered")).to_contain_text(first_words(STEPS[0]))


@PHONE
def test_on_a_phone_nothing_leads_out_of_the_window(page: Page, lesson: LessonPage) -> None:
    open_step(lesson, 2)
    page.get_by_role("button", name="just show me").click()
    expect(page.locator(".uncovered")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
