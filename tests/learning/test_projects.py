"""Steps come one after another; their code is kept as it was written."""

import pytest

from lessons.content.code_checks import MAX_CODE
from lessons.errors import Refused
from lessons.learning import projects
from lessons.models import ProjectCode
from tests.learning.small import BARE, OTHER, lesson

pytestmark = pytest.mark.django_db
VIEW = "def view(request):\n    pass\n"
WAITING = "WAIT_TIME = 3\n" + VIEW
DONE = """import asyncio

from django.http import HttpResponse

WAIT_TIME = 3


async def view(request):
    await asyncio.sleep(WAIT_TIME)
    return HttpResponse("Done waiting!")
"""


def refusal(*arguments) -> str:
    stored = list(ProjectCode.objects.values())
    with pytest.raises(Refused) as caught:
        projects.submit_code(*arguments)
    assert list(ProjectCode.objects.values()) == stored
    return caught.value.code


def test_a_step_that_is_done_opens_the_next(small, learner):
    before = projects.project_standing(learner, small)
    assert [step.open for step in before.steps] == [True, False, False, False]
    after = projects.submit_code(learner, small, "view", VIEW)
    assert (after.passed, after.total) == (1, 4)
    assert [step.open for step in after.steps] == [True, True, False, False]


def test_what_is_missing_is_told_and_kept(small, learner):
    standing = projects.submit_code(learner, small, "view", "x = 1")
    assert standing.passed == 0
    assert projects.project_standing(learner, small) == standing
    report = standing.step("view").report
    assert report
    assert (report.missing, report.met) == (("Write a function `view`.",), (False,))


def test_the_editor_goes_on_with_the_step_before(small, learner):
    before = projects.project_standing(learner, small)
    assert before.step("view").code == before.step("answer").code == "# begin here\n"
    after = projects.submit_code(learner, small, "view", VIEW)
    assert after.step("wait").code == VIEW


def test_all_steps_make_the_project(small, learner):
    for step, code in (("view", VIEW), ("wait", WAITING), ("async", DONE), ("answer", DONE)):
        standing = projects.submit_code(learner, small, step, code)
    assert standing.passed == standing.total == 4


def test_a_step_once_passed_stays_passed(small, learner):
    projects.submit_code(learner, small, "view", VIEW)
    standing = projects.submit_code(learner, small, "view", "oh no (")
    step = standing.step("view")
    assert step.passed
    assert step.report
    assert not step.report.passed
    assert standing.step("wait").open


def test_a_step_is_not_open_before_its_turn(small, learner):
    assert refusal(learner, small, "async", DONE) == "out-of-turn"


def test_what_makes_no_sense_is_refused(small, learner):
    assert refusal(learner, small, "nothing", VIEW) == "unknown"
    assert refusal(learner, lesson(teaching=BARE), "view", VIEW) == "unknown"
    assert refusal("", small, "view", VIEW) == "learner"
    assert refusal(learner, small, "view", "x" * (MAX_CODE + 1)) == "too-long"
    assert refusal(learner, small, "view", "é" * (MAX_CODE // 2 + 1)) == "too-long"
    assert refusal(learner, small, "view", "x\0") == "malformed"
    assert refusal(learner, small, "view", "x = '\ud800'") == "malformed"


def test_code_may_be_as_long_as_is_said(small, learner):
    code = VIEW + "#" * (MAX_CODE - len(VIEW))
    assert projects.submit_code(learner, small, "view", code.replace("\n", "\r\n")).step("view").code == code


def test_learners_and_lessons_are_kept_apart(small, learner):
    projects.submit_code(learner, small, "view", VIEW)
    assert projects.project_standing(OTHER, small).passed == 0
    assert projects.project_standing(learner, lesson("another")).passed == 0


def test_a_lesson_without_project_has_no_steps(learner):
    assert projects.project_standing(learner, lesson(teaching=BARE)).total == 0
