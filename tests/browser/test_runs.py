"""My runs, comparing them, and the evidence in the learner's last one."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import Look
from tests.browser.lessons import MAIN, content, question, right
from tests.browser.pages import ADDRESS, ASYNC, SYNC, LessonPage, open_sharing
from tests.browser.watch import Watch
from tests.waiting import until

MOMENT = content(MAIN).teaching.key_moments[0]
BOTH = pytest.mark.parametrize("look", [Look(), Look(width=390, scripts=False)], ids=str)


def sent(lesson: LessonPage, **fields: str | float) -> str:
    """A run that has ended, on the stage; its name."""
    lesson.open().fill(requests=2, wait=0.1, **fields).send().wait_for_state("ended")  # type: ignore[arg-type]
    return lesson.page.url.split("/runs/")[1].split("/")[0]


def listed(lesson: LessonPage, *runs: str) -> None:
    """Go to My runs; the archive has these runs a moment after they have ended."""

    def addresses() -> list[str | None]:
        lesson.page.get_by_role("link", name="My runs").first.click()
        links = lesson.page.get_by_role("link", name=re.compile("^Open"))
        return [each.get_attribute("href") for each in links.all()]

    expected = [f"{ADDRESS}runs/{run}/" for run in runs]
    until(lambda: addresses() == expected, lambda: f"{expected} are listed; there are {addresses()}")


@BOTH
def test_runs_are_listed_opened_compared_and_deleted(page: Page, lesson: LessonPage, watch: Watch) -> None:
    lesson.open("/runs/")
    expect(page.get_by_role("heading", name="My runs")).to_be_visible()
    expect(page.get_by_text("There is nothing here yet")).to_be_visible()
    slow, fast = sent(lesson, workers=1), sent(lesson, workers=2)
    listed(lesson, fast, slow)
    expect(page.get_by_role("listitem").filter(has_text="2 worker threads")).to_contain_text("Done")

    page.get_by_role("link", name=re.compile("^Open")).last.click()
    lesson.wait_for_state("ended")
    expect(page).to_have_url(re.compile(slow))
    open_sharing(page).get_by_role("link", name="Compare this run with another").click()
    page.get_by_role("link", name=re.compile("^Compare with your run")).click()
    table = page.get_by_role("table", name="Totals of both runs")
    expect(table.get_by_role("row", name=re.compile(f"^{SYNC}"))).to_contain_text(re.compile(r"\d\.\d\d s"))
    expect(page.get_by_text("Run A had 1 worker thread, run B 2.")).to_be_visible()
    for name in (SYNC, ASYNC):
        expect(page.get_by_role("region", name=name, exact=True)).to_contain_text("Run B")
    page.get_by_role("link", name="Compare run A with another").click()
    page.get_by_role("link", name="Compare with the recorded run").click()
    expect(page.get_by_role("region", name="Run B: the recorded run")).to_contain_text("10 requests in each lane")

    listed(lesson, fast, slow)
    line = page.get_by_role("listitem").filter(has_text="1 worker thread")
    line.get_by_text(re.compile("^Delete the run")).or_(line.locator("summary")).first.click()
    line.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("The run is deleted.")).to_be_visible()
    listed(lesson, fast)
    watch.expect("status of 404")
    lesson.open(f"{ADDRESS}runs/{slow}/")
    expect(page.get_by_role("heading", name="This run is not here any more")).to_be_visible()
    page.get_by_role("link", name="My runs").first.click()
    page.get_by_text("Delete all my runs").click()
    page.get_by_role("button", name="Delete all for good").click()
    expect(page.get_by_text("All your runs are deleted.")).to_be_visible()
    expect(page.get_by_text("There is nothing here yet")).to_be_visible()


def test_a_key_moment_is_shown_in_the_learners_last_run_that_has_it(
    page: Page, lesson: LessonPage, second: LessonPage
) -> None:
    run = sent(lesson)
    only = page.get_by_role("link", name="Show me in my run").first
    only.click()  # the run on the stage is the one
    expect(page).to_have_url(re.compile(run))
    other = sent(lesson, lanes=("Sync view under ASGI",))  # type: ignore[arg-type]
    listed(lesson, other, run)

    lesson.open()
    expect(page.get_by_text("Recorded run of")).to_be_visible()
    link = page.get_by_role("link", name="Show me in my run").first
    step = rf"step={MOMENT.evidence.step}#step-{MOMENT.evidence.step}$"
    expect(link).to_have_attribute("href", re.compile(rf"/runs/{run}/\?.*{step}"))
    link.click()
    expect(page).to_have_url(re.compile(rf"/runs/{run}/\?.*#step-{MOMENT.evidence.step}$"))  # soon that of the event
    expect(page.get_by_role("region", name="Code")).to_contain_text(f"{ASYNC} · request #1")
    expect(lesson.row(MOMENT.evidence.step)).to_have_attribute("aria-current", "step")
    page.go_back()
    expect(page.get_by_text("Recorded run of")).to_be_visible()
    expect(link).to_be_visible()

    lesson.open(f"{ADDRESS}runs/{other}/")  # on whose stage the lane is not
    link.click()
    expect(page).to_have_url(re.compile(rf"/runs/{run}/\?"))

    second.open()
    theirs = second.page.get_by_role("link", name="Show me in my run").first
    assert "/runs/" not in (theirs.get_attribute("href") or "")


def test_an_answer_is_checked_in_the_last_run_until_there_is_one_on_the_stage(page: Page, lesson: LessonPage) -> None:
    run = sent(lesson)
    listed(lesson, run)
    lesson.open()
    card = page.locator(f"#question-{question(MAIN, 1).id}")
    card.get_by_role("radio").nth(right(question(MAIN, 1))).check()
    card.get_by_role("button", name="Answer").click()
    link = card.get_by_role("link", name="Check it in a run")
    expect(link).to_have_attribute("href", re.compile(rf"/runs/{run}/\?"))
    lesson.fill(requests=2, wait=0.1).send().wait_for_state("ended")
    expect(link).to_have_attribute("href", re.compile(r"^\?lane="))
    expect(link).to_have_count(1)
    link.click()
    expect(page).not_to_have_url(re.compile(run))
