"""The states a page can be in, and how to get there. Tests and screenshots go through all of them."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from playwright.sync_api import Locator, expect

from tests.browser.lessons import MAIN, SECOND, address, content, modes, question, right, wrong
from tests.browser.pages import ADDRESS, ASYNC, LANES, RUN_PATIENCE, LessonPage, open_sharing, say_how_sure
from tests.waiting import until

Reach = Callable[[LessonPage], object]


def index(lesson: LessonPage) -> None:
    lesson.open("/")


def first(lesson: LessonPage) -> None:
    """The recorded run stands on the stage."""
    lesson.open()
    expect(lesson.table).to_be_visible()


def lit(lesson: LessonPage) -> None:
    """A step of the recorded run is lit in all its forms."""
    lesson.open().row(3).focus()
    expect(lesson.page.locator("tr[data-in-hand]")).to_have_attribute("data-step", "3")


def text(lesson: LessonPage) -> None:
    """The recorded run in words."""
    lesson.open().page.get_by_role("link", name="Read this run as text").click()
    expect(lesson.page.get_by_role("heading", name="The race")).to_be_visible()


def running(lesson: LessonPage) -> None:
    """The async lane is done, the sync lane is not."""
    lesson.open().fill(requests=20, wait=1, workers=1).send().wait_for_lane(ASYNC, "done")


def ended(lesson: LessonPage) -> None:
    lesson.open().fill(requests=6, wait=0.3, workers=1).send().wait_for_state("ended")


def held(lesson: LessonPage) -> None:
    """One request, held at the step in which it waits."""
    lesson.open().fill(requests=1, wait=1, workers=1).send().wait_for_step(3)


def paused(lesson: LessonPage) -> None:
    """Gone back to the step that waits, in a run that goes on, with the help open."""
    held(lesson)
    lesson.hold.set_checked(False)
    lesson.page.get_by_role("button", name="Step back", exact=True).click()
    expect(lesson.page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    lesson.page.get_by_role("button", name="Keys", exact=True).click()
    expect(lesson.page.get_by_role("dialog", name="Keys")).to_be_visible()


def hundred(lesson: LessonPage) -> None:
    lesson.open().fill(requests=100, wait=0.1, workers=1).send().wait_for_lane(ASYNC, "done")


def four_lanes(lesson: LessonPage) -> None:
    lesson.open().fill(requests=10, wait=0.2, workers=4, lanes=LANES).send().wait_for_state("ended")


def errors(lesson: LessonPage) -> None:
    """Nothing in the form can be run."""
    lesson.open().fill(requests=101, wait=9, workers="", lanes=()).send_button.click()
    expect(lesson.requests).to_have_attribute("aria-invalid", "true")


def predicted(lesson: LessonPage) -> None:
    """A prediction beside its measurement."""
    lesson.open().fill(requests=4, wait=0.2, workers=1).prediction.fill("0.2")
    lesson.send().wait_for_state("ended")
    expect(lesson.page.locator("#prediction")).to_contain_text(re.compile("too low|too busy"))


def exports(lesson: LessonPage) -> None:
    """What can be taken away is listed."""
    open_sharing(lesson.open().page)
    expect(lesson.page.get_by_role("link", name="Trace", exact=True)).to_be_visible()


def cancelled(lesson: LessonPage) -> None:
    lesson.open().fill(requests=10, wait=1, workers=1).send().wait_for_lane(ASYNC, "done")
    lesson.cancel().wait_for_state("ended")


def try_answered(lesson: LessonPage) -> None:
    """Three answers: one that does not compile, one that raises, one that is right."""
    page = lesson.open(address(MAIN, "try")).page
    for task, text in (("say-async", "def"), ("wait-for-the-data", "fetch_data()")):
        place = page.locator(f"#task-{task}")
        place.get_by_role("radio", name=text, exact=True).check()
        place.get_by_role("button", name="Fill in and run").click()
        expect(place.locator(".judgement")).to_be_visible()
    expect(place.locator(".situation")).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)
    place = page.locator("#task-the-right-sleep")
    place.get_by_role("radio", name="await asyncio.sleep(0.3)").check()
    place.get_by_role("button", name="Fill in and run").click()
    expect(place.locator(".situation")).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)


def challenge_wrong(lesson: LessonPage) -> None:
    """A problem with its clock, after a wrong answer."""
    page = lesson.open(address(MAIN, "challenge")).page
    page.locator("#problem").get_by_role("radio").first.check()
    say_how_sure(page)
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator(".judgement")).to_be_visible()


def challenge_settled(lesson: LessonPage) -> None:
    """A prediction beside its measurement."""
    page = lesson.open(f"{address(MAIN, 'challenge')}?problem=rounds").page
    page.get_by_label("Seconds until").fill("1.5")
    say_how_sure(page)
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_role("table", name="Guess and measurement")).to_be_visible(timeout=RUN_PATIENCE)


def project_checked(lesson: LessonPage) -> None:
    """Something is missing in the first step."""
    page = lesson.open(address(MAIN, "project")).page
    page.get_by_role("button", name="Check my code").click()
    expect(page.locator(".checks")).to_be_visible()


def project_passed(lesson: LessonPage) -> None:
    """The first step is passed, and its solution has run."""
    page = lesson.open(address(MAIN, "project")).page
    steps = content(MAIN).teaching.project
    assert steps
    page.get_by_role("textbox", name="Your code").fill(content(MAIN).sample(steps.steps[0].solution).source)
    page.get_by_role("button", name="Check my code").click()
    page.get_by_role("button", name="Run the solution").click()
    expect(page.locator("#step .situation")).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)


def built(lesson: LessonPage) -> None:
    """A view was put together, and has missed a goal."""
    page = lesson.open(address(MAIN, "project")).page
    for block, piece in enumerate((1, 1, 0, 1), 1):
        page.locator(f"[name=block-{block}][value='{piece}']").check()
    page.get_by_role("button", name="Put together and run").click()
    expect(page.get_by_role("list", name="Goals")).to_be_visible(timeout=RUN_PATIENCE)


def review_graded(lesson: LessonPage) -> None:
    """One card graded, the next one revealed, one prompt compared."""
    page = lesson.open_review().page
    page.get_by_role("button", name="Show the answer").click()
    page.get_by_role("button", name=re.compile("^Easy")).click()
    page.get_by_role("button", name="Show the answer").click()
    expect(page.locator(".flash-back")).to_be_visible()
    page.get_by_role("textbox").first.fill("Waiting needs no thread.")
    page.get_by_role("button", name="Compare").first.click()
    expect(page.get_by_text("One way to say it")).to_be_visible()


def path_run(lesson: LessonPage) -> None:
    """An experiment of the path has been run, with a guess."""
    page = lesson.open(f"{address(MAIN, 'path')}one-loop/").page
    page.get_by_role("spinbutton", name="Your guess").fill("4")
    lesson.send_button.click()
    expect(page.locator(".known")).to_be_visible(timeout=RUN_PATIENCE)


def graded_test(lesson: LessonPage) -> None:
    """A test has been taken, and something was missed."""
    page = lesson.open(address(MAIN, "test")).page
    for fieldset in page.locator("fieldset.exercise").all():
        number = fieldset.get_by_role("textbox")
        if number.count():
            number.fill("59")
        else:
            fieldset.get_by_role("radio").first.check()
    page.get_by_role("button", name="Grade my test").click()
    expect(page.get_by_role("link", name="Take another test")).to_be_visible()


def performance_measured(lesson: LessonPage) -> None:
    """Some figures have been measured."""
    page = lesson.open(address(MAIN, "performance")).page
    page.get_by_role("button", name="Measure this server").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator(".chart > svg .point")).not_to_have_count(0, timeout=RUN_PATIENCE)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Measure again")).to_be_visible()


def shared(lesson: LessonPage) -> None:
    """A moment has its address and the HTML that embeds it."""
    page = lesson.open(f"{ADDRESS}runs/recorded-{MAIN}/?cursor=300").page
    open_sharing(page).get_by_role("button", name="Share this moment").click()
    page.get_by_text("Embed it in your own page").click()
    expect(page.get_by_role("textbox", name="HTML to paste")).to_be_visible()


def embedded(lesson: LessonPage) -> None:
    """What a frame in a page of another origin shows."""
    lesson.open(f"/embed{ADDRESS}runs/recorded-{MAIN}/?cursor=300")
    lesson.page.get_by_text("Code, steps and variables").click()
    expect(lesson.table).to_be_visible()


def no_share(lesson: LessonPage) -> None:
    lesson.open("/s/abcdefghijk/")


def no_runs(lesson: LessonPage) -> None:
    """Nothing has been sent yet."""
    lesson.open("/runs/")


def my_runs(lesson: LessonPage) -> None:
    """One run, about to be deleted."""
    lesson.open().fill(requests=2, wait=0.1).send().wait_for_state("ended")
    details = lesson.page.locator(".lines details")
    until(lambda: lesson.open("/runs/") and details.count(), "the archive has the run")
    details.locator("summary").click()
    expect(lesson.page.get_by_role("button", name="Delete for good")).to_be_visible()


def other_to_compare(lesson: LessonPage) -> None:
    """The runs that one can be compared with."""
    my_runs(lesson)
    lesson.open(f"{ADDRESS}runs/recorded-{MAIN}/compare/")


def compared(lesson: LessonPage) -> None:
    """The recorded run and one of other lanes."""
    lesson.open().fill(requests=12, wait=0.1, lanes=LANES[:1]).send().wait_for_state("ended")
    lesson.open(f"{lesson.page.url.removeprefix(lesson.site).partition('?')[0]}compare/recorded-{MAIN}/")


def not_compared(lesson: LessonPage) -> None:
    lesson.open(f"{ADDRESS}runs/recorded-{MAIN}/compare/0123456789abcdef/")


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
    lesson.page.get_by_role("button", name="Run").last.click()  # the first is of one request, whose steps are held
    expect(lesson.state).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)


def retold(lesson: LessonPage) -> None:
    """A run in its place, and told again as something from everyday life."""
    analogy = content(MAIN).teaching.analogies[0]
    lesson.open(address(MAIN, "why"))
    card = lesson.page.locator(f"#example-{analogy.example}")
    card.get_by_role("spinbutton", name="Worker threads").fill("5")
    card.get_by_role("button", name="Run").click()
    expect(lesson.state).to_have_attribute("data-state", "ended", timeout=RUN_PATIENCE)
    expect(lesson.page.locator(f"#analogy-{analogy.id}").get_by_role("region")).to_have_count(2)


def quiz(lesson: LessonPage) -> None:
    """One question hinted at and answered wrong, one answered right; a key moment is shown in the run."""
    lesson.open()
    choose(lesson, 1, wrong(question(MAIN, 1))).get_by_role("button", name="Hint").click()
    expect(lesson.page.get_by_text("Hint:")).to_be_visible()
    answer(lesson, 1, wrong(question(MAIN, 1)), "Not this one")
    answer(lesson, 2, right(question(MAIN, 2)), "Right.")
    lesson.page.get_by_role("link", name="Show me in my run").first.click()
    expect(lesson.page.locator("#table [data-shown]")).to_have_attribute("data-step", "3")


def refused(lesson: LessonPage) -> None:
    """An answer that no form of ours sends, sent as a plain form."""
    lesson.open()
    card = choose(lesson, 1, 0)
    card.get_by_role("radio").first.evaluate("each => { each.value = '9'; each.form.submit() }")
    expect(lesson.page.get_by_role("heading", name="This was not accepted")).to_be_visible()


def other_run(lesson: LessonPage) -> None:
    """The run on the stage has not the lanes that the key moments speak of."""
    lesson.open().fill(requests=2, wait=0.1, lanes=("Sync view under ASGI",)).send().wait_for_state("ended")


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
        "lit": lit,
        "text": text,
        "running": running,
        "ended": ended,
        "held": held,
        "paused": paused,
        "hundred": hundred,
        "four-lanes": four_lanes,
        "errors": errors,
        "predicted": predicted,
        "cancelled": cancelled,
        "exports": exports,
        "try-answered": try_answered,
        "challenge-wrong": challenge_wrong,
        "challenge-settled": challenge_settled,
        "project-checked": project_checked,
        "project-passed": project_passed,
        "review-graded": review_graded,
        "map": lambda lesson: lesson.open(f"/lessons/{MAIN}/map/"),
        "path-run": path_run,
        "test-graded": graded_test,
        "performance-measured": performance_measured,
        "built": built,
        "shared": shared,
        "embedded": embedded,
        "no-share": no_share,
        "no-runs": no_runs,
        "my-runs": my_runs,
        "other-to-compare": other_to_compare,
        "compared": compared,
        "not-compared": not_compared,
        "no-page": no_page,
        "no-run": no_run,
        **{each: partial(mode, slug=MAIN, mode=each) for each in modes(MAIN) if each != "visualize"},
        "second": partial(mode, slug=SECOND, mode="visualize"),
        "example": example,
        "retold": retold,
        "quiz": quiz,
        "other-run": other_run,
        "refused": refused,
    }
)
# What Chromium writes to the console about an answer that is not 2xx, by state.
EXPECTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "errors": "status of 422",
        "refused": "status of 422",
        "no-page": "status of 404",
        "no-run": "status of 404",
        "no-share": "status of 404",
        "not-compared": "status of 404",
    }
)
