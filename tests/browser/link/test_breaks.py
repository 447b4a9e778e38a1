"""The link between page and server breaks in every way a way can break, and comes back by itself."""

import time

from playwright.sync_api import Page, expect

from tests.browser.htmx import BOTH_HTMX
from tests.browser.link.proxy import Proxy
from tests.browser.link.standing import BACK, SILENT, TOLD, cut, is_live, is_quiet, running, says
from tests.browser.pages import LessonPage
from tests.browser.test_playback import Playhead


@BOTH_HTMX
def test_a_cut_connection_in_mid_run_is_made_anew_unnoticed(page: Page, lesson: LessonPage, proxy: Proxy) -> None:
    running(lesson)
    assert cut(page, proxy) < BACK
    is_quiet(page)
    lesson.wait_for_state("ended")


def test_a_site_that_is_down_is_told_and_the_page_is_right_when_it_is_back(
    page: Page, lesson: LessonPage, proxy: Proxy
) -> None:
    running(lesson)
    proxy.refuse()
    says(page, "The connection to the server is lost. Trying again…", TOLD)
    page.wait_for_timeout(5000)
    proxy.free()
    assert is_live(page) < BACK
    is_quiet(page)
    lesson.wait_for_state("ended")


def test_packets_that_are_swallowed_are_noticed_and_the_page_comes_back(
    page: Page, lesson: LessonPage, proxy: Proxy
) -> None:
    running(lesson)
    proxy.swallow()
    says(page, "The connection to the server is lost.", SILENT)
    page.wait_for_timeout(3000)  # attempts hang in the meantime
    proxy.free()
    assert is_live(page) < BACK
    is_quiet(page)
    lesson.wait_for_state("ended")


@BOTH_HTMX
def test_a_word_said_into_a_dead_link_is_done_once(page: Page, lesson: LessonPage, proxy: Proxy) -> None:
    lesson.open()
    playhead = Playhead(page)
    is_live(page)
    playhead.press("Event back")
    before = playhead.event
    proxy.swallow()
    playhead.button("Event back").click()
    says(page, "The connection to the server is lost.", SILENT)
    proxy.free()
    is_live(page)
    playhead.until(lambda: playhead.event != before)
    assert playhead.event == before - 1
    playhead.press("Event forward")
    assert playhead.event == before


def test_who_plays_plays_on_after_a_loss(page: Page, lesson: LessonPage, proxy: Proxy) -> None:
    lesson.open()
    playhead = Playhead(page)
    playhead.press("Start")
    playhead.speed.select_option("0.25×")
    playhead.button("Play").click()
    playhead.until(lambda: playhead.event > 20)
    cut(page, proxy)
    expect(playhead.button("Pause")).to_be_visible()
    stood = playhead.event
    playhead.until(lambda: playhead.event > stood)


def test_who_is_offline_is_told_and_goes_on_when_back(page: Page, lesson: LessonPage, proxy: Proxy) -> None:
    running(lesson)
    page.context.set_offline(True)
    proxy.cut()
    says(page, "You are offline.", TOLD)
    page.context.set_offline(False)
    assert is_live(page) < BACK
    is_quiet(page)
    lesson.wait_for_state("ended")


def test_a_frozen_page_is_right_when_it_thaws(page: Page, lesson: LessonPage) -> None:
    running(lesson)
    session = page.context.new_cdp_session(page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(3)  # the run goes on and nobody looks
    session.send("Page.setWebLifecycleState", {"state": "active"})
    assert is_live(page) < BACK
    is_quiet(page)
    lesson.wait_for_state("ended")


def test_try_now_tries_now(page: Page, lesson: LessonPage, proxy: Proxy) -> None:
    lesson.open()
    is_live(page)
    proxy.refuse()
    says(page, "The connection to the server is lost.", TOLD)
    proxy.free()
    button = page.get_by_role("button", name="Try now")
    if button.is_visible():  # it may be back by itself already
        button.click()
    assert is_live(page) < BACK


@BOTH_HTMX
def test_a_run_that_is_gone_is_told_and_not_called_running(page: Page, lesson: LessonPage, proxy: Proxy) -> None:
    lesson.open()
    is_live(page)
    page.evaluate("() => document.getElementById('stage').dataset.link = '/live/runs/nothing/'")
    page.evaluate("() => document.dispatchEvent(new CustomEvent('htmx:after:swap', { detail: {} }))")
    expect(page.locator("#link")).to_contain_text("There is no such run, or it has expired.")
    expect(page.locator("#status")).to_be_hidden()
    expect(page.get_by_role("button", name="Try now")).to_be_hidden()
