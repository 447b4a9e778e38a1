"""The ways to learn, as a visitor goes through them: tabs, texts with runs in place, key moments, progress."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from lessons.learning.effort import lesson_minutes
from lessons.learning.modes import text_examples
from tests.browser.chromium import Look
from tests.browser.lessons import ADDRESSES, MAIN, SECOND, address, content, modes
from tests.browser.pages import BUSY, RUN_PATIENCE, LessonPage
from tests.browser.watch import Watch, visit
from tests.conftest import StartSite

NO_SCRIPTS = pytest.mark.parametrize("look", [Look(scripts=False)], ids=str)


def tabs(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Ways to learn").get_by_role("link")


def tab(page: Page, mode: str) -> Locator:
    return page.get_by_role("navigation", name="Ways to learn").get_by_role("link", name=ADDRESSES[mode][1], exact=True)


def run_buttons(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile("^Run"))


def wait_for_end(page: Page) -> None:
    expect(page.locator("#stage .situation")).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)


# Tabs


@pytest.mark.parametrize("slug", [MAIN, SECOND])
def test_a_lesson_has_a_tab_for_every_mode_it_has_content_for(slug: str, page: Page, lesson: LessonPage) -> None:
    lesson.open(f"/lessons/{slug}/")
    expect(tabs(page)).to_have_text([ADDRESSES[mode][1] for mode in modes(slug)])


@NO_SCRIPTS
@pytest.mark.parametrize("slug", [MAIN, SECOND])
def test_every_tab_is_a_link_to_an_address_of_its_own(slug: str, page: Page, lesson: LessonPage) -> None:
    lesson.open(f"/lessons/{slug}/")
    for mode in modes(slug):
        tab(page, mode).click()
        expect(page).to_have_url(lesson.site + address(slug, mode))
        expect(tab(page, mode)).to_have_attribute("aria-current", "page")
        expect(page.get_by_role("heading", level=1)).to_have_text(content(slug).title)


def test_back_leads_to_the_tab_before(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(SECOND, "learn"))
    tab(page, "visualize").click()
    expect(lesson.table).to_be_visible()
    page.go_back()
    expect(tab(page, "learn")).to_have_attribute("aria-current", "page")
    expect(run_buttons(page)).to_have_count(len(text_examples(content(SECOND), "learn")))


@NO_SCRIPTS
def test_each_mode_leads_to_the_one_behind_it(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "learn"))
    for mode in modes(MAIN)[2:]:
        page.get_by_role("link", name=f"Next: {ADDRESSES[mode][1]}").click()
        expect(page).to_have_url(lesson.site + address(MAIN, mode))
    expect(page.get_by_role("link", name=re.compile("^Next: "))).to_have_count(0)


def test_a_mode_without_content_is_not_there(page: Page, lesson: LessonPage, watch: Watch) -> None:
    absent = next(mode for mode in ADDRESSES if mode not in modes(SECOND))
    watch.expect("status of 404")
    lesson.open(address(SECOND, absent))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(tabs(page)).to_have_count(0)


# Texts


def test_an_example_runs_in_its_own_place(page: Page, lesson: LessonPage) -> None:
    before = lesson.open(address(SECOND, "learn")).page.url
    card = page.get_by_role("region", name="Ten requests each")
    card.get_by_role("button", name="Run").click()
    expect(card.get_by_role("region", name="One after another")).to_be_visible()
    expect(card.get_by_role("region", name="Together")).to_be_visible()
    wait_for_end(page)
    expect(card.get_by_role("status").last).to_contain_text(re.compile(rf"came after|{BUSY}"))
    assert page.url == before
    expect(card.get_by_role("table", name="Execution table")).to_have_count(0)


def test_another_example_takes_the_stage_over(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(SECOND, "learn"))
    cards = [page.get_by_role("region", name=name) for name in ("One request each", "Ten requests each")]
    for card in cards:
        card.get_by_role("button", name="Run").click()
        expect(card.locator("#stage")).to_be_visible()
    expect(page.locator("#stage")).to_have_count(1)
    wait_for_end(page)
    expect(cards[1].locator(".dots .dot.done")).to_have_count(20)


def test_an_answer_stays_when_another_example_takes_the_stage(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(SECOND, "learn"))
    first, second = (page.get_by_role("region", name=name) for name in ("One request each", "Ten requests each"))
    for card in (first, second):
        expect(card.get_by_role("button", name="just show me")).to_be_visible()
    first.get_by_role("button", name="Run").click()
    wait_for_end(page)
    expect(first.locator(".uncovered, .known")).not_to_have_count(0)
    second.get_by_role("button", name="Run").click()
    expect(second.locator("#stage")).to_be_visible()
    expect(first.locator(".uncovered")).to_be_visible()
    expect(first.get_by_role("button", name="just show me")).to_have_count(0)


SMALLEST = """() => Math.min(...[...document.querySelectorAll("#stage text")].filter((each) => each.checkVisibility())
  .map((each) => parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a))"""


def test_a_run_stays_in_view_beside_the_text(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "learn"))
    run_buttons(page).first.click()
    wait_for_end(page)
    page.mouse.move(200, 400)
    page.mouse.wheel(0, 1200)
    heading = page.get_by_role("heading", name="When to use one")
    heading.scroll_into_view_if_needed()
    stage, text = page.locator("#stage").bounding_box(), heading.bounding_box()
    assert stage
    assert text
    assert stage["x"] > text["x"] + text["width"]
    assert stage["y"] >= 0
    expect(page.locator("#stage .lanes")).to_be_in_viewport(ratio=1)
    assert page.evaluate(SMALLEST) >= 10.99


@pytest.mark.parametrize("look", [Look(width=390)], ids=str)
def test_on_a_phone_a_run_is_in_its_card(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "learn"))
    run_buttons(page).first.click()
    wait_for_end(page)
    card, stage = page.locator(".example").first.bounding_box(), page.locator("#stage").bounding_box()
    assert card
    assert stage
    assert card["y"] < stage["y"] < card["y"] + card["height"]
    assert page.evaluate(SMALLEST) >= 10.99


def test_an_example_shows_the_code_that_it_runs(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(SECOND, "learn"))
    card = page.get_by_role("region", name="One request each")
    card.get_by_text("The code of these views").click()
    example = next(each for each in content(SECOND).teaching.examples if each.title == "One request each")
    shown = {lane.partition("@")[0] for lane in example.lanes}
    for sample in (each for each in content(SECOND).samples if each.id in shown):
        expect(card.get_by_role("group", name=f"Code: {sample.name}")).to_contain_text(sample.source.splitlines()[-1])


def test_an_example_speaks_of_waiting_only_where_a_view_waits(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "deep"))
    waits = page.get_by_role("region").filter(has_text="of waiting")
    computes = page.get_by_role("region").filter(has_text="at once").filter(has_not_text="of waiting")
    expect(waits.filter(has_text="fetch_data")).not_to_have_count(0)
    expect(waits.filter(has_not_text="fetch_data")).to_have_count(0)
    expect(computes).not_to_have_count(0)
    expect(computes.filter(has_text="fetch_data")).to_have_count(0)


def test_an_example_leads_on_to_the_whole_stage(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(SECOND, "learn"))
    run_buttons(page).first.click()
    page.get_by_role("link", name="Open this run in Visualize").click()
    expect(lesson.table).to_be_visible()
    lesson.wait_for_state("ended")


@NO_SCRIPTS
def test_without_scripts_an_example_leads_to_its_run(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(SECOND, "learn"))
    run_buttons(page).first.click()
    page.wait_for_url(re.compile(rf"/lessons/{SECOND}/runs/"))
    lesson.wait_for_state("ended")


def test_a_full_lab_is_told_at_the_example(browser: Browser, start_site: StartSite) -> None:
    site = start_site(LAB_MAX_RUNS="1", LAB_MAX_QUEUE="0").url
    with visit(browser, Look(), site) as (context, watch):
        watch.expect("status of 503")
        busy = LessonPage(context.new_page(), site).open().fill(requests=10, wait=1).send()
        reader = LessonPage(context.new_page(), site).open(address(SECOND, "learn"))
        run_buttons(reader.page).first.click()
        told = reader.page.locator(".example").first.get_by_role("alert")
        expect(told).to_contain_text("The lab is full")
        busy.cancel().wait_for_state("ended")


# Beside and below the stage


def test_the_transcript_stands_beside_the_narration_of_the_run(page: Page, lesson: LessonPage) -> None:
    lesson.open(f"/lessons/{SECOND}/")
    expect(page.get_by_role("region", name="Full transcript")).to_have_count(0)
    page.get_by_role("button", name="just show me").click()
    narration = page.get_by_role("region", name="In words").bounding_box()
    transcript = page.get_by_role("region", name="Full transcript").bounding_box()
    assert narration
    assert transcript
    assert narration["y"] == transcript["y"]
    expect(page.get_by_role("region", name="In words")).to_contain_text(content(SECOND).teaching.remark[:40])
    expect(page.get_by_role("region", name="Concept snapshot").get_by_role("listitem")).to_have_count(
        len(content(SECOND).teaching.snapshot)
    )


def test_a_key_moment_shows_its_step_in_the_run(page: Page, lesson: LessonPage) -> None:
    lesson.open(f"/lessons/{SECOND}/").fill(requests=2, wait=0.2).send().wait_for_state("ended")
    evidence = content(SECOND).teaching.key_moments[1].evidence
    page.get_by_role("link", name="Show me in my run").nth(1).click()
    expect(page.get_by_role("region", name="Code")).to_contain_text("Together · request #1")
    expect(page.locator("#table [data-shown]")).to_have_attribute("data-step", str(evidence.step))
    expect(page.locator("#table")).to_be_focused()
    expect(lesson.row(evidence.step)).to_be_in_viewport()
    assert lit(lesson.row(evidence.step)) != lit(lesson.row(1))


def lit(row: Locator) -> str:
    shadow: str = row.get_by_role("rowheader").evaluate("each => getComputedStyle(each).boxShadow")
    return shadow


def test_a_key_moment_offers_a_run_where_the_one_on_the_stage_lacks_the_lane(page: Page, lesson: LessonPage) -> None:
    lesson.open(f"/lessons/{SECOND}/").fill(requests=2, wait=0.1)
    page.get_by_role("group", name="Lanes").get_by_role("checkbox", name="Together").uncheck()
    lesson.send().wait_for_state("ended")
    expect(page.get_by_role("link", name="Show me in my run")).to_have_count(1)
    page.get_by_role("button", name="Run it and show me").click()
    expect(page.get_by_role("region", name="Code")).to_contain_text("Together · request #1")
    expect(page.locator("#table [data-shown]")).to_have_attribute("data-step", "3")
    expect(page.get_by_role("link", name="Show me in my run")).to_have_count(2)
    page.reload()
    expect(page.get_by_role("region", name="Code")).to_contain_text("Together · request #1")


def test_back_and_forth_between_runs_the_key_moments_know_what_is_on_the_stage(page: Page, lesson: LessonPage) -> None:
    lesson.open().fill(requests=2, wait=0.1, lanes=("Sync view under ASGI",)).send().wait_for_state("ended")
    expect(page.get_by_role("button", name="Run it and show me")).to_have_count(2)
    page.go_back()
    expect(page.get_by_role("link", name="Show me in my run")).to_have_count(2)
    page.go_forward()
    expect(page.get_by_role("button", name="Run it and show me")).to_have_count(2)


@NO_SCRIPTS
def test_without_scripts_a_key_moment_leads_to_its_step(page: Page, lesson: LessonPage) -> None:
    lesson.open(f"/lessons/{SECOND}/")
    evidence = content(SECOND).teaching.key_moments[1].evidence
    page.get_by_role("link", name="Show me in my run").nth(1).click()
    expect(page).to_have_url(re.compile(rf"#step-{evidence.step}$"))
    expect(page.get_by_role("region", name="Code")).to_contain_text("Together · request #1")
    assert lit(lesson.row(evidence.step)) != lit(lesson.row(1))


# Progress


def read(page: Page) -> None:
    """Do something that a reader does, until the site knows of it."""
    with page.expect_response(re.compile("/visits/")) as told:
        page.keyboard.press("PageDown")
    assert told.value.status == 204


def uncover_all(page: Page, mode: str, slug: str = MAIN) -> None:
    """Ask for the answer of each experiment of a text."""
    for number in range(len(text_examples(content(slug), mode))):
        page.get_by_role("button", name="just show me").first.click()
        expect(page.locator(".uncovered")).to_have_count(number + 1)


def test_a_text_is_done_when_its_experiments_were_tried(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "why"))
    read(page)
    page.reload()
    expect(tab(page, "why").locator("..")).not_to_contain_text("done")
    uncover_all(page, "why")
    tab(page, "deep").click()
    expect(tab(page, "why").locator("..")).to_contain_text("done")
    expect(tab(page, "learn").locator("..")).not_to_contain_text("done")


def test_a_page_tells_of_its_reader_once(page: Page, lesson: LessonPage) -> None:
    told: list[str] = []
    page.on("request", lambda request: told.append(request.url) if "/visits/" in request.url else None)
    lesson.open(address(MAIN, "why"))
    assert told == []
    read(page)
    page.mouse.move(100, 100)
    page.mouse.wheel(0, 300)
    run_buttons(page).first.focus()
    lesson.open(address(MAIN, "deep"))
    assert len(told) == 1


@NO_SCRIPTS
def test_without_scripts_an_answer_is_shown_in_its_place(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "why"))
    page.locator("#example-race").get_by_role("button", name="just show me").click()
    expect(page).to_have_url(lesson.site + address(MAIN, "why") + "#example-race")
    expect(page.locator("#example-race .uncovered")).to_be_visible()
    expect(tab(page, "why").locator("..")).not_to_contain_text("done")
    page.get_by_role("button", name="just show me").click()
    expect(tab(page, "why").locator("..")).to_contain_text("done")


def test_the_list_of_lessons_shows_minutes_and_own_progress(page: Page, lesson: LessonPage, second: LessonPage) -> None:
    lesson.open(address(SECOND, "learn"))
    uncover_all(page, "learn", SECOND)
    lesson.open("/")
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=content(SECOND).title))
    expect(card.first).to_contain_text(f"about {lesson_minutes(content(SECOND))} minutes")
    expect(card.get_by_role("progressbar")).not_to_have_attribute("value", "0")
    expect(card.get_by_role("listitem").filter(has_text="Learn")).to_contain_text("done")
    second.open("/")
    expect(second.page.get_by_role("progressbar").last).to_have_attribute("value", "0")
    expect(second.page.get_by_role("main")).to_contain_text("Not started yet")
