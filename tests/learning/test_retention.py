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
from lessons.learning.retention import forget_before
from lessons.models import Visit
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
