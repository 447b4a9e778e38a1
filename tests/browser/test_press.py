"""A press counts once: however often it is made before its answer is there, and however often it arrives."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chromium import Look
from tests.browser.faults import NOISE
from tests.browser.held import under_way
from tests.browser.htmx import BOTH_HTMX
from tests.browser.lessons import MAIN, address, content
from tests.browser.pages import RUN_ADDRESS, RUN_PATIENCE, LessonPage
from tests.browser.watch import Watch

STILL = pytest.mark.parametrize("look", [Look(motion="reduce")], ids=str)
TASK = content(MAIN).teaching.tasks[0]


def posts(page: Page) -> list[str]:
    """Filled with the paths that are posted to."""
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    return posted


def quick(lesson: LessonPage) -> LessonPage:
    return lesson.open().fill(requests=1, wait=0.1)


@BOTH_HTMX
@pytest.mark.parametrize("clicks", [2, 5])
def test_many_clicks_are_one_run(page: Page, lesson: LessonPage, clicks: int) -> None:
    quick(lesson)
    posted = posts(page)
    lesson.send_button.click(click_count=clicks)
    page.wait_for_url(RUN_ADDRESS)
    lesson.wait_for_state("ended")
    assert len(posted) == 1


CLICK_ON_ARRIVAL = """() => {
  const before = location.pathname
  const look = () => {
    if (location.pathname === before) return setTimeout(look, 5)
    document.querySelector("#controls [type=submit]").click()
    window.clicked = true
  }
  look()
}"""


def test_five_separate_clicks_at_once_are_one_run(page: Page, lesson: LessonPage) -> None:
    quick(lesson)
    posted = posts(page)
    lesson.send_button.evaluate("button => { for (let i = 0; i < 5; i++) button.click() }")
    page.wait_for_url(RUN_ADDRESS)
    lesson.wait_for_state("ended")
    assert len(posted) == 1


def test_a_click_into_the_first_answer_is_the_same_press(page: Page, lesson: LessonPage) -> None:
    quick(lesson)
    posted = posts(page)
    page.evaluate(CLICK_ON_ARRIVAL)
    lesson.send_button.click()
    page.wait_for_function("() => window.clicked")
    lesson.wait_for_state("ended")
    assert len(posted) == 1


def test_enter_held_down_is_one_run(page: Page, lesson: LessonPage) -> None:
    quick(lesson)
    posted = posts(page)
    lesson.requests.focus()
    for _ in range(12):
        page.keyboard.down("Enter")
    page.wait_for_url(RUN_ADDRESS)
    for _ in range(12):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    lesson.wait_for_state("ended")
    assert len(posted) == 1


def test_the_next_press_is_another_run(page: Page, lesson: LessonPage) -> None:
    quick(lesson)
    posted = posts(page)
    lesson.send().wait_for_state("ended").fill(wait=0.6).send().wait_for_state("ended").send()
    assert len(posted) == 3


@BOTH_HTMX
def test_a_press_is_busy_until_its_answer_is_there_and_nothing_moves(page: Page, lesson: LessonPage) -> None:
    quick(lesson)
    before = lesson.send_button.bounding_box()
    posted = posts(page)
    with under_way(page):
        lesson.send_button.click()
        expect(lesson.send_button).to_have_attribute("aria-busy", "true")
        expect(lesson.send_button).to_be_focused()
        assert lesson.send_button.bounding_box() == before
        page.keyboard.press("Enter")
        page.keyboard.press("Space")
        expect(page.locator("#waiting")).to_have_text("Waiting for the answer.")
    page.wait_for_url(RUN_ADDRESS)
    assert len(posted) == 1
    expect(lesson.send_button).to_be_focused()
    expect(lesson.send_button).not_to_have_attribute("aria-disabled", "true")
    expect(page.locator("#waiting")).to_have_text("")


@STILL
def test_who_wants_no_motion_sees_it_all_the_same(page: Page, lesson: LessonPage) -> None:
    quick(lesson)
    with under_way(page):
        lesson.send_button.click()
        style = "button => { const s = getComputedStyle(button, '::after'); return [s.animationName, s.opacity] }"
        assert lesson.send_button.evaluate(style) == ["none", "0.7"]


@BOTH_HTMX
def test_a_double_click_on_a_wrong_filling_is_one_answer(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "try"))
    card = page.locator(f"#task-{TASK.id}")
    wrong = next(index for index, option in enumerate(TASK.options) if not option.right)
    card.get_by_role("radio").nth(wrong).check()
    posted = posts(page)
    button = card.get_by_role("button", name="Fill in and run")
    button.dblclick()
    expect(card).to_contain_text("Not this one.")
    button.evaluate("button => button.click()")
    expect(card).to_contain_text("2 of 3 attempts left")
    expect(card).not_to_contain_text("Choose an answer first.")
    assert len(posted) == 1


def test_run_it_again_pressed_many_times_is_one_run(page: Page, lesson: LessonPage) -> None:
    lesson.open(address(MAIN, "try"))
    card = page.locator(f"#task-{TASK.id}")
    right = next(index for index, option in enumerate(TASK.options) if option.right)
    card.get_by_role("radio").nth(right).check()
    card.get_by_role("button", name="Fill in and run").click()
    ended = card.locator(".situation")
    expect(ended).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)
    posted = posts(page)
    card.get_by_role("button", name="Run it again").click(click_count=4)
    expect(ended).to_have_attribute("data-state", "running")
    expect(ended).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)
    assert len(posted) == 1


@pytest.mark.parametrize("mode", ["visualize", "learn", "performance"])
def test_a_press_whose_answer_was_lost_is_not_made_twice(
    page: Page, lesson: LessonPage, watch: Watch, mode: str
) -> None:
    watch.allow(*NOISE)
    lesson.open(address(MAIN, mode))
    names = {"visualize": "^Send requests", "learn": "^Run", "performance": "^Measure this server"}
    begun = set()

    def lose(route: Route) -> None:
        if not route.request.headers.get("hx-request") or route.request.method != "POST":
            return route.fallback()  # the beacon that tells of a visit is a POST, too
        answer = route.fetch().text()
        begun.update(re.findall(r"/(?:runs|measurements)/([\w-]{16})/", answer))
        return route.abort("connectionreset")

    page.route("**/*", lose)
    page.get_by_role("button", name=re.compile(names[mode])).first.click()
    expect(page.locator(".failure")).to_contain_text("The site cannot be reached.")
    page.unroute("**/*", lose)
    page.locator(".failure").get_by_role("button", name="Try again").click()
    expect(page.locator(".failure")).to_have_count(0)
    found = "#measured form[hx-post*=cancel]" if mode == "performance" else "#stage[data-run]"
    place = page.locator(found)
    expect(place).to_be_visible()
    name = place.get_attribute("hx-post" if mode == "performance" else "data-run") or ""
    assert len(begun) == 1
    assert begun.pop() in name
    if mode == "performance":
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("#measured .situation")).to_have_attribute("data-outcome", "cancelled")
