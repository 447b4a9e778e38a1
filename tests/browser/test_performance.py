"""Performance: this server measured on demand while the learner watches, and the law with the learner's numbers."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from lessons.performance.model import plan_points
from tests.browser.chromium import Look
from tests.browser.lessons import MAIN, address, content
from tests.browser.pages import LessonPage
from tests.browser.watch import Watch

NO_SCRIPTS = pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
PATIENCE = 120_000  # ms; a whole measurement on a busy machine
PERFORMANCE = content(MAIN).teaching.performance
assert PERFORMANCE
COUNT = len(plan_points(PERFORMANCE))
POINTS = len(PERFORMANCE.series) * len(set(PERFORMANCE.requests))
SERIES = len(PERFORMANCE.series)
LABELS = [each.label for each in PERFORMANCE.series]


def open_performance(lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "performance"))


def open_law(page: Page, lesson: LessonPage) -> Locator:
    """The law, for whoever asks before anything was measured."""
    open_performance(lesson)
    expect(page.get_by_role("region", name="The law behind it")).to_have_count(0)
    page.get_by_role("button", name="just show me").click()
    return page.get_by_role("region", name="The law behind it")


def begin(page: Page) -> None:
    page.get_by_role("button", name="Measure this server").click()


def figures(page: Page) -> Locator:
    """Every total in the table."""
    return page.get_by_role("table", name="Totals and throughput").get_by_role("link")


def chart(page: Page, number: int) -> Locator:
    """The first one has totals, the second means."""
    return page.locator(".chart").nth(number - 1)


def marks(page: Page) -> Locator:
    """Every point in the chart of totals."""
    return chart(page, 1).locator("svg .point")


def drawn(page: Page, number: int) -> list[str]:
    """The figures in a chart."""
    titles = chart(page, number).locator(".point title").all_text_contents()
    return sorted(text.rpartition(": ")[2] for text in titles)


def outcome(page: Page, word: str) -> None:
    expect(page.locator("#measured .situation")).to_have_attribute("data-outcome", word, timeout=PATIENCE)


def cancel(page: Page) -> None:
    page.get_by_role("button", name="Cancel").click()
    outcome(page, "cancelled")


def test_figures_arrive_one_by_one_and_in_the_end_all_are_there(page: Page, lesson: LessonPage) -> None:
    open_performance(lesson)
    expect(figures(page)).to_have_count(0)
    expect(marks(page)).to_have_count(0)
    begin(page)
    expect(marks(page).first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert marks(page).count() < POINTS
    outcome(page, "done")
    expect(figures(page)).to_have_count(POINTS)
    expect(marks(page)).to_have_count(POINTS)
    expect(chart(page, 2).locator("svg .point")).to_have_count(POINTS)
    expect(chart(page, 1).locator(".line-name")).to_have_text(LABELS)
    patterns = page.get_by_role("table", name="Patterns")
    expect(patterns).not_to_contain_text("not measured yet")
    expect(patterns).to_contain_text("per second")
    expect(page.locator(".figures .overhead")).to_have_count(POINTS)
    page.reload()
    expect(figures(page)).to_have_count(POINTS)
    begun = re.compile(r"starting at \d+ \w+ 20\d\d, \d\d:\d\d UTC")
    expect(page.locator("#measured .situation")).to_contain_text(begun)


def test_chart_and_table_tell_the_same(page: Page, lesson: LessonPage) -> None:
    open_performance(lesson)
    begin(page)
    expect(figures(page)).not_to_have_count(0, timeout=PATIENCE)
    cancel(page)
    assert sorted(figures(page).all_inner_texts()) == drawn(page, 1)
    assert sorted(page.locator(".figures .mean span").all_inner_texts()) == drawn(page, 2)


def test_a_measurement_can_be_cancelled_and_what_was_measured_stays(page: Page, lesson: LessonPage) -> None:
    open_performance(lesson)
    begin(page)
    expect(figures(page)).not_to_have_count(0, timeout=PATIENCE)
    cancel(page)
    expect(figures(page)).not_to_have_count(0)
    expect(page.get_by_role("button", name="Measure again")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    open_performance(lesson)
    expect(figures(page)).not_to_have_count(0)


def test_a_second_window_of_the_learner_shows_the_same_measurement(page: Page, lesson: LessonPage) -> None:
    open_performance(lesson)
    begin(page)
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    other = page.context.new_page()
    other.goto(lesson.site + address(MAIN, "performance"))
    expect(other.get_by_role("progressbar")).to_be_visible()
    cancel(other)
    outcome(page, "cancelled")


def test_a_figure_leads_to_the_run_it_was_measured_in(page: Page, lesson: LessonPage) -> None:
    open_performance(lesson)
    begin(page)
    expect(figures(page)).not_to_have_count(0, timeout=PATIENCE)
    cancel(page)
    figures(page).first.click()
    lesson.wait_for_state("ended")


@NO_SCRIPTS
def test_without_scripts_a_measurement_is_followed_and_cancelled(page: Page, lesson: LessonPage) -> None:
    open_performance(lesson)
    begin(page)
    expect(page).to_have_url(re.compile("measurement="))
    expect(figures(page)).not_to_have_count(0, timeout=PATIENCE)
    cancel(page)


@pytest.mark.parametrize("look", [Look(), Look(scripts=False)], ids=str)
def test_the_law_is_computed_with_the_learners_numbers(page: Page, lesson: LessonPage) -> None:
    law = open_law(page, lesson)
    law.get_by_role("spinbutton", name="Requests N").fill("10")
    law.get_by_role("spinbutton", name="Workers W").fill("4")
    law.get_by_role("spinbutton", name="Wait, s").fill("2")
    law.get_by_role("button", name="Compute").click()
    expect(law.locator(".formula")).to_contain_text("6 s")
    expect(law.locator(".law-result")).to_contain_text("3 rounds")


def test_numbers_without_a_meaning_are_told_so(page: Page, lesson: LessonPage) -> None:
    law = open_law(page, lesson)
    law.get_by_role("spinbutton", name="Workers W").fill("0")
    law.get_by_role("button", name="Compute").click()
    expect(law.locator(".trouble")).to_contain_text("Workers W")


def test_an_unknown_measurement_is_told_and_another_can_begin(page: Page, lesson: LessonPage) -> None:
    lesson.open(f"{address(MAIN, 'performance')}?measurement=nothing")
    expect(page.get_by_role("alert").filter(has_text="not here any more")).to_be_visible()
    expect(page.get_by_role("button", name="Measure this server")).to_be_visible()


def test_nobody_else_can_cancel_a_measurement(page: Page, lesson: LessonPage, second: LessonPage, watch: Watch) -> None:
    open_performance(lesson)
    begin(page)
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    second.open(page.url.removeprefix(lesson.site))
    expect(second.page.get_by_role("progressbar")).to_be_visible()
    expect(second.page.get_by_role("button", name="Cancel")).to_have_count(0)
    cancel(page)
