"""A moment is what it is: whatever way one came to it, and whatever the computer's clock says."""

import random
from typing import Any, Final

import pytest
from playwright.sync_api import Page

from tests.browser.pages import ADDRESS, ASYNC, SYNC, LessonPage
from tests.browser.test_playback import Playhead, recorded

PICTURE: Final = """() => {
  const shown = {}
  for (const svg of document.querySelectorAll("#stage svg[data-picture]")) {
    const parts = [...svg.querySelectorAll("[data-part], .dots > [data-request], [data-guess]")]
    shown[`${svg.dataset.picture} ${svg.dataset.width}`] = parts.map((each) => {
      const names = ["class", "d", "transform", "opacity", "x", "x1", "width"]
      return [each.textContent, ...names.map((name) => each.style[name] || each.getAttribute(name) || "")].join("|")
    })
  }
  const texts = ["code", "table", "tracker", "said", "narration", "totals", "verdict", "status", "true-time", "seq"]
  for (const id of texts) {
    shown[id] = document.getElementById(id).textContent
  }
  for (const each of document.querySelectorAll("[id^=clock-], [id^=who-], [id^=meta-], [data-race-time]")) {
    shown[each.id || each.dataset.raceTime] = each.textContent
  }
  return shown
}"""
MOMENT: Final = 3.37  # s, in the middle of the sync lane
WAYS: Final = ("Step back", "Step forward", "Event back", "Event forward", "Start", "End")


def go_to(page: Page, moment: float) -> None:
    """By the scrubber, as a keyboard or a screen reader does."""
    page.get_by_role("slider", name="Moment of the run").evaluate(
        """(slider, moment) => {
          slider.value = moment
          slider.dispatchEvent(new Event("input", { bubbles: true }))
          slider.dispatchEvent(new Event("change", { bubbles: true }))
        }""",
        moment,
    )


def shown(page: Page) -> dict[str, Any]:
    """What stands on the stage once nothing changes any more."""
    before: dict[str, Any] = {}
    for _ in range(100):
        now: dict[str, Any] = page.evaluate(PICTURE)
        if now == before:
            return now
        before = now
        page.wait_for_timeout(300)
    raise AssertionError("it never comes to rest")


def wander(page: Page, playhead: Playhead, chance: random.Random) -> None:
    """A few presses, drags and plays, without waiting for what they do."""
    for _ in range(chance.randint(2, 6)):
        match chance.choice(("press", "press", "drag", "play")):
            case "press":
                playhead.button(chance.choice(WAYS)).click()
            case "drag":
                go_to(page, chance.uniform(0, 10))
            case _:
                for _ in range(2):  # at the end of the run it plays from the beginning, or has stopped by itself
                    page.locator(".playhead [data-key=' ']").click()
                    page.wait_for_timeout(chance.uniform(0, 400))


def test_any_way_to_a_moment_shows_the_same(page: Page, lesson: LessonPage) -> None:
    playhead = recorded(lesson)
    go_to(page, MOMENT)
    at_once = shown(page)
    assert at_once["true-time"] == f"{MOMENT:.2f} s"
    for seed in range(5):
        wander(page, playhead, random.Random(seed))
        go_to(page, MOMENT)
        page.wait_for_function("told => document.getElementById('seq').textContent === told", arg=at_once["seq"])
        assert shown(page) == at_once, seed
    lesson.open(f"{ADDRESS}?cursor={at_once['seq']}")  # the same event, linked
    linked = shown(page)
    texts = ("code", "table", "tracker", "said", "narration", "totals", "verdict", "seq")
    assert {name: linked[name] for name in texts} == {name: at_once[name] for name in texts}


@pytest.mark.parametrize("jump", [3_600_000, -3_600_000], ids=["forward", "back"])
def test_a_clock_that_jumps_by_an_hour_changes_nothing(page: Page, lesson: LessonPage, jump: int) -> None:
    lesson.open().fill(requests=4, wait=1, workers=1).send().wait_for_lane(ASYNC, "done")
    page.evaluate("jump => { const now = Date.now; Date.now = () => now() + jump }", jump)
    before = lesson.clock(SYNC)
    page.wait_for_timeout(600)
    gone = lesson.clock(SYNC) - before
    assert 0.2 < gone < 1.6
    lesson.wait_for_state("ended")
    assert 4.0 < lesson.clock(SYNC) < 6.0
    page.wait_for_function("() => document.getElementById('stage').dataset.alive === 'live'")
