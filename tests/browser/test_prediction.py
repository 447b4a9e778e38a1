"""Predict before running: say it, see it beside the measurement, read what the difference says; or skip it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Look
from tests.browser.lessons import MAIN, SECOND, address, content
from tests.browser.pages import ASYNC, SYNC, LessonPage, choose_preset
from tests.browser.watch import Watch

NUMBERS = re.compile(r"How long .* 10 requests with 1 worker")


UNJUDGED = re.escape("The machine was too busy for this run to judge a guess: send the requests again.")


def says(formula: str, slug: str = MAIN) -> re.Pattern[str]:
    """The beginning of what the content has for this way of thinking, up to the first number in it.

    Beside other tests the machine may be too busy to judge, and then the page says that instead.
    """
    asked = content(slug).teaching.prediction
    assert asked
    text = next(each.says for each in asked.readings if each.formula == formula)
    return re.compile(f"{re.escape(text.partition('{')[0])}|{UNJUDGED}")


def test_a_prediction_is_seen_beside_its_measurement(page: Page, lesson: LessonPage) -> None:
    lesson.open()
    expect(lesson.prediction).to_have_accessible_description(NUMBERS)
    expect(lesson.prediction).to_have_value("")
    choose_preset(page, "Four workers")
    expect(lesson.prediction).to_have_accessible_description(re.compile("10 requests with 4 workers"))
    expect(lesson.prediction).to_have_value("")
    lesson.fill(requests=1, workers=1)
    expect(lesson.prediction).to_have_accessible_description(re.compile("1 request with 1 worker,"))
    lesson.fill(requests=10, wait=0.3)
    assert "all 10 requests could wait" not in page.content()
    lesson.prediction.fill("0.3")
    lesson.send().wait_for_lane(SYNC, "running")
    box = page.locator("#prediction")
    expect(box).to_contain_text("0.3 s")
    expect(box).not_to_contain_text("too low")
    expect(lesson.lane(SYNC)).to_contain_text("Guess: 0.3 s")
    expect(lesson.lane(SYNC).locator(".wide .guess")).to_have_count(1)
    expect(lesson.lane(ASYNC).locator(".guess")).to_have_count(0)
    expect(lesson.prediction).to_have_value("")  # the next run wants a new one
    lesson.wait_for_state("ended")
    measured = re.compile(r"Guess\s*0\.3 s\s*Sync view took\s*(\d+\.\d\d) s")
    expect(box).to_contain_text(measured)
    found = measured.search(box.inner_text())
    assert found
    took = float(found[1])
    assert took >= 3  # ten waits of 0.3 s, one after another
    told = box.get_by_role("status").inner_text()
    if re.fullmatch(UNJUDGED, told.strip()):
        return
    short = re.search(r"The guess was (\d+\.\d\d) s too low\.", told)
    assert short
    assert float(short[1]) == pytest.approx(took - 0.3, abs=0.011)  # both are rounded
    expect(box.get_by_role("status")).to_contain_text(says("wait"))
    told = box.inner_text()
    page.reload()
    expect(box.get_by_role("status")).to_contain_text(says("wait"))
    assert box.inner_text() == told


def test_a_prediction_may_be_skipped(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=2, wait=0.1).send().wait_for_state("ended")
    expect(page.locator("#prediction")).to_be_hidden()
    expect(page.get_by_text("Guess:")).to_have_count(0)


def test_a_prediction_of_a_lane_that_does_not_run_does_not_count(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=2, wait=0.1, lanes=(ASYNC,))
    expect(lesson.prediction).to_have_accessible_description(re.compile("the lane Sync view, which is not ticked"))
    lesson.prediction.fill("3")
    lesson.send().wait_for_state("ended")
    expect(page.locator("#prediction")).to_be_hidden()


@pytest.mark.parametrize(("typed", "told"), [("-1", "no run takes less"), ("3601", "write at most 3600 s")])
def test_a_prediction_that_is_none_is_told_at_its_field(
    typed: str, told: str, page: Page, lesson: LessonPage, watch: Watch
) -> None:
    watch.expect("status of 422")
    lesson.open().prediction.fill(typed)
    before = page.url
    lesson.send_button.click()
    expect(lesson.prediction).to_have_accessible_description(re.compile(told))
    expect(lesson.prediction).to_have_attribute("aria-invalid", "true")
    expect(lesson.prediction).to_have_value(typed)
    assert page.url == before


def test_what_is_no_number_is_not_taken_for_skipping(page: Page, lesson: LessonPage) -> None:
    lesson.open().prediction.press_sequentially("1e")
    before = page.url
    lesson.send_button.click()
    assert lesson.prediction.evaluate("each => each.validity.badInput")
    expect(lesson.prediction).to_be_focused()
    assert page.url == before


@pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
def test_a_prediction_is_made_without_scripts(page: Page, lesson: LessonPage) -> None:
    asked = content(MAIN).teaching.prediction
    assert asked
    lesson.open()
    expect(lesson.prediction).to_have_accessible_description(re.compile(re.escape(asked.question)))
    lesson.fill(requests=3, wait=0.2).prediction.fill("0")
    lesson.send().wait_for_state("ended")
    expect(page.locator("#prediction").get_by_role("status")).to_contain_text(says("none"))


def test_the_second_lesson_asks_its_own_question(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(SECOND, "visualize")).fill(requests=5, wait=0.3).prediction.fill("3")
    lesson.send().wait_for_state("ended")
    expect(page.locator("#prediction").get_by_role("status")).to_contain_text(says("sum", SECOND))
