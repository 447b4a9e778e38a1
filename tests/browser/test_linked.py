"""One moment in all its forms: what lights up together, by pointer, keyboard and finger, and the run as text."""

import re

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.browser.chromium import Look
from tests.browser.pages import ADDRESS, ASYNC, BUSY, SYNC, LessonPage
from tests.browser.watch import Watch

# Every form of a step that is drawn as lit, as "KIND STEPS".
LIT = """() => {
  const colors = () => {
    const probe = document.createElement("i")
    document.body.append(probe)
    probe.className = "line current"
    const style = getComputedStyle(probe)
    const found = {edge: style.borderInlineStartColor, ground: style.backgroundColor}
    probe.remove()
    return found
  }
  const {edge, ground} = colors()
  const kinds = {
    tr: "row", "td, th": "variable", li: "sentence", ".line": "line", "text": "node", ".stretch": "stretch"
  }
  const kind = each => kinds[Object.keys(kinds).find(selector => each.matches(selector))]
  const lit = each => {
    const style = getComputedStyle(each)
    return each.matches("rect") ? style.stroke === edge && style.strokeWidth === "2px"
      : each.matches("text") ? style.textDecorationLine === "underline"
      : style.backgroundColor === ground && (each.matches("td, th") ? style.boxShadow.includes(edge)
        : style.outlineStyle !== "none")
  }
  const found = [...document.querySelectorAll("#stage [data-step]")].filter(lit)
  return [...new Set(found.map(each => `${kind(each)} ${each.dataset.step}`))].sort()
}"""
THIRD = ["line 3 4", "node 3 4", "row 3", "sentence 3", "stretch 3", "variable 2 3"]
FIFTH = ["line 5", "node 5 6", "row 5", "sentence 5", "stretch 5", "variable 5 6"]


def expect_lit(page: Page, forms: list[str]) -> None:
    """These forms are lit, and no other."""
    try:
        page.wait_for_function(f"forms => JSON.stringify(({LIT})()) === JSON.stringify(forms)", arg=forms)
    except TimeoutError as error:
        raise AssertionError(f"lit: {page.evaluate(LIT)}") from error


def form(page: Page, kind: str, step: str) -> Locator:
    """A form of the steps with these numbers."""
    return page.locator(f'#stage {kind}[data-step="{step}"]:not(.off)').first


def test_pointing_at_one_form_of_a_step_lights_the_others(page: Page, lesson: LessonPage) -> None:
    lesson.open_end()
    expect_lit(page, [])
    for place in (lesson.row(3), form(page, "li", "3"), form(page, ".stretch", "3")):
        place.hover()
        expect_lit(page, THIRD)
    lesson.row(5).hover()
    expect_lit(page, FIFTH)
    form(page, ".line", "3 4").hover()  # a line, a node or a column may be that of two steps
    both = ["line 3 4", "node 3 4", "row 3", "row 4", "sentence 3", "sentence 4", "stretch 3", "stretch 4"]
    expect_lit(page, [*both, "variable 2 3", "variable 4"])
    form(page, "text", "2").hover()
    expect_lit(page, ["line 2", "node 2", "row 2", "sentence 2", "stretch 2", "variable 2 3"])
    page.get_by_role("heading", name="Execution table").hover()
    expect_lit(page, [])


def test_a_step_of_any_number_is_lit(page: Page, lesson: LessonPage) -> None:
    lesson.open_end()
    expect(page.locator("#stage")).to_have_attribute("data-alive", "live")
    page.evaluate("""() => {
      for (const each of document.querySelectorAll('#stage [data-step="3"]')) each.setAttribute("data-step", "12 130")
    }""")
    page.locator("tr[data-step='12 130']").hover()
    expect_lit(page, ["row 12 130", "sentence 12 130", "stretch 12 130"])


def test_the_rows_are_one_stop_of_the_keyboard_and_light_the_rest(page: Page, lesson: LessonPage) -> None:
    lesson.open_end()
    expect(page.locator("#table tr[tabindex='0']")).to_have_count(1)
    page.locator("#table").focus()
    page.keyboard.press("Tab")
    expect(lesson.row(6)).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    expect(lesson.row(3)).to_be_focused()
    expect_lit(page, THIRD)
    page.keyboard.press("Escape")
    expect_lit(page, [])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect_lit(page, FIFTH)
    page.keyboard.press("Tab")
    expect(page.locator("#table :focus")).to_have_count(0)
    expect_lit(page, [])


