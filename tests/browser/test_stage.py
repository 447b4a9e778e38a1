"""The stage on one screen: what is seen at once, what moves by itself, what the controls would change."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chromium import Look
from tests.browser.pages import ADDRESS, ASYNC, SLUG, SYNC, LessonPage
from tests.waiting import until

MOVING = pytest.mark.parametrize("look", [Look(motion="no-preference")], ids=str)
PHONE = pytest.mark.parametrize("look", [Look(width=390), Look(width=320)], ids=str)
WHOLE = "#controls, .lane, .xray > section, #said, .playhead, .race"  # what a wide screen shows at once
EMBED = f"/embed/lessons/{SLUG}/runs/recorded-{SLUG}/"
SMALL = """least => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found = []
  while (texts.nextNode()) {
    const each = texts.currentNode.parentElement
    if (!texts.currentNode.data.trim() || each.closest(".sr, .skip, .word")) continue
    if (!each.checkVisibility({visibilityProperty: true})) continue
    const svg = each.closest("svg[viewBox]")
    const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1
    const size = parseFloat(getComputedStyle(each).fontSize) * scale
    if (size < least) found.push(`${size.toFixed(1)} ${texts.currentNode.data.trim()}`)
  }
  return [...new Set(found)]
}"""


def boxes(page: Page, selector: str) -> list[tuple[str, float, float]]:
    """Name, top and bottom of what matches and is seen, in pixels of the window."""
    found: list[tuple[str, float, float]] = page.evaluate(
        """selector => [...document.querySelectorAll(selector)].filter(each => each.checkVisibility()).map(each => {
          const {top, bottom} = each.getBoundingClientRect()
          return [each.id || each.getAttribute("aria-label") || each.className, top, bottom]
        })""",
        selector,
    )
    return found


def expect_whole(page: Page, selector: str, height: float) -> None:
    """All of it is in the window, without scrolling."""
    cut = [each for each in boxes(page, selector) if each[1] < 0 or each[2] > height]
    assert page.evaluate("() => scrollY") == 0
    assert not cut


def dots(lane: Locator) -> list[str]:
    """Where the dots of a lane are drawn."""
    found: list[str] = lane.locator("svg.wide .dots > g").evaluate_all(
        "all => all.map(each => `${each.getAttribute('class')} ${each.getAttribute('transform')}`)"
    )
    return found


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1440, 900), (1920, 1080)])
@pytest.mark.parametrize("slug", [SLUG, "await-together"])
def test_all_of_the_stage_is_on_one_screen(page: Page, lesson: LessonPage, slug: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    lesson.open(f"/lessons/{slug}/")
    assert len(boxes(page, WHOLE)) == 2 + 3 + 4
    expect_whole(page, WHOLE, height)
    lesson.send()
    expect(page.locator("#stage")).to_have_attribute("data-alive", "live")
    expect_whole(page, WHOLE, height)
    lesson.wait_for_state("ended")
    expect_whole(page, WHOLE, height)


def test_four_lanes_are_on_one_screen_and_level(page: Page, lesson: LessonPage) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    lesson.open().fill(
        requests=100, wait=0.1, lanes=("Sync view", ASYNC, "Async view that blocks", "Sync view under ASGI")
    )
    lesson.send()
    expect(page.locator(".lane")).to_have_count(4)
    before = boxes(page, ".lane")
    assert before[-1][2] <= 800
    lesson.wait_for_state("ended")
    assert boxes(page, ".lane") == before


@MOVING
def test_the_recorded_run_plays_by_itself_and_stops_short_of_its_result(page: Page, lesson: LessonPage) -> None:
    lesson.open()
    lane, before = lesson.lane(SYNC), None
    until(lambda: dots(lane) != before and lesson.clock(SYNC) > 0.3, "the first motion")
    before = dots(lane)
    until(lambda: dots(lane) != before, "motion")
    scrubber = page.get_by_role("slider", name="Moment of the run")
    last = float(scrubber.get_attribute("max") or 0)
    again = (
        "() => { const at = document.getElementById('scrubber').valueAsNumber; const past = window.most ?? 0;"
        " window.most = Math.max(past, at); return at < past - 1 }"
    )
    page.wait_for_function(again)  # it begins anew
    assert 0.5 * last < page.evaluate("() => window.most") < 0.7 * last
    expect(page.locator("#verdict")).to_have_text("")
    lesson.requests.focus()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


@MOVING
def test_who_is_quicker_than_the_first_frame_is_not_played_to(page: Page, lesson: LessonPage) -> None:
    page.add_init_script(
        """document.addEventListener("DOMContentLoaded", () => document.querySelector("[name=requests]").focus())
        document.addEventListener("lesson:frame", () => window.told = (window.told ?? 0) + 1)"""
    )
    lesson.open()
    page.wait_for_function("() => window.told")
    scrubber = page.get_by_role("slider", name="Moment of the run")
    stands = scrubber.input_value()
    page.wait_for_timeout(1000)
    assert scrubber.input_value() == stands
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_with_less_motion_it_stands_at_a_moment_that_tells(page: Page, lesson: LessonPage) -> None:
    lesson.open()
    expect(lesson.holder(SYNC)).to_contain_text("request #1 holds the only worker")
    expect(lesson.lane(SYNC).locator(".wide")).to_contain_text("0 of 10")
    expect(lesson.lane(ASYNC).locator(".wide")).to_contain_text("Wait for I/O · 10")
    expect(page.locator("#verdict")).to_have_text("")
    assert "cursor" not in page.url


def test_with_less_motion_the_dots_of_a_live_run_swap_places(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=3, wait=1.0)
    lesson.send()
    page.evaluate(
        """() => {
          window.places = {}
          new MutationObserver(records => {
            for (const {target} of records) {
              if (!target.matches(".dots > [data-request]")) continue
              const name = `${target.closest("svg").dataset.picture} ${target.dataset.request}`
              const places = window.places[name] ??= new Set()
              places.add(target.style.transform)
            }
          }).observe(document.getElementById("stage"), {subtree: true, attributeFilter: ["style"]})
        }"""
    )
    lesson.wait_for_state("ended")
    seen = page.evaluate("() => Object.values(window.places).map(each => each.size)")
    assert len(seen) > 3
    # Places in the line, in the server, on the shelf, at the end: a dot that glides is seen at dozens.
    assert max(seen) < 10


@pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
def test_without_scripts_the_same_picture_stands_there(lesson: LessonPage) -> None:
    lesson.open()
    expect(lesson.lane(ASYNC).locator(".wide")).to_contain_text("Wait for I/O · 10")
    expect(lesson.lane(SYNC).locator(".wide .dot.queued")).to_have_count(9)


def test_sliders_and_numbers_go_together(page: Page, lesson: LessonPage) -> None:
    lesson.open()
    for name, number in (("Requests", lesson.requests), ("I/O wait", lesson.wait), ("Worker threads", lesson.workers)):
        slider = page.get_by_role("slider", name=name, exact=True)
        assert float(slider.input_value()) == float(number.input_value())
        slider.focus()
        page.keyboard.press("ArrowRight")
        expect(number).to_have_value(slider.input_value())
    lesson.requests.fill("37")
    expect(page.get_by_role("slider", name="Requests", exact=True)).to_have_value("37")


def test_a_control_shows_what_it_would_change_before_it_is_sent(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(workers=4, requests=20)
    wide = lesson.lane(SYNC).locator("svg.wide")
    expect(wide).to_contain_text("1 of 1 taken → 4 next")
    expect(wide).to_contain_text("Request arrives → 20 next")
    assert wide.locator('[data-part="ghost"]').get_attribute("d")
    law = wide.locator('[data-part="law"]')
    expect(law).to_be_hidden()  # it is what is asked for: first the guess
    expect(lesson.lane(ASYNC).locator("svg.wide [data-part='law']")).to_have_text("next: 1 s")
    lesson.prediction.fill("7")
    expect(law).to_have_text("next: 5 s")
    lesson.fill(workers=1, requests=10)
    expect(law).to_be_hidden()
    expect(wide).not_to_contain_text("next")


def test_the_flag_on_the_time_axis_is_the_prediction(page: Page, lesson: LessonPage) -> None:
    lesson.open()
    flag = page.get_by_role("slider", name="Your guess", exact=True)
    line = lesson.lane(SYNC).locator("svg.wide [data-part='flag']")
    expect(line).to_have_text("your guess?")
    box, thumb = flag.bounding_box(), 9
    assert box
    page.mouse.move(box["x"] + thumb, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    guess = float(lesson.prediction.input_value())
    assert guess == pytest.approx(float(flag.get_attribute("max") or 0) / 2, abs=0.15)
    expect(line).to_have_text(f"your {guess:g} s")
    expect(flag).to_have_attribute("aria-valuetext", f"{guess:g} s")
    lesson.prediction.fill("4.5")
    expect(flag).to_have_value("4.5")
    flag.focus()
    page.keyboard.press("ArrowLeft")
    expect(lesson.prediction).to_have_value("4.4")


def test_a_run_with_a_guess_does_not_ask_for_one_on_its_own_bars(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=2, wait=0.2, workers=1).prediction.fill("0.4")
    lesson.send().wait_for_state("ended")
    wide = lesson.lane(SYNC).locator("svg.wide")
    expect(wide).to_contain_text("guess 0.4 s")
    expect(wide).not_to_contain_text("your guess?")
    lesson.prediction.fill("0.3")
    expect(wide.locator("[data-part='flag']")).to_have_text("your 0.3 s")


def test_the_scrubber_is_on_the_time_axis_of_the_pictures(page: Page, lesson: LessonPage) -> None:
    lesson.open()
    scrubber = page.get_by_role("slider", name="Moment of the run")
    expect(page.locator("#scale span").first).to_have_text("0 s")
    labels = page.locator("#scale span").all_text_contents()
    assert labels == lesson.lane(SYNC).locator("svg.wide [data-part='axis'] text").all_text_contents()
    for key in ("End", "Home"):
        page.get_by_role("button", name={"End": "End", "Home": "Start"}[key], exact=True).click()
    expect(scrubber).to_have_value("0")


def test_a_linked_moment_has_a_mark_that_leads_back_to_it(page: Page, lesson: LessonPage) -> None:
    lesson.open(f"{ADDRESS}?lane=sync@waitress&request=3&cursor=300")
    mark = page.get_by_role("button", name="Back to the moment of this link")
    expect(page.locator("#seq")).to_have_text("300")
    thumb, place = page.locator("#scrubber").bounding_box(), mark.bounding_box()
    assert thumb
    assert place
    expect(mark).to_be_in_viewport()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator("#seq")).not_to_have_text("300")
    mark.click()
    expect(page.locator("#seq")).to_have_text("300")
    lesson.open()
    expect(mark).to_have_count(0)


def test_a_key_moment_brings_the_whole_stage_into_view(page: Page, lesson: LessonPage) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    lesson.open()
    shown = page.locator("a[data-show-step]:visible").first
    shown.scroll_into_view_if_needed()
    shown.click()
    until(lambda: page.evaluate("() => scrollY") == 0, "the top of the page")
    expect_whole(page, WHOLE, 800)


@PHONE
def test_a_phone_has_both_lanes_in_view_with_the_transport_and_the_rest_as_tabs(
    page: Page, lesson: LessonPage, look: Look
) -> None:
    lesson.open().send()
    until(
        lambda: page.evaluate("() => document.querySelector('.lanes').getBoundingClientRect().top") < 60,
        "the lanes in view",
    )
    tops = boxes(page, ".lane")
    (_, transport, _) = boxes(page, ".playhead")[0]
    assert tops[0][1] >= 0
    assert tops[1][2] <= transport
    for tab, shown in (("Execution table", lesson.table), ("Variables", lesson.tracker)):
        page.get_by_text(tab, exact=True).locator("visible=true").first.click()
        expect(shown).to_be_visible()
    expect(lesson.table).to_be_hidden()
    assert page.evaluate(SMALL, 10.9) == []


@pytest.mark.parametrize("look", [Look(width=1280)], ids=str)
def test_nothing_on_a_wide_stage_is_smaller_than_eleven_pixels(page: Page, lesson: LessonPage, look: Look) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    lesson.open()
    assert page.evaluate(SMALL, 10.9) == []


def test_an_embed_is_whole_in_700_by_520(page: Page, lesson: LessonPage) -> None:
    page.set_viewport_size({"width": 700, "height": 520})
    lesson.open(EMBED)
    expect(page.locator("#stage")).to_have_attribute("data-alive", "live")
    expect_whole(page, ".lane, #said, .playhead, .race", 520)


@MOVING
def test_the_front_page_begins_with_the_running_scene(page: Page, lesson: LessonPage) -> None:
    lesson.open("/")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    lane, before = lesson.lane(SYNC), None
    until(lambda: lesson.clock(SYNC) > 0.3 and dots(lane) != before, "motion")
    before = dots(lane)
    until(lambda: dots(lane) != before, "motion")
    page.get_by_role("button", name="Pause", exact=True).click()
    stopped = dots(lane)
    page.wait_for_timeout(200)
    assert dots(lane) == stopped
    page.get_by_role("link", name="Begin: ").click()
    expect(lesson.send_button).to_be_visible()


def test_who_wishes_no_motion_starts_the_front_page_by_hand(page: Page, lesson: LessonPage) -> None:
    lesson.open("/")
    button = page.get_by_role("button", name="Play", exact=True)
    stood = dots(lesson.lane(SYNC))
    button.click()
    until(lambda: dots(lesson.lane(SYNC)) != stood, "motion")


def test_my_runs_have_small_pictures_and_local_times(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=2, wait=0.1).send().wait_for_state("ended")
    until(lambda: lesson.open("/runs/").page.locator(".thumbnail").count() == 1, "the small picture")
    picture = page.locator(".thumbnail")
    until(lambda: picture.evaluate("each => each.complete && each.naturalWidth") == 342, "a picture of its width")
    assert "UTC" not in page.locator("main time").first.inner_text()
