"""Challenge: problems, two attempts each, a clock that costs nothing, and a run that settles the answer."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from lessons.content.teaching import Problem
from lessons.learning import challenges
from lessons.stage import law
from tests.browser.chromium import Look
from tests.browser.lessons import MAIN, address, content
from tests.browser.pages import RUN_PATIENCE, LessonPage, say_how_sure
from tests.browser.watch import Watch

NO_SCRIPTS = pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
PROBLEMS = content(MAIN).teaching.problems
CHOICE = next(problem for problem in PROBLEMS if problem.options)
NUMBER = next(problem for problem in PROBLEMS if problem.seconds)
SHAPES = [problem for problem in PROBLEMS if problem.shape]
DRAWN = next(problem for problem in PROBLEMS if problem.draw)


def open_problem(lesson: LessonPage, problem: Problem) -> None:
    lesson.open(f"{address(MAIN, 'challenge')}?problem={problem.id}")


def sheet(page: Page) -> Locator:
    return page.locator("#problem")


def drawn_seconds(page: Page, problem: Problem) -> float:
    """What the law says of the numbers on the page."""
    seed = int(sheet(page).locator("[name=seed]").input_value())
    spec = challenges.problem_spec(content(MAIN), problem, seed)
    return law.formula_total(*law.lane_formula(content(MAIN), problem.lane), spec)


def answer(page: Page, problem: Problem, *, right: bool) -> None:
    if problem.options:
        index = next(i for i, option in enumerate(problem.options) if option.right == right)
        sheet(page).locator(f"input[name=option][value='{index}']").check()
    else:
        claimed = drawn_seconds(page, problem) if problem.draw else problem.seconds
        sheet(page).get_by_label("Seconds until").fill(f"{claimed if right else claimed * 3:g}")
    say_how_sure(page)
    sheet(page).get_by_role("button", name="Answer", exact=True).click()


def wait_for_run(page: Page) -> None:
    expect(sheet(page).locator(".situation")).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)


def test_the_first_open_problem_is_shown_and_all_are_listed(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "challenge"))
    expect(sheet(page)).to_have_attribute("data-problem", PROBLEMS[0].id)
    expect(page.get_by_role("navigation", name="Problems").get_by_role("link")).to_have_count(len(PROBLEMS))
    expect(page.get_by_text(f"0 of {len(PROBLEMS)} right")).to_be_visible()


def test_the_problems_are_of_different_kinds() -> None:
    assert len({problem.kind for problem in PROBLEMS}) == 5


def test_a_wrong_answer_leaves_one_attempt_and_tells_why(page: Page, lesson: LessonPage) -> None:
    open_problem(lesson, CHOICE)
    answer(page, CHOICE, right=False)
    expect(sheet(page).get_by_role("status").filter(has_text="One more attempt")).to_be_visible()
    expect(sheet(page)).to_contain_text("1 of 2 attempts left")
    expect(sheet(page).locator(".report")).to_have_count(0)


def test_after_two_wrong_answers_the_right_one_and_the_run_are_shown(page: Page, lesson: LessonPage) -> None:
    wrong = [index for index, option in enumerate(CHOICE.options) if not option.right]
    open_problem(lesson, CHOICE)
    for count, index in enumerate(wrong[:2], 1):
        sheet(page).get_by_role("radio").nth(index).check()
        say_how_sure(page)
        sheet(page).get_by_role("button", name="Answer", exact=True).click()
        expect(sheet(page).locator(".filling.is-wrong")).to_have_count(count)
    wait_for_run(page)
    expect(sheet(page).locator(".filling.is-right")).to_have_count(1)
    expect(sheet(page)).to_contain_text("not solved")
    expect(page.get_by_text(f"0 of {len(PROBLEMS)} right")).to_be_visible()


def test_a_prediction_is_compared_with_a_live_run(page: Page, lesson: LessonPage) -> None:
    open_problem(lesson, NUMBER)
    answer(page, NUMBER, right=True)
    wait_for_run(page)
    compared = sheet(page).get_by_role("table", name="Guess and measurement")
    expect(compared.get_by_role("row", name="Your guess")).to_contain_text(f"{NUMBER.seconds:.2f} s")
    measured = compared.get_by_role("row", name="Measured now").inner_text()
    found = re.search(r"(\d+\.\d+) s", measured)
    assert found
    assert float(found[1]) >= NUMBER.seconds * 0.98
    expect(sheet(page)).to_contain_text("solved")


def test_all_problems_right_earn_the_badge_which_stays(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "challenge"))
    for number, problem in enumerate(PROBLEMS, 1):
        expect(sheet(page)).to_have_attribute("data-problem", problem.id)
        expect(page.locator(".badge-won")).to_have_count(0)
        answer(page, problem, right=True)
        expect(page.get_by_text(f"{number} of {len(PROBLEMS)} right")).to_be_visible()
        if number < len(PROBLEMS):
            sheet(page).get_by_role("link", name="Next problem").click()
    expect(page.locator(".badge-won")).to_be_visible()
    page.reload()
    expect(page.locator(".badge-won")).to_be_visible()


def switch(page: Page, way: str) -> None:
    sheet(page).get_by_role("button", name=f"Switch the clock {way}").click()


def test_the_clock_runs_for_who_wants_one_and_ends_without_ending_anything(page: Page, lesson: LessonPage) -> None:
    page.clock.install()
    open_problem(lesson, CHOICE)
    timer = sheet(page).get_by_role("timer")
    expect(timer).to_have_text("")
    switch(page, "on")
    expect(timer).to_have_text(re.compile(r"2:00|1:5\d"))
    page.clock.run_for(60_000)
    expect(timer).to_have_text(re.compile(r"1:00|0:5\d"))
    page.clock.run_for(70_000)
    expect(timer).to_have_text("0:00")
    expect(sheet(page).get_by_text("nothing is lost")).to_be_visible()
    answer(page, CHOICE, right=True)
    expect(sheet(page).get_by_role("status").filter(has_text="Right.")).to_be_visible()


def test_the_clock_stays_as_it_was_switched(page: Page, lesson: LessonPage) -> None:
    open_problem(lesson, CHOICE)
    switch(page, "on")
    open_problem(lesson, NUMBER)
    expect(sheet(page).get_by_role("timer")).to_have_text(re.compile(r"\d:\d\d"))
    switch(page, "off")
    open_problem(lesson, CHOICE)
    expect(sheet(page).get_by_role("button", name="Switch the clock on")).to_be_visible()
    expect(sheet(page).get_by_role("timer")).to_have_text("")


def test_numbers_are_drawn_kept_and_run(page: Page, lesson: LessonPage) -> None:
    open_problem(lesson, DRAWN)
    asked = sheet(page).locator(".prose").first.inner_text()
    answer(page, DRAWN, right=False)
    expect(sheet(page).get_by_text("One more attempt")).to_be_visible()
    page.reload()
    expect(sheet(page).locator(".prose").first).to_have_text(asked)
    answer(page, DRAWN, right=True)
    expect(sheet(page).locator(".judgement")).to_contain_text("Right.")
    expect(page.get_by_role("table", name="How sure, and how often right")).to_contain_text("rather sure")
    wait_for_run(page)


def test_the_run_can_be_repeated_later(page: Page, lesson: LessonPage) -> None:
    open_problem(lesson, NUMBER)
    answer(page, NUMBER, right=True)
    expect(sheet(page).locator(".report")).to_be_visible()
    report = sheet(page).get_by_role("link", name="Open this run in Visualize")
    first = report.get_attribute("href") or ""
    open_problem(lesson, NUMBER)
    expect(report).to_have_attribute("href", first)
    expect(sheet(page).locator(".situation")).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)
    sheet(page).get_by_role("button", name="Run it again").click()
    expect(report).not_to_have_attribute("href", first)
    wait_for_run(page)


@NO_SCRIPTS
def test_without_scripts_an_answer_is_settled_by_a_run(page: Page, lesson: LessonPage) -> None:
    open_problem(lesson, NUMBER)
    expect(sheet(page).get_by_role("timer")).to_be_hidden()
    answer(page, NUMBER, right=True)
    wait_for_run(page)
    expect(sheet(page).get_by_role("table", name="Guess and measurement")).to_be_visible()


@pytest.mark.parametrize("text", ["soon", "-1", "1e9", "3601"])
def test_what_is_no_answer_is_refused_with_the_range_and_stays_as_it_was_typed(
    text: str, page: Page, lesson: LessonPage, watch: Watch
) -> None:
    watch.expect("status of 400")
    open_problem(lesson, NUMBER)
    sheet(page).get_by_label("Seconds until").fill(text)
    say_how_sure(page, "certain")
    sheet(page).get_by_role("button", name="Answer", exact=True).click()
    expect(sheet(page).locator(".trouble")).to_contain_text("from 0 to 3600")
    expect(sheet(page)).to_contain_text("2 of 2 attempts left")
    expect(sheet(page).get_by_label("Seconds until")).to_have_value(text)
    expect(sheet(page).get_by_label("certain")).to_be_checked()


def test_nothing_tells_the_answer_before_it_is_given(page: Page, lesson: LessonPage) -> None:
    for problem in PROBLEMS:
        open_problem(lesson, problem)
        served = page.content() + page.request.get(page.url).text()
        hidden = [problem.why] + [option.why for option in problem.options]
        assert [text for text in hidden if plain(text) in served] == []


def plain(text: str) -> str:
    """The longest stretch of a text that holds no markup."""
    return max(re.split(r"[`*&'\"<>\n]", text), key=len).strip()[:60]


@pytest.mark.parametrize("problem", SHAPES, ids=lambda each: each.id)
def test_whose_timeline_it_is_cannot_be_read_from_the_page(problem: Problem, page: Page, lesson: LessonPage) -> None:
    assert problem.shape
    open_problem(lesson, problem)
    shape = sheet(page).get_by_role("figure", name="Timeline of a lane")
    expect(shape.locator("svg.held-strip")).to_be_visible()
    expect(shape).to_contain_text(re.compile(r"Answers came after (\d\.\d\d s(, )?){8}\."))
    assert content(MAIN).lane(problem.shape.lane).name not in sheet(page).inner_text()
    assert problem.shape.lane not in page.content()
    answer(page, problem, right=True)
    wait_for_run(page)
    expect(sheet(page).get_by_text("Right.")).to_be_visible()