def test_what_is_lit_stays_lit_while_frames_come(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=3, wait=2, workers=1).send()
    expect(lesson.row(3)).to_have_attribute("aria-current", "step")
    lesson.row(3).hover()
    alive = ["node 3 4", "row 3", "sentence 3", "stretch 3", "variable 2 3"]
    expect_lit(page, ["line 3", *alive])
    before = lesson.clock(SYNC)
    lesson.wait_for_lane(ASYNC, "done")
    assert lesson.clock(SYNC) > before
    expect_lit(page, THIRD)
    lesson.row(5).focus()
    page.get_by_role("heading", name="Execution table").hover()
    expect_lit(page, FIFTH)
    lesson.wait_for_state("ended")
    expect(lesson.row(5)).to_be_focused()
    expect_lit(page, FIFTH)


@pytest.mark.parametrize("look", [Look(width=390)], ids=str)
def test_a_tap_lights_a_step_and_a_tap_beside_it_none(page: Page, lesson: LessonPage) -> None:
    lesson.open_end()
    form(page, "li", "3").tap()
    expect_lit(page, THIRD)
    page.get_by_role("heading", name="Sync view", exact=True).tap()
    expect_lit(page, [])


@pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)
def test_the_current_step_is_marked_in_every_form_without_scripts(page: Page, lesson: LessonPage) -> None:
    lesson.open(f"{ADDRESS}runs/recorded-why-async-matters/?lane=async@daphne&request=1&step=3")
    expect(lesson.row(3)).to_have_attribute("aria-current", "step")
    for place in (".pinned .line", "#said-3", "#table tr", "#tracker td"):
        expect(page.locator(f"#stage {place}.current").first).to_have_attribute("data-step", re.compile("3"))


def test_a_run_under_way_is_read_as_text_and_read_on(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=10, wait=0.5, workers=1).send().wait_for_lane(ASYNC, "done")
    page.get_by_role("link", name="Read this run as text").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("a run in words")
    race = page.get_by_role("region", name="The race")
    expect(race).to_contain_text("Async view: all 10 requests are answered")
    expect(race).to_contain_text("request #1 holds the only worker, no other can start")
    expect(page.get_by_text("This text goes up to")).to_be_visible()
    page.get_by_role("link", name="Open it in Visualize").click()
    lesson.wait_for_state("ended")
    page.get_by_role("link", name="Read this run as text").click()
    expect(page.get_by_text("This text goes up to")).to_have_count(0)
    expect(race).to_contain_text("Sync view: all 10 requests are answered, 5.")
    expect(page.get_by_role("region", name="What came of it")).to_contain_text(
        re.compile(rf"The last of ten answers came after|{BUSY}")
    )
    expect(page.get_by_role("heading", level=3)).to_have_count(4)


def test_the_text_of_a_run_can_be_cut_and_taken_away(page: Page, lesson: LessonPage, watch: Watch) -> None:
    text = f"{ADDRESS}runs/recorded-why-async-matters/text/"
    lesson.open(f"{text}?cursor=200&request=4")
    expect(page.get_by_text("This text goes up to 0.5")).to_be_visible()
    expect(page.get_by_role("heading", name="Request #4, step by step")).to_be_visible()
    for wrong in ("617000", "-1", "1e3", "٣", "<b>"):
        lesson.open(f"{text}?cursor={wrong}")
        expect(page.get_by_role("alert")).to_have_text(re.compile("numbered from 0 to 61."))
        expect(page.get_by_text("Done. Every request has been answered.")).to_be_visible()
    plain = page.request.get(lesson.site + text.removesuffix("/") + ".txt")
    assert plain.headers["content-type"] == "text/plain; charset=utf-8"
    assert "At 0.00 s: The load begins" in plain.text()
    watch.expect("status of 404")
    lesson.open(f"{ADDRESS}runs/recorded-await-together/text/")
    expect(page.get_by_role("heading", name="This run is not here any more")).to_be_visible()
    assert page.request.get(f"{lesson.site}{ADDRESS}runs/nothing/text.txt").status == 404
