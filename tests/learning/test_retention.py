"""Learners who do not come back are forgotten; the others keep everything, however old."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from lessons.content.model import Lesson
from lessons.learning import flashcards, progress, projects, quiz
from lessons.learning.flashcards import Grade
from lessons.learning.grading import Choice
from lessons.learning.records import record_models
from lessons.learning.retention import AT_ONCE, PASSING, forget_before, forget_passers_by
from lessons.models import ArchivedRun, ProjectCode, Visit
from lessons.runs.archiver import Archiver
from tests.learning.small import OTHER

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def learn(learner: str, small: Lesson) -> None:
    progress.record_visit(learner, small, "learn")
    quiz.answer_quiz(learner, small, "first", Choice(1, 1))
    flashcards.grade_card(learner, small, "front", Grade("good", 0))
    projects.submit_code(learner, small, "view", "x = 1")


@pytest.fixture
def old(small, learner):
    """Two learners who did a lot a year and more ago."""
    for name in (learner, OTHER):
        learn(name, small)
    for model in record_models():
        model._default_manager.update(at=NOW - timedelta(days=500))


def test_all_is_forgotten_of_those_who_stayed_away(old, small, learner):
    assert forget_before(NOW - timedelta(days=400)) == 8
    assert not any(model._default_manager.exists() for model in record_models())


def test_all_is_kept_of_those_who_came_back(old, small, learner):
    progress.record_visit(learner, small, "try")
    assert forget_before(NOW - timedelta(days=400)) == 4
    assert quiz.quiz_standings(learner, small)["first"].right
    assert not quiz.quiz_standings(OTHER, small)["first"].given


def test_nothing_is_forgotten_too_early(old, small):
    assert forget_before(NOW - timedelta(days=501)) == 0


def test_the_command_says_what_it_did(old, capsys):
    call_command("forget", "--days", "400")
    assert capsys.readouterr().out == "8 rows of learners who did not come back are deleted.\n"
    assert not Visit.objects.exists()


@pytest.mark.parametrize("days", ["0", "-5", "10001"])
def test_days_that_make_no_sense_delete_nothing(old, days):
    with pytest.raises(CommandError):
        call_command("forget", "--days", days)
    assert Visit.objects.count() == 2


def test_who_only_reads_again_has_come_back(old, small, learner):
    progress.record_visit(learner, small, "learn")
    assert forget_before(NOW - timedelta(days=400)) == 4
    assert quiz.quiz_standings(learner, small)["first"].right


# By itself


@pytest.mark.parametrize(("days", "left"), [(400, 0), (600, 8), (0, 8)])
def test_the_hourly_tidying_forgets_as_the_setting_says(old, settings, days: int, left: int):
    settings.FORGET_DAYS = days
    Archiver(90, 100)._tidy_once()
    assert sum(model._default_manager.count() for model in record_models()) == left


@pytest.fixture
def passer_by(small):
    """A program that posted without a cookie, some time ago."""
    projects.submit_code(OTHER, small, "view", "x = 1")
    quiz.answer_quiz(OTHER, small, "first", Choice(1, 1))
    for model in record_models():
        model._default_manager.update(at=NOW - timedelta(days=31))


def test_who_was_here_for_a_moment_goes_early(passer_by, settings):
    settings.FORGET_DAYS = 400
    Archiver(90, 100)._tidy_once()
    assert not any(model._default_manager.exists() for model in record_models())


def test_a_moment_is_kept_as_long_as_anything(passer_by, settings):
    settings.FORGET_DAYS = 0
    Archiver(90, 100)._tidy_once()
    assert forget_passers_by(NOW - timedelta(days=32)) == 0
    assert ProjectCode.objects.exists()


def read_a_page(small: Lesson) -> None:
    progress.record_visit(OTHER, small, "learn")


def send_a_run(small: Lesson) -> None:
    run = {"run": "a-run", "lesson": small.slug, "outcome": "done", "spec": {}, "count": 0, "events": b""}
    ArchivedRun.objects.create(learner=OTHER, at=NOW, servers={}, totals={}, **run)


def answer_later(small: Lesson) -> None:
    ProjectCode.objects.update(at=NOW - timedelta(days=31) + 2 * AT_ONCE)


@pytest.mark.parametrize("deed", [read_a_page, send_a_run, answer_later])
def test_who_did_more_than_that_is_no_passer_by(passer_by, small, deed):
    deed(small)
    assert forget_passers_by(NOW - PASSING) == 0
    assert ProjectCode.objects.exists()
