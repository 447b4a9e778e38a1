"""The visual quiz: answered, explained, kept, and silent about everything that is not due."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from lessons.rendering import markdown
from tests.browser.chromium import Look
from tests.browser.lessons import SECOND, question, right, wrong
from tests.browser.pages import LessonPage
from tests.browser.watch import Watch

NO_SCRIPTS = pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
ADDRESS = f"/lessons/{SECOND}/"
FIRST = question(SECOND, 1)


def card(page: Page, number: int = 1) -> Locator:
    return page.locator(f"#question-{question(SECOND, number).id}")


def choose(page: Page, option: int, number: int = 1) -> None:
    card(page, number).get_by_role("radio").nth(option).check()


def answer(page: Page, option: int, number: int = 1) -> None:
    choose(page, option, number)
    card(page, number).get_by_role("button", name=re.compile("Answer|Try again")).click()


def plain(text: str) -> str:
    """The words of a Markdown text as they are read."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", markdown.render_block(text))).strip().replace("&quot;", '"')


@pytest.mark.parametrize("look", [Look(), Look(scripts=False)], ids=str)
def test_a_question_is_asked_hinted_answered_explained_and_answered_again(page: Page, lesson: LessonPage) -> None:
    lesson.open(ADDRESS)
    expect(page.get_by_text("Score: 0 of 3")).to_be_visible()
    card(page).get_by_role("button", name="Hint").click()
    expect(card(page)).to_contain_text(plain(FIRST.hint))
    answer(page, wrong(FIRST))
    expect(card(page)).to_contain_text("Not this one")
    expect(card(page)).to_contain_text(plain(FIRST.options[wrong(FIRST)].why))
    expect(card(page)).not_to_contain_text(plain(FIRST.options[right(FIRST)].why))
    expect(card(page).get_by_role("radio").nth(wrong(FIRST))).to_be_disabled()
    answer(page, right(FIRST))
    expect(card(page)).to_contain_text("Right, on attempt 2")
    expect(card(page)).to_contain_text(plain(FIRST.options[right(FIRST)].why))
    expect(page.get_by_text("Score: 1 of 3")).to_be_visible()
    expect(page.get_by_text("0 right on the first try")).to_be_visible()
    expect(card(page).get_by_role("button", name="Try again")).to_have_count(0)


def test_progress_outlives_a_reload_and_start_over_forgets_it(page: Page, lesson: LessonPage) -> None:
    lesson.open(ADDRESS)
    answer(page, right(FIRST))
    expect(page.get_by_text("Score: 1 of 3")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Score: 1 of 3")).to_be_visible()
    expect(card(page)).to_contain_text("Right.")
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_text("Score: 0 of 3")).to_be_visible()
    expect(card(page).get_by_role("button", name="Answer")).to_be_visible()


def test_an_answer_is_checked_in_a_run(page: Page, lesson: LessonPage) -> None:
    lesson.open(ADDRESS).fill(requests=2, wait=0.1).send().wait_for_state("ended")
    expect(page.get_by_role("link", name="Check it in a run")).to_have_count(0)
    answer(page, right(FIRST))
    card(page).get_by_role("link", name="Check it in a run").click()
    assert FIRST.evidence
    expect(page.locator("#table [data-shown]")).to_have_attribute("data-step", str(FIRST.evidence.step))
    expect(page.get_by_role("region", name="Code")).to_contain_text("One after another · request #1")


def test_an_answer_is_checked_in_a_new_run_where_the_one_on_the_stage_lacks_the_lane(
    page: Page, lesson: LessonPage
) -> None:
    lesson.open(ADDRESS).fill(requests=2, wait=0.1)
    page.get_by_role("group", name="Lanes").get_by_role("checkbox", name="One after another").uncheck()
    lesson.send().wait_for_state("ended")
    answer(page, right(FIRST))
    card(page).get_by_role("button", name="Check it in a run").click()
    assert FIRST.evidence
    expect(page.locator("#table [data-shown]")).to_have_attribute("data-step", str(FIRST.evidence.step))
    expect(page.get_by_role("region", name="Code")).to_contain_text("One after another · request #1")


