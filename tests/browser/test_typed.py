"""Typed text, focus, selection and caret survive whatever comes; every other field shows what the site has answered."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.held import under_way
from tests.browser.htmx import BOTH_HTMX
from tests.browser.lessons import MAIN, address, content, question, right, wrong
from tests.browser.pages import ASYNC, BLOCKING, RUN_ADDRESS, LessonPage, choose_preset, say_how_sure
from tests.browser.watch import Watch

CARET = "field => [field.selectionStart, field.selectionEnd]"
PROMPT = content(MAIN).teaching.review.explain[0]  # type: ignore[union-attr]


def editor(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your code")


def words(page: Page) -> Locator:
    return page.locator(f"#explain-{PROMPT.id}").get_by_role("textbox")


def check(page: Page) -> None:
    page.get_by_role("button", name="Check my code").click()


# What is typed while an answer is on its way


@BOTH_HTMX
def test_numbers_typed_after_send_stay_and_the_others_are_those_of_the_run(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=2, wait=0.1)
    lesson.prediction.fill("9")
    with under_way(page):
        lesson.send_button.click()
        lesson.workers.fill("3")
        lesson.requests.fill("77")
        lesson.lane_choice(BLOCKING).check()
    page.wait_for_url(RUN_ADDRESS)
    expect(lesson.requests).to_have_value("77")
    expect(lesson.requests).not_to_be_focused()
    expect(lesson.lane_choice(BLOCKING)).to_be_checked()
    expect(lesson.lane_choice(BLOCKING)).to_be_focused()
    expect(lesson.workers).to_have_value("3")
    expect(lesson.wait).to_have_value("0.1")
    expect(lesson.prediction).to_have_value("")  # the next run wants a new one


def test_a_prediction_typed_after_send_stays(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=2, wait=0.1)
    lesson.prediction.fill("9")
    with under_way(page):
        lesson.send_button.click()
        lesson.prediction.fill("4.5")
    expect(lesson.prediction).to_have_value("4.5")
    expect(lesson.prediction).to_be_focused()


@BOTH_HTMX
def test_code_typed_while_it_is_checked_stays_with_its_caret(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "project"))
    editor(page).fill("first = 1\nsecond = 2\n")
    with under_way(page):
        check(page)
        editor(page).press("End")
        editor(page).evaluate("editor => editor.setSelectionRange(5, 5)")
        page.keyboard.type("XYZ")
    expect(page.locator(".checks")).to_be_visible()
    expect(editor(page)).to_be_focused()
    expect(editor(page)).to_have_value("firstXYZ = 1\nsecond = 2\n")
    assert editor(page).evaluate(CARET) == [8, 8]
    page.keyboard.type("!")
    expect(editor(page)).to_have_value("firstXYZ! = 1\nsecond = 2\n")
    expect(page.locator(".inked pre")).to_have_text("firstXYZ! = 1\nsecond = 2\n\n", use_inner_text=False)


def test_the_editor_keeps_focus_and_selection_over_a_check_by_keyboard(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "project"))
    editor(page).fill("first = 1\n")
    editor(page).evaluate("editor => editor.setSelectionRange(2, 6)")
    editor(page).evaluate("editor => editor.form.requestSubmit()")
    expect(page.locator(".checks")).to_be_visible()
    expect(editor(page)).to_be_focused()
    assert editor(page).evaluate(CARET) == [2, 6]


def test_words_typed_while_they_are_compared_stay(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "review"))
    words(page).fill("A loop")
    with under_way(page):
        page.locator(f"#explain-{PROMPT.id}").get_by_role("button", name="Compare").click()
        words(page).press("End")
        page.keyboard.type(" does not wait.")
    expect(page.locator(f"#explain-{PROMPT.id}")).to_contain_text("One way to say it")
    expect(words(page)).to_have_value("A loop does not wait.")
    expect(words(page)).to_be_focused()
    assert words(page).evaluate(CARET) == [21, 21]


def test_an_answer_elsewhere_does_not_take_the_focus_away(page: Page, lesson: LessonPage) -> None:
    first = question(MAIN, 1)
    card = page.locator(f"#question-{first.id}")
    lesson.open()
    card.get_by_role("radio").nth(right(first)).check()
    with under_way(page):
        card.get_by_role("button", name="Answer").click()
        lesson.requests.press("End")
        page.keyboard.type("0")
    expect(card).to_contain_text("Right")
    expect(lesson.requests).to_be_focused()
    expect(lesson.requests).to_have_value("100")


def test_fields_keep_focus_and_text_while_frames_come(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=4, wait=0.3).send()
    lesson.prediction.press_sequentially("12.5", delay=100)
    expect(lesson.prediction).to_be_focused()
    expect(lesson.prediction).to_have_value("12.5")
    lesson.wait_for_state("ended")
    expect(lesson.prediction).to_be_focused()
    expect(lesson.prediction).to_have_value("12.5")


# Attribute and property


@BOTH_HTMX
def test_a_preset_applies_after_typing(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=7, wait=2.5, workers=9, lanes=(ASYNC,))
    choose_preset(page, "Four workers")
    expect(lesson.workers).to_have_value("4")
    expect(lesson.requests).to_have_value("10")
    expect(lesson.wait).to_have_value("1.0")
    expect(page.get_by_role("group", name="Lanes").get_by_role("checkbox", checked=True)).to_have_count(2)
    expect(page.locator("#prediction-question")).to_contain_text("10 requests with 4 workers")
    lesson.fill(requests=7)
    choose_preset(page, "Ten at once")
    expect(lesson.requests).to_have_value("10")
    expect(lesson.workers).to_have_value("1")


def test_what_is_typed_while_a_preset_is_fetched_stays(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=7)
    with under_way(page, "GET"):
        choose_preset(page, "Four workers")
        lesson.wait.fill("0.7")
        lesson.lane_choice(BLOCKING).check()
    expect(lesson.workers).to_have_value("4")
    expect(lesson.requests).to_have_value("10")
    expect(lesson.wait).to_have_value("0.7")
    expect(lesson.lane_choice(BLOCKING)).to_be_checked()


@BOTH_HTMX
@pytest.mark.parametrize("mode", ["visualize", "try", "challenge"])
def test_a_wrong_answer_does_not_stay_chosen(page: Page, lesson: LessonPage, mode: str) -> None:
    teaching = content(MAIN).teaching
    if mode == "visualize":
        first, place, again = question(MAIN, 1).options, f"#question-{question(MAIN, 1).id}", "Try again"
    elif mode == "try":
        first, place, again = teaching.tasks[0].options, f"#task-{teaching.tasks[0].id}", "Fill in and run"
    else:
        first, place, again = next(each for each in teaching.problems if each.options).options, "#problem", "Answer"
    problem = next(each.id for each in teaching.problems if each.options)
    lesson.open(address(MAIN, mode) + (f"?problem={problem}" if mode == "challenge" else ""))
    card = page.locator(place)
    index = next(index for index, option in enumerate(first) if not option.right)
    card.get_by_role("radio").nth(index).check()
    say_how_sure(page)
    card.get_by_role("button", name=re.compile("Answer|Fill in")).first.click()
    expect(card.get_by_role("radio").nth(index)).to_be_disabled()
    expect(card.get_by_role("radio", checked=True)).to_have_count(0)
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.method) if request.method == "POST" else None)
    card.get_by_role("button", name=again).first.click()  # the browser asks for a choice
    assert posted == []
    index = next(index for index, option in enumerate(first) if option.right)
    card.get_by_role("radio").nth(index).check()
    card.get_by_role("button", name=again).first.click()
    expect(card).to_contain_text("Right")


def test_a_choice_made_while_another_is_judged_stays(page: Page, lesson: LessonPage) -> None:
    first = question(MAIN, 1)
    card = page.locator(f"#question-{first.id}")
    lesson.open()
    card.get_by_role("radio").nth(wrong(first)).check()
    with under_way(page):
        card.get_by_role("button", name="Answer").click()
        card.get_by_role("radio").nth(right(first)).check()
    expect(card.get_by_role("radio").nth(wrong(first))).to_be_disabled()
    expect(card.get_by_role("radio").nth(right(first))).to_be_checked()
    card.get_by_role("button", name="Try again").click()
    expect(card).to_contain_text("Right, on attempt 2")


# What is not saved yet


def test_unsaved_code_survives_another_tab_a_reload_and_the_way_back(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "project"))
    saved = editor(page).input_value()
    editor(page).fill("not saved = yet")
    page.get_by_role("link", name="Review", exact=True).click()
    page.get_by_role("link", name="Project", exact=True).click()
    expect(editor(page)).to_have_value("not saved = yet")
    expect(page.get_by_text("What you had typed is back. It is not saved yet.")).to_be_visible()
    expect(page.locator(".inked pre")).to_have_text("not saved = yet\n", use_inner_text=False)
    page.reload()
    expect(editor(page)).to_have_value("not saved = yet")
    page.get_by_role("link", name="Review", exact=True).click()
    expect(page.get_by_role("heading", name="Cards")).to_be_visible()
    page.go_back()
    expect(editor(page)).to_have_value("not saved = yet")
    page.get_by_role("button", name="Discard it").click()
    expect(editor(page)).to_have_value(saved)
    page.reload()
    expect(editor(page)).to_have_value(saved)


def test_code_that_was_checked_is_no_draft_any_more(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "project"))
    editor(page).fill("x = 1\n")
    check(page)
    expect(page.locator(".checks")).to_be_visible()
    page.reload()
    expect(editor(page)).to_have_value("x = 1\n")
    expect(page.locator("[data-draft-note]")).to_have_text("")
    assert page.evaluate("() => sessionStorage.length") == 0


def test_over_code_saved_in_another_tab_a_draft_is_offered_and_not_put(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "project"))
    editor(page).fill("draft = 1\n")
    other = page.context.new_page()
    other.goto(page.url)
    editor(other).fill("saved = 1\n")
    check(other)
    expect(other.locator(".checks")).to_be_visible()
    page.reload()
    expect(editor(page)).to_have_value("saved = 1\n")
    page.get_by_role("button", name="Restore it").click()
    expect(editor(page)).to_have_value("draft = 1\n")
    expect(editor(page)).to_be_focused()


def test_words_in_ones_own_survive_a_reload_though_they_were_compared(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "review"))
    words(page).fill("A loop does not wait.")
    page.reload()
    expect(words(page)).to_have_value("A loop does not wait.")
    page.locator(f"#explain-{PROMPT.id}").get_by_role("button", name="Compare").click()
    expect(page.locator(f"#explain-{PROMPT.id}")).to_contain_text("One way to say it")
    page.reload()
    expect(words(page)).to_have_value("A loop does not wait.")


def test_without_storage_the_page_works_as_ever(page: Page, lesson: LessonPage, watch: Watch) -> None:
    page.add_init_script("""Object.defineProperty(window, "sessionStorage", {
      get() { throw new DOMException("The operation is insecure.", "SecurityError") }
    })""")
    lesson.open(address(MAIN, "project"))
    editor(page).fill("x = 1\n")
    check(page)
    expect(page.locator(".checks")).to_be_visible()
    expect(editor(page)).to_have_value("x = 1\n")


# Focus


@BOTH_HTMX
def test_when_cancel_goes_the_status_has_the_focus(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(wait=2).send()
    lesson.cancel_button.focus()
    page.keyboard.press("Enter")
    lesson.wait_for_state("ended")
    expect(page.locator("#status")).to_be_focused()


def test_when_a_run_ends_under_a_focused_cancel_the_status_has_the_focus(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=3, wait=0.3).send()
    lesson.cancel_button.focus()
    lesson.wait_for_state("ended")
    expect(page.locator("#status")).to_be_focused()


def test_who_has_left_a_control_is_not_led_back(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=3, wait=0.3).send()
    lesson.cancel_button.focus()
    page.get_by_role("contentinfo").click()
    lesson.wait_for_state("ended")
    assert page.evaluate("() => document.activeElement.id") in ("", "main")


def test_when_a_hint_is_given_the_focus_goes_to_the_next_button(page: Page, lesson: LessonPage) -> None:
    card = page.locator(f"#question-{question(MAIN, 1).id}")
    lesson.open()
    card.get_by_role("button", name="Hint").focus()
    page.keyboard.press("Enter")
    expect(card).to_contain_text("Hint:")
    assert page.evaluate("() => document.activeElement.closest('.question') !== null")
