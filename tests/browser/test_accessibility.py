"""Everybody can read and use every page, in every state it can be in."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from turbohtml import parse
from turbohtml.conformance import check

from tests.browser.axe import violations
from tests.browser.chromium import Look
from tests.browser.pages import ASYNC, RUN_ADDRESS, SYNC, LessonPage
from tests.browser.states import EXPECTED, STATES
from tests.browser.watch import Watch, visit

Scheme = Literal["light", "dark"]
# Every rule at each width, and the contrast of what is seen on the wide one in both schemes: rules of axe.
LOOKED_AT: tuple[tuple[int, Scheme, tuple[str, ...]], ...] = (
    (1280, "light", ()),
    (1280, "dark", ("color-contrast",)),
    (320, "dark", ()),
)
OUTSIDE = """() => {
  const scrolls = each => each && each !== document.body && (
    ["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(each).overflowX) || scrolls(each.parentElement)
  )
  const outside = each => each.getBoundingClientRect().right > innerWidth + 1 && !scrolls(each.parentElement)
  return [...document.querySelectorAll("body *")].filter(each => outside(each) && !outside(each.parentElement))
    .map(each => each.outerHTML.slice(0, each.outerHTML.indexOf(">") + 1))
}"""
LOST = """() => {
  const ids = [...document.querySelectorAll("[id]")].map(each => each.id)
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index)
  const names = ["for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns"]
  const references = names.flatMap(name => [...document.querySelectorAll(`[${name}]`)]
    .flatMap(each => each.getAttribute(name).split(/\\s+/)))
  return [...twice, ...references.filter(id => !ids.includes(id))]
}"""
UNMARKED = """() => {
  const focused = document.activeElement
  const marked = each => {
    const style = getComputedStyle(each)
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
    return outlined || style.boxShadow !== "none"
  }
  const marks = [focused, focused.closest("label")].filter(Boolean)
  return focused === document.body || marks.some(marked) ? [] : [focused.outerHTML.slice(0, 120)]
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter(each => {
  const style = getComputedStyle(each)
  const long = text => text.split(",").some(part => parseFloat(part) > 0.02)
  return (style.animationName !== "none" && long(style.animationDuration)) || long(style.transitionDuration)
}).map(each => each.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module", params=STATES)
def reached(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Page]:
    """A page in one of its states, reached once for all that is looked at."""
    with visit(browser, Look(), site) as (context, watch):
        if request.param in EXPECTED:
            watch.expect(EXPECTED[request.param])
        page = context.new_page()
        STATES[request.param](LessonPage(page, site))
        yield page


def test_no_rule_of_axe_is_broken_and_nothing_leads_out_of_the_window(reached: Page) -> None:
    page = reached
    found = []
    for width, scheme, rules in LOOKED_AT:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{width} {scheme}: {violation}" for violation in violations(page, *rules)]
        found += [f"{width} {scheme}: beyond the edge: {each}" for each in beyond_the_edge(page)]
    assert not found, "\n".join(found)


def beyond_the_edge(page: Page) -> list[str]:
    """The outermost elements that make the page scroll sideways."""
    if page.evaluate("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
        return []
    outside: list[str] = page.evaluate(OUTSIDE)
    return outside or ["something"]


def test_the_page_as_served_is_valid_html(reached: Page) -> None:
    assert html_faults(reached.request.get(reached.url).text()) == []


@pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
def test_the_page_that_tells_what_to_correct_is_valid_html(page: Page, lesson: LessonPage, watch: Watch) -> None:
    watch.expect("status of 422")
    lesson.open().fill(requests=0, lanes=())
    with page.expect_navigation() as navigation:
        lesson.send_button.click()
    assert navigation.value
    assert navigation.value.status == 422
    assert html_faults(navigation.value.text()) == []


def html_faults(text: str) -> list[str]:
    """What a validator has to say: faults of the syntax, then of the use of elements and attributes."""
    document = parse(text)
    syntax = [f"{each.line}:{each.col} {each.code}" for each in document.errors]
    return syntax + [f"{each.line}:{each.column} {each.message}" for each in check(document).errors]


def test_every_id_is_unique_and_every_reference_leads_somewhere(reached: Page) -> None:
    lost = reached.evaluate(LOST)
    assert lost == []


def press_until(page: Page, wanted: str, most: int = 60) -> None:
    """Press Tab until the element with this accessible name has the focus, which must be visible."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.locator("*:focus")
        name = focused.evaluate("each => each.labels?.[0]?.textContent || each.textContent").strip()
        if name.startswith(wanted):
            return
    raise AssertionError(f"Tab never came to {wanted!r}")


def test_a_run_is_sent_watched_and_cancelled_with_the_keyboard_alone(page: Page, lesson: LessonPage) -> None:
    lesson.open()
    press_until(page, "Requests")
    page.keyboard.press("Control+a")
    page.keyboard.type("10")
    press_until(page, SYNC)
    press_until(page, ASYNC)
    page.keyboard.press("Space")
    expect(lesson.lane_choice(ASYNC)).not_to_be_checked()
    page.keyboard.press("Space")
    press_until(page, "Send requests")
    page.keyboard.press("Enter")
    page.wait_for_url(RUN_ADDRESS)
    lesson.wait_for_lane(ASYNC, "done")
    press_until(page, "Cancel")
    page.keyboard.press("Enter")
    lesson.wait_for_state("ended")


def test_the_first_press_of_tab_offers_to_skip_to_the_content(page: Page, lesson: LessonPage) -> None:
    lesson.open()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_whatever_has_the_focus_is_seen_to_have_it(page: Page, lesson: LessonPage) -> None:
    lesson.open()
    unmarked = []
    for _ in range(40):
        page.keyboard.press("Tab")
        unmarked += page.evaluate(UNMARKED)
    assert unmarked == []


@pytest.mark.parametrize("look", [Look(scripts=False), Look(width=390, scripts=False)], ids=str)
def test_the_recorded_run_can_be_read_without_scripts(lesson: LessonPage) -> None:
    lesson.open()
    for step in range(1, 7):
        expect(lesson.row(step)).to_contain_text(str(step))
    for name in (SYNC, ASYNC):
        expect(lesson.holder(name)).to_be_visible()
    expect(lesson.tracker).to_contain_text("request")


@pytest.mark.parametrize("look", [Look(motion="reduce")], ids=str)
def test_nothing_moves_by_itself_when_less_motion_is_wished(page: Page, lesson: LessonPage) -> None:
    lesson.open()
    moving = page.evaluate(MOVING)
    assert moving == []


def test_controls_have_the_names_that_are_contract(page: Page, lesson: LessonPage) -> None:
    lesson.open()
    for control in (lesson.requests, lesson.wait, lesson.workers, lesson.send_button, lesson.table, lesson.tracker):
        expect(control).to_have_count(1)
    expect(page.get_by_role("group", name="Lanes").get_by_role("checkbox")).to_have_count(4)
    for name in (SYNC, ASYNC):
        expect(lesson.lane(name)).to_have_count(1)
