"""What a stranger can do with the live run, in a real Chromium on a real site.

Clocks are compared with what must be, ceil(N/W) x wait or one wait, and with each other; how much later they may be
depends on the machine, so bounds above are wide.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Look
from tests.browser.htmx import BOTH_HTMX
from tests.browser.pages import ASYNC, BLOCKING, BUSY, LANES, SYNC, THREADED, LessonPage, choose_preset
from tests.browser.watch import Watch

LATE = 1.5  # s a busy machine may add


@BOTH_HTMX
def test_ten_requests_take_ten_waits_sync_and_one_wait_async(lesson: LessonPage) -> None:
    lesson.open().send().wait_for_lane(ASYNC, "done")
    expect(lesson.holder(SYNC)).to_contain_text(re.compile(r"request #\d+ holds the only worker"))
    expect(lesson.lane(SYNC).locator(".wide .dot.queued")).not_to_have_count(0)
    expect(lesson.state).to_have_attribute("data-state", "running")
    lesson.wait_for_state("ended")
    assert 10.0 <= lesson.clock(SYNC) < 10.0 + LATE
    assert 1.0 <= lesson.clock(ASYNC) < 1.0 + LATE
    expect(lesson.state).to_have_attribute("data-outcome", "done")
    expect(lesson.page.get_by_text(re.compile(rf"The last of ten answers came after|{BUSY}"))).to_be_visible()


def test_a_lane_fills_its_dots_and_bars_while_it_runs(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=10, wait=0.5).send().wait_for_lane(ASYNC, "done")
    dots = lesson.lane(SYNC).locator(".wide .dot")
    expect(dots).to_have_count(10)
    expect(lesson.lane(SYNC).locator(".wide .dot.done")).not_to_have_count(0)
    expect(lesson.lane(SYNC).locator(".wide .dot.queued")).not_to_have_count(0)
    expect(lesson.lane(ASYNC).locator(".wide .dot.done")).to_have_count(10)
    lesson.wait_for_state("ended")
    expect(lesson.lane(SYNC).locator(".wide .dot.done")).to_have_count(10)


@BOTH_HTMX
def test_one_request_is_held_at_each_of_its_six_steps(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=1, wait=0.2).send()
    expect(lesson.hold).to_be_checked()
    for step in range(1, 7):
        lesson.wait_for_step(step)
        expect(page.locator(f"#said-{step}")).to_have_class("current")
    lesson.wait_for_state("ended")
    expect(lesson.row(3)).to_contain_text(re.compile(r"Yes \d"))
    expect(lesson.row(5)).to_contain_text("Yes")
    expect(lesson.tracker.get_by_role("row", name=re.compile("^data"))).to_contain_text("Fetched data value")


def test_the_running_line_is_marked_while_the_view_waits(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=1, wait=0.5).send().wait_for_step(3)
    expect(page.get_by_role("group", name=f"Code of {ASYNC}").locator("[aria-current=step]")).to_have_text(
        re.compile(r"data = await fetch_data\(\)")
    )


def test_holding_can_be_switched_off_in_mid_run(lesson: LessonPage) -> None:
    lesson.open().fill(requests=1, wait=0.1).send().wait_for_step(1)
    lesson.hold.set_checked(False)
    lesson.wait_for_state("ended")
    expect(lesson.row(6)).to_have_attribute("aria-current", "step")


def test_four_workers_answer_ten_requests_in_three_waits(lesson: LessonPage) -> None:
    choose_preset(lesson.open().page, "Four workers")
    expect(lesson.workers).to_have_value("4")
    lesson.send().wait_for_state("ended")
    assert 3.0 <= lesson.clock(SYNC) < 3.0 + LATE


def test_a_blocking_call_in_async_is_as_slow_as_one_worker_and_sync_under_asgi_is_not(lesson: LessonPage) -> None:
    lesson.open().fill(requests=6, wait=0.5, workers=1, lanes=LANES).send().wait_for_state("ended")
    assert lesson.clock(SYNC) >= 3.0
    assert lesson.clock(BLOCKING) >= 3.0
    assert lesson.clock(ASYNC) < 3.0
    assert lesson.clock(THREADED) < 3.0


def test_a_hundred_requests_are_all_answered(lesson: LessonPage) -> None:
    lesson.open().fill(requests=100, wait=0.1, workers=16).send().wait_for_state("ended")
    for name in (SYNC, ASYNC):
        expect(lesson.lane(name).locator(".wide .dot.done")).to_have_count(100)


def test_a_run_is_cancelled_and_the_next_one_sent(page: Page, lesson: LessonPage) -> None:
    lesson.open().send().wait_for_lane(ASYNC, "done").cancel().wait_for_state("ended")
    expect(lesson.state).to_have_attribute("data-outcome", "cancelled")
    assert lesson.clock(SYNC) < 10
    expect(lesson.cancel_button).to_have_count(0)
    lesson.fill(requests=2, wait=0.1).send().wait_for_state("ended")
    expect(lesson.state).to_have_attribute("data-outcome", "done")


def test_another_request_is_pinned_and_stays_pinned(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=5, wait=0.4).send()
    page.evaluate("() => { window.sameDocument = true }")
    page.get_by_role("radio", name=SYNC, exact=True).check()
    page.get_by_role("spinbutton", name="Pinned request").fill("4")
    page.keyboard.press("Enter")
    panel = page.get_by_role("region", name="Code")
    expect(panel).to_contain_text(f"{SYNC} · request #4")
    lesson.wait_for_state("ended")
    expect(panel).to_contain_text(f"{SYNC} · request #4")
    expect(lesson.table).to_contain_text("Call fetch_data()")
    assert page.evaluate("() => window.sameDocument")
    page.reload()
    expect(panel).to_contain_text(f"{SYNC} · request #4")


def test_a_request_is_pinned_by_a_click_on_its_dot(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=3, wait=0.1).send().wait_for_state("ended")
    page.get_by_role("region", name=ASYNC, exact=True).locator(".wide [data-request='2']").click()
    expect(page.get_by_role("region", name="Code")).to_contain_text(f"{ASYNC} · request #2")


@BOTH_HTMX
def test_a_reload_in_mid_run_stands_where_the_run_is(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=10, wait=0.5).send().wait_for_lane(ASYNC, "done")
    before = lesson.clock(SYNC)
    page.reload()
    assert lesson.clock(SYNC) >= before
    expect(lesson.lane(ASYNC).locator(".wide .dot.done")).to_have_count(10)
    lesson.wait_for_state("ended")
    assert 5.0 <= lesson.clock(SYNC) < 5.0 + LATE


def test_a_second_window_moves_with_the_first_and_cannot_cancel(
    page: Page, lesson: LessonPage, second: LessonPage
) -> None:
    lesson.open().fill(requests=10, wait=0.5).send()
    second.page.goto(page.url)
    second.wait_for_lane(ASYNC, "done")
    expect(second.state).to_have_attribute("data-state", "running")
    expect(second.cancel_button).to_have_count(0)
    lesson.wait_for_state("ended")
    second.wait_for_state("ended")
    assert second.clock(SYNC) == lesson.clock(SYNC)


@BOTH_HTMX
def test_bad_numbers_are_told_at_their_fields_and_nothing_runs(page: Page, lesson: LessonPage, watch: Watch) -> None:
    watch.expect("status of 422")
    lesson.open().fill(requests="101", wait="0", workers="17")
    address = page.url
    lesson.send_button.click()
    told = {lesson.requests: "send at most 100", lesson.wait: "wait at least 0.1", lesson.workers: "at most 16"}
    for field, words in told.items():
        expect(field).to_have_accessible_description(re.compile(words))
        expect(field).to_have_attribute("aria-invalid", "true")
    assert page.url == address


def test_no_lane_is_told_and_nothing_runs(page: Page, lesson: LessonPage, watch: Watch) -> None:
    watch.expect("status of 422")
    lesson.open().fill(lanes=()).send_button.click()
    expect(page.get_by_role("alert").filter(has_text="choose at least one lane")).to_be_visible()


@pytest.mark.parametrize("look", [Look(width=390)], ids=str)
def test_a_run_is_sent_and_watched_on_a_phone(lesson: LessonPage) -> None:
    lesson.open().fill(requests=3, wait=0.2).send().wait_for_state("ended")
    assert lesson.clock(SYNC) >= 0.6


@pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
def test_a_run_is_sent_and_seen_to_end_without_scripts(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=2, wait=0.3).send().wait_for_state("ended")
    assert lesson.clock(SYNC) >= 0.6
