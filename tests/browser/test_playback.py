"""A run is gone through in any direction, while it runs and after, by pointer, by keys, and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.chromium import Look
from tests.browser.htmx import BOTH_HTMX
from tests.browser.pages import ADDRESS, ASYNC, SYNC, LessonPage

SEEN = """() => {
  window.seen = []
  document.addEventListener("lesson:frame", ({ detail }) =>
    window.seen.push([detail.seq, detail.mode, performance.now()]))
}"""


class Playhead:
    """The playhead as a learner knows it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.bar = page.get_by_role("group", name="Playback")
        self.scrubber = page.get_by_role("slider", name="Moment of the run")
        self.speed = self.bar.get_by_role("combobox", name="Speed")
        self.live = self.bar.get_by_role("button", name="Back to live")
        self.request = page.get_by_role("spinbutton", name="Pinned request")

    def button(self, name: str) -> Locator:
        return self.bar.get_by_role("button", name=name, exact=True)

    def press(self, *names: str) -> None:
        """Press buttons, each when the one before has moved the picture."""
        for name in names:
            before = self.event
            self.button(name).click()
            self.until(lambda before=before: self.event != before)  # type: ignore[misc]

    @property
    def event(self) -> int:
        """The number of the event that is shown."""
        return int(self.page.locator("#seq").inner_text())

    @property
    def end(self) -> int:
        """The number of the last event."""
        return int(self.page.locator("#end").inner_text())

    @property
    def moment(self) -> float:
        """Seconds of true time, as the scrubber has them."""
        return float(self.scrubber.input_value())

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until it holds, at most as long as for anything on a page."""
        for _ in range(400):
            if holds():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"in vain; {self.event} of {self.end}, {self.scrubber.get_attribute('aria-valuetext')}")


def recorded(lesson: LessonPage, query: str = "") -> Playhead:
    """The recorded run, connected."""
    lesson.page.add_init_script(f"({SEEN})()")
    lesson.open(ADDRESS + query)
    lesson.page.wait_for_function("() => window.seen.length")
    playhead = Playhead(lesson.page)
    if not query:  # it opens at another moment by itself
        playhead.press("End")
        lesson.page.evaluate("() => document.activeElement.blur()")
    return playhead


@BOTH_HTMX
def test_an_ended_run_is_stepped_through_and_scrubbed(page: Page, lesson: LessonPage) -> None:
    playhead = recorded(lesson)
    assert playhead.event == playhead.end
    expect(playhead.live).to_be_hidden()
    for step in (6, 5):
        playhead.press("Step back")
        lesson.wait_for_step(step)
    expect(page.locator("#told")).to_have_text(re.compile(r"^Paused, \d+\.\d\d s, step 5 of request #1$"))
    playhead.press("Start")
    assert (playhead.event, playhead.moment) == (1, 0.0)
    expect(lesson.lane(SYNC).locator(".wide .dot.idle")).to_have_count(10)
    for step in (1, 2, 3):
        playhead.press("Step forward")
        lesson.wait_for_step(step)
        expect(page.locator(f"#said-{step}")).to_have_class("current")
    expect(page.locator(".pinned [aria-current=step].line")).to_contain_text("await fetch_data()")
    before = playhead.event
    playhead.press("Event forward", "Event forward", "Event back")
    assert playhead.event == before + 1
    box = playhead.scrubber.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    for part in (0.4, 0.5, 0.6):
        page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    expect(lesson.lane(SYNC).locator(".wide .dot.done")).to_have_count(6, timeout=10_000)
    axis = float(playhead.scrubber.get_attribute("max") or 0)
    assert playhead.moment == pytest.approx(0.6 * axis, abs=0.2)
    expect(playhead.scrubber).to_have_attribute("aria-valuetext", re.compile(r"^6\.\d\d s, step 6 of request #1$"))
    expect(lesson.state).to_have_attribute("data-state", "running")
    expect(lesson.cancel_button).to_be_hidden()
    playhead.press("End")
    lesson.wait_for_state("ended")
    page.wait_for_function("() => !location.search.includes('cursor')")


def test_a_run_is_paused_and_gone_back_in_while_it_goes_on(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=10, wait=1, workers=1).send().wait_for_lane(ASYNC, "done")
    playhead = Playhead(page)
    playhead.button("Pause").click()
    expect(playhead.button("Play")).to_be_visible()
    expect(playhead.live).to_be_visible()
    paused, end = playhead.event, playhead.end
    playhead.until(lambda: playhead.end > end + 20)  # the run goes on underneath
    assert playhead.event == paused
    playhead.press("Start", "Step forward", "Step forward", "Step forward")
    lesson.wait_for_step(3)
    assert playhead.moment < 0.6
    place = playhead.event
    page.wait_for_url(f"**?cursor={place}")  # though the run sends frames all the while
    expect(page.locator("#told")).to_have_text(re.compile(r"^Paused, 0\.\d\d s, step 3 of request #1$"))
    playhead.live.press("Enter")
    expect(playhead.live).to_be_hidden()
    expect(playhead.button("Pause")).to_be_focused()  # for the button that was pressed is gone
    expect(page.locator("#told")).to_have_text(re.compile("^Live, "))
    expect(playhead.button("Pause")).to_be_visible()
    assert playhead.moment > 0.6
    playhead.speed.select_option("0.25")
    expect(playhead.live).to_be_visible()
    behind = playhead.event
    playhead.until(lambda: playhead.end > behind + 60)
    assert playhead.event < playhead.end
    playhead.speed.select_option("4")
    expect(playhead.live).to_be_hidden(timeout=15_000)
    expect(playhead.speed).to_have_value("1")
    lesson.wait_for_state("ended")
    expect(playhead.button("Play")).to_be_visible()
    assert playhead.event == playhead.end


def test_a_run_is_played_slowly_fast_and_held_at_each_step(page: Page, lesson: LessonPage) -> None:
    playhead = recorded(lesson, "?cursor=1")
    playhead.speed.select_option("0.1")
    playhead.button("Play").click()
    playhead.until(lambda: playhead.moment > 0.05)
    playhead.button("Pause").click()
    expect(playhead.button("Play")).to_be_visible()
    frames = page.evaluate("() => window.seen.filter(([, mode]) => mode === 'playing')")
    assert len(frames) > 3
    assert frames[-1][2] - frames[0][2] >= 300, "a twentieth of a second lasts half a second"
    lesson.hold.set_checked(True)
    playhead.speed.select_option("4")
    playhead.press("Start")
    page.evaluate("() => { window.seen.length = 0 }")
    playhead.button("Play").click()
    for step in (1, 2, 3):
        lesson.wait_for_step(step)
        expect(page.locator("#moment")).to_contain_text("held for reading")
    lesson.hold.set_checked(False)
    lesson.wait_for_state("ended")
    expect(playhead.button("Play")).to_be_visible()
    expect(page.locator("#told")).to_have_text(re.compile("^At the end, "))
    seqs = page.evaluate("() => window.seen.map(([seq]) => seq)")
    assert seqs == sorted(seqs)
    assert len(set(seqs)) > 20
    playhead.button("Play").click()  # from the start again
    playhead.until(lambda: playhead.moment < 5)
    playhead.button("Pause").click()


def test_keys_move_the_picture_and_leave_fields_alone(page: Page, lesson: LessonPage) -> None:
    playhead = recorded(lesson)
    page.locator("body").press("Home")
    playhead.until(lambda: playhead.event == 1)
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight"):
        before = playhead.event
        page.keyboard.press(key)
        playhead.until(lambda before=before: playhead.event > before)  # type: ignore[misc]
    lesson.wait_for_step(3)
    page.keyboard.press("4")
    expect(playhead.request).to_have_value("4")
    expect(page.locator("#code")).to_contain_text("request #4")
    page.keyboard.press(" ")
    expect(playhead.button("Pause")).to_be_visible()
    page.keyboard.press(" ")
    expect(playhead.button("Play")).to_be_visible()
    playhead.scrubber.focus()
    before = playhead.event
    page.keyboard.press("ArrowLeft")
    playhead.until(lambda: playhead.event < before)
    page.keyboard.press("End")
    playhead.until(lambda: playhead.event == playhead.end)
    page.keyboard.press("ArrowLeft")
    playhead.until(lambda: playhead.event < playhead.end)
    stood = playhead.event
    for field in (playhead.speed, playhead.request, page.get_by_role("radio", name=ASYNC, exact=True)):
        field.focus()
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Home")
    lesson.requests.focus()
    page.keyboard.type("12")
    expect(page.get_by_role("radio", name=SYNC, exact=True)).to_be_checked()  # the arrow did what it does there
    assert playhead.event == stood
    page.get_by_role("heading", name="In words").click()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


def test_a_reload_and_a_lost_connection_keep_the_place(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=4, wait=0.5, workers=1).send().wait_for_lane(ASYNC, "done")
    playhead = Playhead(page)
    page.get_by_role("radio", name=SYNC, exact=True).check()
    playhead.request.fill("2")
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_contain_text(f"{SYNC} · request #2")
    lesson.hold.set_checked(True)
    playhead.press("Start", "Step forward", "Step forward")
    place = playhead.event
    page.wait_for_function("place => location.search.includes(`cursor=${place}`)", arg=place)
    page.evaluate(SEEN)
    page.evaluate("() => dispatchEvent(new Event('pagehide'))")
    page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    page.wait_for_function("() => window.seen.length > 0")
    playhead.until(lambda: playhead.end > place + 20)
    assert {seq for seq, *_ in page.evaluate("() => window.seen")} == {place}, "at no time anywhere else"
    expect(page.locator("#link")).to_be_hidden()
    expect(page.locator("#code")).to_contain_text(f"{SYNC} · request #2")
    page.reload()
    assert playhead.event == place
    expect(playhead.button("Play")).to_be_visible()
    expect(page.locator("#code")).to_contain_text(f"{SYNC} · request #2")
    playhead.press("Event forward")
    assert playhead.event == place + 1
    playhead.press("End")
    lesson.wait_for_state("ended")


def test_a_key_moment_is_shown_where_its_evidence_is(page: Page, lesson: LessonPage) -> None:
    playhead = recorded(lesson)
    page.get_by_role("link", name="Show me in my run").first.click()
    playhead.until(lambda: playhead.event < playhead.end)
    lesson.wait_for_step(3)
    expect(lesson.row(3)).to_contain_text("Yes")
    expect(lesson.row(3)).to_be_in_viewport()
    expect(page.locator("#table [data-shown]")).to_have_attribute("data-step", "3")
    assert page.get_by_role("radio", name=ASYNC, exact=True).is_checked()
    assert playhead.request.input_value() == "1"
    page.get_by_role("link", name="Show me in my run").nth(1).click()
    expect(page.locator("#code")).to_contain_text(f"{SYNC} · request #1")
    page.wait_for_url(re.compile("cursor="))
    place = playhead.event
    page.reload()  # the address has the lane, too
    expect(page.locator("#code")).to_contain_text(f"{SYNC} · request #1")
    assert playhead.event == place


@pytest.mark.parametrize("late", ["**/htmx-4*.js", "**/link*.js", "**/wire*.js"])
def test_a_script_that_comes_late_is_waited_for(late: str, page: Page, lesson: LessonPage) -> None:
    held: list[Route] = []
    page.add_init_script(f"({SEEN})()")
    page.route(late, lambda route: held.append(route))
    page.goto(lesson.site + ADDRESS, wait_until="commit")
    expect(page.get_by_role("button", name="Send requests")).to_be_visible()
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_function("() => window.seen.length >= 1")
    Playhead(page).press("Step back", "Step back", "Step back")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?cursor=99999", "This run has no event 99999; it has events 1 to "),
        ("?cursor=-1", "The cursor must be a whole number, 0 or more."),
        ("?step=7", "Request #1 has no step 7 in this run."),
    ],
)
def test_a_place_that_is_not_there_is_told_on_the_page(query: str, words: str, lesson: LessonPage) -> None:
    playhead = recorded(lesson, query)
    expect(lesson.errors.filter(has_text=words)).to_be_visible()
    assert playhead.event == playhead.end


@pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
def test_a_run_is_gone_through_without_scripts(page: Page, lesson: LessonPage) -> None:
    lesson.open()
    playhead = Playhead(page)
    expect(playhead.scrubber).to_be_hidden()
    for name, step in (("Start", 0), ("Step forward", 1), ("Step forward", 2), ("Step forward", 3), ("Step back", 2)):
        playhead.bar.get_by_role("link", name=name, exact=True).click()
        if step:
            lesson.wait_for_step(step)
    page.get_by_role("radio", name=SYNC, exact=True).check()
    cursor = playhead.event
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#code")).to_contain_text(f"{SYNC} · request #1")
    assert playhead.event == cursor
    playhead.bar.get_by_role("link", name="End", exact=True).click()
    lesson.wait_for_state("ended")


@pytest.mark.parametrize("look", [Look(width=390)], ids=str)
def test_a_run_is_gone_through_on_a_phone(page: Page, lesson: LessonPage) -> None:
    playhead = recorded(lesson)
    page.get_by_text("Execution table", exact=True).locator("visible=true").first.tap()
    for name in ("Start", "Step forward", "Step forward"):
        before = playhead.event
        playhead.button(name).tap()
        playhead.until(lambda before=before: playhead.event != before)  # type: ignore[misc]
    lesson.wait_for_step(2)
    for each in playhead.bar.get_by_role("button").all():
        if each.is_visible() and (box := each.bounding_box()):
            assert min(box["width"], box["height"]) >= 24, each.inner_text()
            assert box["x"] + box["width"] <= 390
