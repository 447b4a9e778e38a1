"""The states a page can be in, and how to get there. Tests and screenshots go through all of them."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from playwright.sync_api import Locator, expect

from tests.browser.lessons import MAIN, SECOND, address, modes, question, right, wrong
from tests.browser.pages import ADDRESS, ASYNC, LANES, RUN_PATIENCE, LessonPage

Reach = Callable[[LessonPage], object]


def index(lesson: LessonPage) -> None:
    lesson.open("/")


def first(lesson: LessonPage) -> None:
    """The recorded run stands on the stage."""
    lesson.open()
    expect(lesson.table).to_be_visible()


def running(lesson: LessonPage) -> None:
    """The async lane is done, the sync lane is not."""
    lesson.open().fill(requests=20, wait=1, workers=1).send().wait_for_lane(ASYNC, "done")


def ended(lesson: LessonPage) -> None:
    lesson.open().fill(requests=6, wait=0.3, workers=1).send().wait_for_state("ended")


def held(lesson: LessonPage) -> None:
    """One request, held at the step in which it waits."""
    lesson.open().fill(requests=1, wait=1, workers=1).send().wait_for_step(3)


def hundred(lesson: LessonPage) -> None:
    lesson.open().fill(requests=100, wait=0.1, workers=1).send().wait_for_lane(ASYNC, "done")


def four_lanes(lesson: LessonPage) -> None:
    lesson.open().fill(requests=10, wait=0.2, workers=4, lanes=LANES).send().wait_for_state("ended")


def errors(lesson: LessonPage) -> None:
    """Nothing in the form can be run."""
    lesson.open().fill(requests=101, wait=9, workers="", lanes=()).send_button.click()
    expect(lesson.requests).to_have_attribute("aria-invalid", "true")


def cancelled(lesson: LessonPage) -> None:
    lesson.open().fill(requests=10, wait=1, workers=1).send().wait_for_lane(ASYNC, "done")
    lesson.cancel().wait_for_state("ended")


def no_page(lesson: LessonPage) -> None:
    lesson.open("/lessons/nothing-here/")


def no_run(lesson: LessonPage) -> None:
    lesson.open(f"{ADDRESS}runs/0123456789abcdef/")


def mode(lesson: LessonPage, slug: str, mode: str) -> None:
    """A way to learn, just opened."""
    lesson.open(address(slug, mode))


def example(lesson: LessonPage) -> None:
    """An example has run in its place."""
    lesson.open(address(MAIN, "learn"))
    lesson.page.get_by_role("button", name="Run").first.click()
    expect(lesson.state).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)


def quiz(lesson: LessonPage) -> None:
    """One question hinted at and answered wrong, one answered right; a key moment is shown in the run."""
    lesson.open()
    choose(lesson, 1, wrong(question(MAIN, 1))).get_by_role("button", name="Hint").click()
    expect(lesson.page.get_by_text("Hint:")).to_be_visible()
    answer(lesson, 1, wrong(question(MAIN, 1)), "Not this one")
    answer(lesson, 2, right(question(MAIN, 2)), "Right.")
    lesson.page.get_by_role("link", name="Show me in my run").first.click()
    expect(lesson.page.locator("#table")).to_have_attribute("data-show", "3")


def refused(lesson: LessonPage) -> None:
    """An answer that no form of ours sends, sent as a plain form."""
    lesson.open()
    card = choose(lesson, 1, 0)
    card.get_by_role("radio").first.evaluate("each => { each.value = '9'; each.form.submit() }")
    expect(lesson.page.get_by_role("heading", name="This answer was not taken")).to_be_visible()


def other_run(lesson: LessonPage) -> None:
    """The run on the stage has not the lanes that the key moments speak of."""
    lesson.open().fill(requests=1, wait=0.1, lanes=("Sync view under ASGI",)).send().wait_for_state("ended")


def choose(lesson: LessonPage, number: int, option: int) -> Locator:
    """Choose an option of a question of the quiz; its card."""
    card = lesson.page.locator(f"#question-{question(MAIN, number).id}")
    card.get_by_role("radio").nth(option).check()
    return card


def answer(lesson: LessonPage, number: int, option: int, outcome: str) -> None:
    """Answer a question, until the outcome is told."""
    card = choose(lesson, number, option)
    card.get_by_role("button", name="Answer").click()
    expect(card).to_contain_text(outcome)


STATES: Final[Mapping[str, Reach]] = MappingProxyType(
    {
        "index": index,
        "first": first,
        "running": running,
        "ended": ended,
        "held": held,
        "hundred": hundred,
        "four-lanes": four_lanes,
        "errors": errors,
        "cancelled": cancelled,
        "no-page": no_page,
        "no-run": no_run,
        **{each: partial(mode, slug=MAIN, mode=each) for each in modes(MAIN) if each != "visualize"},
        "second": partial(mode, slug=SECOND, mode="visualize"),
        "example": example,
        "quiz": quiz,
        "other-run": other_run,
        "refused": refused,
    }
)
# What Chromium writes to the console about an answer that is not 2xx, by state.
EXPECTED: Final[Mapping[str, str]] = MappingProxyType(
    {"errors": "status of 422", "refused": "status of 422", "no-page": "status of 404", "no-run": "status of 404"}
)
