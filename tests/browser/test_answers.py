"""What is no answer of the site changes nothing on the page; it is said beside the control, and trying again works."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from time import monotonic
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.faults import NOISE, WORDS, bad_gateway, between, swallowed, without_cookie
from tests.browser.htmx import BOTH_HTMX
from tests.browser.lessons import ADDRESSES, MAIN, address, content
from tests.browser.pages import (
    ADDRESS,
    RUN_ADDRESS,
    RUN_PATIENCE,
    LessonPage,
    choose_preset,
    open_sharing,
    say_how_sure,
)
from tests.browser.watch import Watch

PROJECT, REVIEW = content(MAIN).teaching.project, content(MAIN).teaching.review
assert PROJECT
assert REVIEW
STEPS, QUESTIONS = PROJECT.steps, REVIEW.questions
LEAVING: Final = ("start over", "elsewhere", "delete")  # lead to another page
CHANGELESS: Final = """async () => {
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)  // what was typed has its ghosts
  const main = document.getElementById("main").cloneNode(true)
  for (const note of main.querySelectorAll(".failure")) note.remove()
  for (const each of main.querySelectorAll('[class=""]')) each.removeAttribute("class")
  for (const each of main.querySelectorAll("[data-countdown]")) each.remove()
  return main.innerHTML
}"""


@dataclass(frozen=True, slots=True)
class Place:
    """Something to press, and what it needs before."""

    mode: str
    press: Callable[[Page], None]
    answered: Callable[[Page], None]  # waits until there is an answer
    prepare: Callable[[Page], None] = lambda page: None
    method: str = "POST"


def button(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=re.compile(f"^{name}")).first.click()


def seen(selector: str, text: str = "") -> Callable[[Page], None]:
    return lambda page: expect(page.locator(selector).filter(has_text=re.compile(text)).first).to_be_visible()


def loaded(page: Page) -> None:
    page.wait_for_event("load")


def led_to(pattern: str) -> Callable[[Page], None]:
    return lambda page: page.wait_for_url(re.compile(pattern))


def choose(page: Page) -> None:
    page.locator(".question, .exercise").get_by_role("radio").first.check()


def answer_question(page: Page) -> None:
    choose(page)
    say_how_sure(page)
    button("Answer")(page)


def fill_blank(page: Page) -> None:
    choose(page)
    button("Fill in and run")(page)


def fill_right(page: Page) -> None:
    """The view with this filling runs."""
    task = content(MAIN).teaching.tasks[0]
    right = next(index for index, option in enumerate(task.options) if option.right)
    page.locator(f"#task-{task.id}").get_by_role("radio").nth(right).check()
    button("Fill in and run")(page)


def fill_and_wait(page: Page) -> None:
    fill_right(page)
    expect(page.locator(".report .situation")).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)


def settle(page: Page) -> None:
    """A problem that has been run once."""
    for each in content(MAIN).teaching.problems:
        if each.options:
            page.goto(f"{page.url.split('?')[0]}?problem={each.id}")
            right = next(index for index, option in enumerate(each.options) if option.right)
            page.locator("#problem").get_by_role("radio").nth(right).check()
            say_how_sure(page)
            button("Answer")(page)
            break
    expect(page.locator(".report .situation")).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)


def pass_step(page: Page) -> None:
    """A step of the project whose solution may be run."""
    solution = content(MAIN).sample(STEPS[0].solution).source
    page.get_by_role("textbox", name="Your code").fill(solution)
    button("Check my code")(page)
    expect(page.get_by_role("button", name="Run the solution")).to_be_visible()


def answer_right(page: Page) -> None:
    """A question whose answer can be checked in a run."""
    first = QUESTIONS[0]
    right = next(index for index, option in enumerate(first.options) if option.right)
    page.locator(f"#question-{first.id}").get_by_role("radio").nth(right).check()
    page.locator(f"#question-{first.id}").get_by_role("button", name="Answer").click()
    expect(page.get_by_role("button", name="Check it in a run")).to_be_visible()


def send_short(page: Page) -> None:
    """Until the run has ended, and all of it is on the page."""
    quick(page)
    button("Send requests")(page)
    page.wait_for_url(RUN_ADDRESS)
    expect(page.locator("#stage[data-over]")).to_be_visible(timeout=RUN_PATIENCE)


def stage_without_lane(page: Page) -> None:
    """Key moments that this stage cannot show."""
    page.get_by_role("checkbox", name="Async view", exact=True).uncheck()
    send_short(page)
    expect(page.get_by_role("button", name="Run it and show me").first).to_be_visible()


def list_runs(page: Page) -> None:
    """A run to delete."""
    send_short(page)
    page.get_by_role("link", name="My runs").first.click()
    while not page.locator(".line-totals").count():
        page.reload()  # until it is archived
    page.locator("summary").first.click()


def write_words(page: Page) -> None:
    page.get_by_role("textbox", name="In your own words").first.fill("A loop does not wait.")


def measure(page: Page) -> None:
    button("Measure this server")(page)
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()


def begun_and_cancelled(page: Page) -> None:
    """Cancelled, so that others can measure."""
    button("Cancel")(page)
    expect(page.locator("#measured .situation")).to_have_attribute("data-outcome", "cancelled", timeout=RUN_PATIENCE)


def send_long(page: Page) -> None:
    page.get_by_role("spinbutton", name="I/O wait").fill("3")
    button("Send requests")(page)
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()


def press_share(page: Page) -> None:
    open_sharing(page).get_by_role("button", name="Share this moment").click()


def quick(page: Page) -> None:
    page.get_by_role("spinbutton", name="Requests", exact=True).fill("1")
    page.get_by_role("spinbutton", name="I/O wait").fill("0.1")


PLACES: Final[Mapping[str, Place]] = {
    "send": Place("visualize", button("Send requests"), led_to(RUN_ADDRESS.pattern), quick),
    "preset": Place(
        "visualize",
        lambda page: choose_preset(page, "Four workers"),
        lambda page: expect(page.get_by_role("spinbutton", name="Worker threads")).to_have_value("4"),
        method="GET",
    ),
    "share": Place("visualize", press_share, seen("#shared", "Address of this moment")),
    "quiz": Place("visualize", answer_question, seen(".question .because")),
    "hint": Place("visualize", button("Hint"), seen(".question .hinted p")),
    "start over": Place("visualize", button("Start over"), loaded),
    "example": Place("learn", lambda page: page.locator(".example button").first.click(), seen(".place #stage")),
    "try": Place("try", fill_blank, seen(".judgement")),
    "run again": Place("try", button("Run it again"), seen(".situation", "Running|about to|Starting"), fill_and_wait),
    "settle": Place("challenge", button("Run it again"), seen(".situation", "Running|about to|Starting"), settle),
    "solution": Place("project", button("Run the solution"), seen(".report .situation"), pass_step),
    "evidence": Place("visualize", button("Run it and show me"), seen("#table [data-shown]"), stage_without_lane),
    "elsewhere": Place("review", button("Check it in a run"), led_to(RUN_ADDRESS.pattern), answer_right),
    "delete": Place("visualize", button("Delete for good"), led_to("deleted=1"), list_runs),
    "challenge": Place("challenge", answer_question, seen(".judgement")),
    "project": Place("project", button("Check my code"), seen(".checks, .raised")),
    "card": Place("review", button("Show the answer"), seen(".flash-back"), method="GET"),
    "grade": Place("review", button("Good"), seen("#deck", "Show the answer"), button("Show the answer")),
    "question": Place("review", answer_question, seen(".question .because")),
    "explain": Place("review", button("Compare"), seen("h3", "One way to say it"), write_words),
    "measure": Place("performance", button("Measure this server"), begun_and_cancelled),
}


def failure(page: Page) -> Locator:
    return page.locator(".failure")


def open_place(lesson: LessonPage, place: Place) -> None:
    if place.mode == "review":
        lesson.open_review()
    else:
        lesson.open(address(MAIN, place.mode))
    if place.mode == "visualize":
        expect(lesson.page.locator("#stage[data-over]")).to_be_visible()  # its first frame is there
    place.prepare(lesson.page)


@BOTH_HTMX
@pytest.mark.parametrize("name", PLACES)
def test_a_proxys_error_changes_nothing_is_told_and_the_press_is_repeated(
    page: Page, lesson: LessonPage, watch: Watch, name: str
) -> None:
    place = PLACES[name]
    open_place(lesson, place)
    there_again = between(page, watch, bad_gateway, place.method)
    place.press(page)
    note = failure(page).filter(has_text="says “502”")
    expect(note).to_be_visible()
    expect(note).to_have_role("alert")
    before = page.evaluate(CHANGELESS)
    note.get_by_role("button", name="Try again").click()
    expect(note.get_by_role("button", name="Try again")).not_to_have_attribute("aria-busy", "true")
    expect(note).to_have_count(1)
    assert page.evaluate(CHANGELESS) == before
    assert "502 Bad Gateway" not in page.content()
    there_again()
    note.get_by_role("button", name="Try again").click()
    place.answered(page)
    expect(failure(page)).to_have_count(0)
    expect(page.locator("header.top")).to_have_count(1)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    if name not in LEAVING:
        page.wait_for_function("() => document.activeElement !== document.body")


def test_a_cancel_that_fails_is_told_and_the_run_goes_on(page: Page, lesson: LessonPage, watch: Watch) -> None:
    lesson.open()
    send_long(page)
    there_again = between(page, watch, bad_gateway)
    lesson.cancel_button.click()
    expect(failure(page)).to_contain_text("says “502”")
    lesson.wait_for_state("running")
    expect(failure(page)).to_be_visible()
    there_again()
    failure(page).get_by_role("button", name="Try again").click()
    lesson.wait_for_state("ended")
    expect(lesson.state).to_have_attribute("data-outcome", "cancelled")
    expect(failure(page)).to_be_hidden()


@pytest.mark.parametrize("name", WORDS)
def test_every_failure_has_words_of_its_own(page: Page, lesson: LessonPage, watch: Watch, name: str) -> None:
    fault, words = WORDS[name]
    open_place(lesson, PLACES["send"])
    before = page.evaluate(CHANGELESS)
    between(page, watch, fault)
    lesson.send_button.click()
    expect(failure(page)).to_contain_text(words)
    expect(failure(page).get_by_role("button", name=re.compile("Try again|Reload the page"))).to_be_visible()
    assert page.evaluate(CHANGELESS) == before


def test_a_network_that_asks_to_sign_in_offers_a_new_tab(page: Page, lesson: LessonPage, watch: Watch) -> None:
    lesson.open()
    between(page, watch, WORDS["sign-in"][0])
    lesson.send_button.click()
    link = failure(page).get_by_role("link", name="Open the site in a new tab")
    expect(link).to_have_attribute("href", page.url)
    expect(link).to_have_attribute("target", "_blank")


def test_offline_it_is_said_as_often_as_it_is_pressed_and_nothing_is_sent_later(
    page: Page, lesson: LessonPage, watch: Watch
) -> None:
    watch.allow(*NOISE)
    lesson.open()
    sent: list[str] = []
    page.on("requestfinished", lambda request: sent.append(f"{request.method} {request.url}"))
    page.context.set_offline(True)
    for _ in range(5):
        lesson.send_button.click()
        expect(failure(page)).to_contain_text("You are offline, so nothing was sent.")
    expect(failure(page)).to_have_count(1)
    page.context.set_offline(False)
    quick(page)
    failure(page).get_by_role("button", name="Try again").click()
    page.wait_for_url(RUN_ADDRESS)
    posted = [each for each in sent if each.startswith("POST") and "/live/" not in each]  # those are words of the link
    assert posted == [f"POST {lesson.site}{ADDRESS}runs/"]


@pytest.mark.parametrize(("name", "patience"), [("send", 20), ("card", 15)])
def test_what_is_never_answered_is_given_up_and_told(
    page: Page, lesson: LessonPage, watch: Watch, name: str, patience: int
) -> None:
    place = PLACES[name]
    page.clock.install()
    open_place(lesson, place)
    there_again = between(page, watch, swallowed, place.method)
    place.press(page)
    page.clock.fast_forward((patience - 2) * 1000)
    expect(page.locator("[aria-busy=true]")).to_have_count(1)
    expect(failure(page)).to_have_count(0)
    page.clock.fast_forward(3000)
    expect(failure(page)).to_contain_text(f"has not answered for {patience} seconds")
    there_again()
    failure(page).get_by_role("button", name="Try again").click()
    place.answered(page)


@BOTH_HTMX
def test_a_browser_that_has_lost_its_cookies_is_served_all_the_same(
    page: Page, lesson: LessonPage, watch: Watch
) -> None:
    watch.expect("status of 403")
    lesson.open()
    quick(page)
    page.context.clear_cookies()
    lesson.send().wait_for_state("ended")
    expect(failure(page)).to_have_count(0)
    expect(page.locator("header.top")).to_have_count(1)
    lesson.send()


def test_a_browser_that_takes_no_cookies_is_told_so_after_one_repetition(
    page: Page, lesson: LessonPage, watch: Watch
) -> None:
    open_place(lesson, PLACES["send"])
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.method))
    between(page, watch, without_cookie)
    for times in (1, 2):
        lesson.send_button.click()
        while posted.count("POST") < 2 * times:
            page.wait_for_event("request")
        expect(lesson.send_button).not_to_have_attribute("aria-busy", "true")
        expect(failure(page)).to_contain_text("Allow cookies for this site, then try again.")
        assert posted.count("POST") == 2 * times


@BOTH_HTMX
@pytest.mark.parametrize("mode", ["try", "performance"])
def test_what_asks_by_itself_goes_on_asking_says_so_and_recovers(
    page: Page, lesson: LessonPage, watch: Watch, mode: str
) -> None:
    lesson.open(address(MAIN, mode))
    (fill_right if mode == "try" else measure)(page)
    there_again = between(page, watch, bad_gateway, "GET")
    note = page.get_by_role("status").filter(has_text="Trying again by itself.")
    expect(note).to_be_visible(timeout=RUN_PATIENCE)
    expect(page.locator(".report, .measured").first).to_contain_text(re.compile("[Ss]ync|Open this run"))
    there_again()
    note.get_by_role("button", name="Try now").click()
    expect(note).to_have_count(0)
    if mode == "performance":
        button("Cancel")(page)
    ended = page.locator("#measured .situation, .report .situation").first
    expect(ended).to_have_attribute("data-outcome", re.compile("done|cancelled"), timeout=RUN_PATIENCE)


def test_what_asks_by_itself_asks_less_often_the_longer_it_fails(page: Page, lesson: LessonPage, watch: Watch) -> None:
    lesson.open(address(MAIN, "performance"))
    measure(page)
    between(page, watch, bad_gateway, "GET")
    asked: list[float] = []
    page.on("request", lambda request: asked.append(monotonic()) if "/measurements/" in request.url else None)
    while len(asked) < 5:
        page.wait_for_event("request")
    pauses = [later - earlier for earlier, later in pairwise(asked)]
    assert pauses[-1] > 2 * pauses[0]
    page.unroute_all()
    begun_and_cancelled(page)


def test_a_run_that_is_gone_is_not_asked_for_any_more(page: Page, lesson: LessonPage, watch: Watch) -> None:
    watch.allow("status of 404")
    lesson.open(address(MAIN, "try"))
    fill_right(page)
    page.route("**/report/**", lambda route: route.continue_(url=route.request.url.replace("/runs/", "/runs/none-")))
    expect(page.get_by_role("status").filter(has_text="This run is not here any more")).to_be_visible()
    expect(page.locator("[hx-trigger^=every]")).to_have_count(0)


def test_a_refusal_of_the_site_is_said_in_its_own_words(page: Page, lesson: LessonPage, watch: Watch) -> None:
    watch.expect("status of 403")
    lesson.open()
    send_long(page)
    page.context.clear_cookies(name="learner")
    lesson.cancel_button.click()
    expect(failure(page)).to_contain_text("Only the learner who began this can cancel it")
    expect(failure(page).get_by_role("button")).to_have_count(0)


def test_an_empty_preset_is_no_preset(page: Page, lesson: LessonPage, watch: Watch) -> None:
    lesson.open()
    between(page, watch, WORDS["own-500"][0], "GET")
    choose_preset(page, "Four workers")
    expect(failure(page)).to_contain_text("Something went wrong on the site")
    expect(lesson.send_button).to_be_visible()


@pytest.mark.parametrize("mode", ADDRESSES)
def test_every_form_that_posts_is_known_by_a_selector_of_its_own(page: Page, lesson: LessonPage, mode: str) -> None:
    lesson.open(address(MAIN, mode))
    module = page.locator("link[rel=modulepreload][href*='/forms.']").get_attribute("href")
    found = page.evaluate(
        """async module => {
          const { selectorOf } = await import(module)
          const forms = [...document.forms].filter(form => form.method === "post")
          return forms.map(form => [selectorOf(form), document.querySelectorAll(selectorOf(form)).length])
        }""",
        module,
    )
    assert found
    assert [selector for selector, count in found if count != 1] == []
