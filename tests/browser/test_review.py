"""Review: cards revealed and graded by pointer and keyboard, questions, and prompts to explain."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Look
from tests.browser.lessons import MAIN, address, content
from tests.browser.pages import RUN_PATIENCE, LessonPage
from tests.browser.watch import Watch

NO_SCRIPTS = pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
REVIEW = content(MAIN).teaching.review
assert REVIEW
CARDS, QUESTIONS, PROMPTS = REVIEW.cards, REVIEW.questions, REVIEW.explain


def open_review(lesson: LessonPage) -> None:
    lesson.open_review()


def card(page: Page) -> Locator:
    return page.get_by_role("region", name="Card", exact=True)


def reveal(page: Page) -> None:
    card(page).get_by_role("button", name="Show the answer").click()


def grade(page: Page, name: str) -> None:
    card(page).get_by_role("button", name=re.compile(f"^{name}")).click()


def due(page: Page) -> Locator:
    """The number on the tab."""
    return page.get_by_role("navigation", name="Ways to learn").locator(".due")


def test_a_card_is_revealed_graded_and_followed_by_the_next(page: Page, lesson: LessonPage) -> None:
    open_review(lesson)
    expect(due(page)).to_contain_text(str(len(CARDS)))
    expect(card(page)).to_have_attribute("data-card", CARDS[0].id)
    expect(card(page).get_by_role("group", name="How well did you know it?")).to_have_count(0)
    reveal(page)
    expect(card(page).locator(".flash-back")).to_be_visible()
    grade(page, "Good")
    expect(card(page)).to_have_attribute("data-card", CARDS[1].id)
    expect(due(page)).to_contain_text(str(len(CARDS) - 1))
    expect(page.get_by_text(f"{len(CARDS) - 1} of {len(CARDS)} cards due")).to_be_visible()


def test_grades_are_kept_and_the_card_says_when_it_comes_back(page: Page, lesson: LessonPage) -> None:
    open_review(lesson)
    reveal(page)
    grade(page, "Easy")
    expect(card(page)).to_have_attribute("data-card", CARDS[1].id)
    page.reload()
    expect(card(page)).to_have_attribute("data-card", CARDS[1].id)
    page.get_by_text(re.compile(r"Cards that come back later \(1\)")).click()
    expect(page.locator(".later")).to_contain_text(re.compile(r"in \d+ days"))


def test_the_keyboard_alone_reveals_and_grades(page: Page, lesson: LessonPage) -> None:
    open_review(lesson)
    card(page).get_by_role("button", name="Show the answer").focus()
    for number, key in enumerate("1234", 1):
        page.keyboard.press("Space")
        expect(card(page).locator(".flash-back")).to_be_visible()
        expect(card(page)).to_be_focused()
        page.keyboard.press(key)
        expect(card(page)).to_have_attribute("data-card", CARDS[number].id)
        expect(card(page)).to_be_focused()


def test_digits_do_nothing_while_the_card_has_not_the_focus(page: Page, lesson: LessonPage) -> None:
    open_review(lesson)
    reveal(page)
    expect(card(page)).to_be_focused()
    page.get_by_role("textbox").first.focus()
    page.keyboard.type("3 reasons")
    expect(page.get_by_role("textbox").first).to_have_value("3 reasons")
    expect(card(page)).to_have_attribute("data-card", CARDS[0].id)


def test_a_grade_that_was_given_in_another_window_is_not_given_twice(
    page: Page, lesson: LessonPage, watch: Watch
) -> None:
    watch.expect("status of 409")
    open_review(lesson)
    reveal(page)
    other = page.context.new_page()
    other.goto(page.url)
    reveal(other)
    grade(other, "Good")
    expect(card(other)).to_have_attribute("data-card", CARDS[1].id)
    grade(page, "Again")
    expect(page.get_by_role("alert").filter(has_text=re.compile(r"\w"))).to_be_visible()
    expect(card(page)).to_have_attribute("data-card", CARDS[1].id)


def test_a_card_is_predicted_and_run(page: Page, lesson: LessonPage) -> None:
    wanted = next(each for each in CARDS if each.example == "computing-in-a-pool")
    lesson.open(address(MAIN, "deep"))
    page.get_by_role("button", name=re.compile("just show me.*Four workers that compute")).click()
    expect(page.locator(".uncovered")).to_be_visible()
    lesson.open(address(MAIN, "review"))
    expect(card(page)).to_have_attribute("data-card", wanted.id)
    guess = card(page).get_by_role("spinbutton", name="Your guess")
    guess.press_sequentially("0.2")
    expect(guess).to_have_value("0.2")  # no digit graded the card
    card(page).get_by_role("button", name="Run it").click()
    expect(page.locator("#stage .situation")).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)
    expect(card(page).locator(".flash-back")).to_be_visible()  # the run has told it: there is nothing to press
    expect(page.locator("#place-1 #stage")).to_be_visible()
    grade(page, "Hard")
    expect(page.locator("#stage")).to_have_count(0)


@NO_SCRIPTS
def test_without_scripts_cards_are_revealed_and_graded(page: Page, lesson: LessonPage) -> None:
    open_review(lesson)
    reveal(page)
    expect(card(page).locator(".flash-back")).to_be_visible()
    grade(page, "Hard")
    expect(card(page)).to_have_attribute("data-card", CARDS[1].id)


def test_a_question_explains_the_very_option_that_was_chosen(page: Page, lesson: LessonPage) -> None:
    question = QUESTIONS[0]
    wrong = next(index for index, option in enumerate(question.options) if not option.right)
    open_review(lesson)
    place = page.locator(f"#question-{question.id}")
    place.get_by_role("radio").nth(wrong).check()
    place.get_by_role("button", name="Answer").click()
    expect(place.locator(".option.wrong")).to_have_count(1)
    expect(place).to_contain_text(plain(question.options[wrong].why))
    right = next(index for index, option in enumerate(question.options) if option.right)
    place.get_by_role("radio").nth(right).check()
    place.get_by_role("button", name="Try again").click()
    expect(place.locator(".option.right")).to_have_count(1)


def test_the_model_answer_stands_beside_ones_own(page: Page, lesson: LessonPage) -> None:
    open_review(lesson)
    for number, prompt in enumerate(PROMPTS):
        place = page.locator(f"#explain-{prompt.id}")
        place.get_by_role("textbox").fill(f"My answer {number}")
        place.get_by_role("button", name="Compare").click()
        expect(place.get_by_role("status")).to_contain_text(plain(prompt.model))
        expect(place.get_by_role("textbox")).to_have_value(f"My answer {number}")
    page.reload()
    elsewhere = page.context.new_page()
    elsewhere.goto(page.url)
    for number, prompt in enumerate(PROMPTS):  # that it was explained is kept, the words stay in the tab
        for tab, words in ((page, f"My answer {number}"), (elsewhere, "")):
            place = tab.locator(f"#explain-{prompt.id}")
            expect(place).to_contain_text("Explained.")
            expect(place.get_by_role("textbox")).to_have_value(words)


@NO_SCRIPTS
def test_without_scripts_questions_and_prompts_work(page: Page, lesson: LessonPage) -> None:
    open_review(lesson)
    prompt = PROMPTS[0]
    place = page.locator(f"#explain-{prompt.id}")
    place.get_by_role("textbox").fill("Mine")
    place.get_by_role("button", name="Compare").click()
    expect(place.get_by_role("status")).to_contain_text(plain(prompt.model))
    place = page.locator(f"#question-{QUESTIONS[0].id}")
    place.get_by_role("button", name="Hint").click()
    expect(place).to_contain_text(plain(QUESTIONS[0].hint))
    place.get_by_role("radio").first.check()
    place.get_by_role("button", name="Answer").click()
    expect(place.locator(".option.right, .option.wrong")).to_have_count(1)


def test_nothing_tells_an_answer_before_it_is_due(page: Page, lesson: LessonPage) -> None:
    open_review(lesson)
    served = page.content() + page.request.get(page.url).text()
    hidden = [each.back for each in CARDS] + [each.model for each in PROMPTS]
    hidden += [option.why for question in QUESTIONS for option in question.options]
    assert [text for text in hidden if plain(text) in served] == []


def plain(text: str) -> str:
    """The longest stretch of a text that holds no markup."""
    return max(re.split(r"[`*&'\"<>\n]", text), key=len).strip()[:60]
