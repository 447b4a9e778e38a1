"""The states a page can be in, and how to get there. Tests and screenshots go through all of them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from playwright.sync_api import expect

from tests.browser.pages import ADDRESS, ASYNC, LANES, LessonPage

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
    }
)
# What Chromium writes to the console about an answer that is not 2xx, by state.
EXPECTED: Final[Mapping[str, str]] = MappingProxyType(
    {"errors": "status of 422", "no-page": "status of 404", "no-run": "status of 404"}
)