def test_a_question_is_answered_with_the_keyboard_and_the_focus_stays_with_it(page: Page, lesson: LessonPage) -> None:
    lesson.open(ADDRESS)
    card(page).get_by_role("radio").first.focus()
    for _ in range(wrong(FIRST)):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(card(page)).to_contain_text("Not this one")
    inside = "each => each.contains(document.activeElement)"
    assert card(page).evaluate(inside)
    card(page).get_by_role("radio").nth(right(FIRST)).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(card(page)).to_contain_text("Right, on attempt 2")
    assert card(page).evaluate(inside)


def test_what_came_of_an_answer_is_announced(page: Page, lesson: LessonPage) -> None:
    lesson.open(ADDRESS)
    page.evaluate("id => { window.told = document.querySelector(`#question-${id} > [role=status]`) }", FIRST.id)
    answer(page, wrong(FIRST))
    expect(card(page).get_by_role("status").filter(has_text="Not this one")).to_be_visible()
    assert page.evaluate("() => window.told.isConnected && window.told.textContent.includes('Not this one')")


@NO_SCRIPTS
def test_without_scripts_the_learner_comes_back_to_the_question_on_the_run(page: Page, lesson: LessonPage) -> None:
    lesson.open(ADDRESS).fill(requests=2, wait=0.1).send().wait_for_state("ended")
    answer(page, wrong(FIRST))
    expect(page).to_have_url(re.compile(rf"/runs/[^/]+/#question-{FIRST.id}$"))
    expect(card(page)).to_contain_text("Not this one")


def plain_page(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).replace("&#x27;", "'").replace("&quot;", '"')


def test_no_answer_comes_over_the_socket(page: Page, lesson: LessonPage) -> None:
    frames: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: frames.append(str(data))))
    lesson.open(ADDRESS).fill(requests=2, wait=0.1).send().wait_for_state("ended")
    assert frames
    whole = plain_page("".join(frames))
    assert [plain(option.why) for option in FIRST.options if plain(option.why) in whole] == []


def test_the_address_of_an_answer_leads_to_its_question(page: Page, lesson: LessonPage) -> None:
    lesson.open(f"{ADDRESS}quiz/{FIRST.id}/")
    expect(page).to_have_url(f"{lesson.site}{ADDRESS}#question-{FIRST.id}")


def test_the_same_post_twice_counts_once(page: Page, lesson: LessonPage) -> None:
    lesson.open(ADDRESS)
    for _ in range(2):
        assert lesson.post(f"{ADDRESS}quiz/{FIRST.id}/", attempt=1, option=wrong(FIRST)).status == 200
    page.reload()
    expect(card(page).get_by_role("radio", disabled=True)).to_have_count(1)


def test_a_forged_name_is_nobody(page: Page, lesson: LessonPage) -> None:
    lesson.open(ADDRESS)
    answer(page, right(FIRST))
    expect(page.get_by_text("Score: 1 of 3")).to_be_visible()
    cookie = next(each for each in page.context.cookies() if each["name"] == "learner")
    value = cookie["value"].strip('"')
    page.context.add_cookies(
        [{"name": "learner", "value": value[:-1] + ("A" if value[-1] != "A" else "B"), "url": lesson.site}]
    )
    page.reload()
    expect(page.get_by_text("Score: 0 of 3")).to_be_visible()


def test_two_learners_do_not_see_each_others_answers(page: Page, lesson: LessonPage, second: LessonPage) -> None:
    lesson.open(ADDRESS)
    answer(page, right(FIRST))
    expect(page.get_by_text("Score: 1 of 3")).to_be_visible()
    second.open(ADDRESS)
    expect(second.page.get_by_text("Score: 0 of 3")).to_be_visible()


def test_an_answer_out_of_turn_is_told_at_the_question(page: Page, lesson: LessonPage, watch: Watch) -> None:
    lesson.open(ADDRESS)
    tab = page.context.new_page()
    LessonPage(tab, lesson.site).open(ADDRESS)
    answer(tab, wrong(FIRST))
    expect(card(tab)).to_contain_text("Not this one")
    watch.expect("status of 409")
    answer(page, right(FIRST))
    expect(card(page).get_by_role("alert")).not_to_be_empty()
    expect(card(page).get_by_role("button", name="Try again")).to_be_visible()
