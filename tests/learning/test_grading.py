"""Graded here, in a limited number of attempts, each counted once."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.errors import Refused
from lessons.learning import challenges, exercises, grading, quiz
from lessons.learning.grading import Choice
from lessons.models import Answer
from tests.learning.small import OTHER, lesson

pytestmark = pytest.mark.django_db
WRONG, RIGHT, WRONG_TOO = 0, 1, 2


def refusal(call, *arguments) -> str:
    stored = Answer.objects.count()
    with pytest.raises(Refused) as caught:
        call(*arguments)
    assert Answer.objects.count() == stored
    return caught.value.code


def test_a_right_answer_settles_the_question(small, learner):
    standing = quiz.answer_quiz(learner, small, "first", Choice(1, RIGHT))
    assert (standing.right, standing.settled, standing.left, standing.solution) == (True, True, 0, RIGHT)
    assert standing.last
    assert standing.last.why == "two is right"


def test_a_wrong_answer_is_told_why_and_not_what_is_right(small, learner):
    standing = quiz.answer_quiz(learner, small, "first", Choice(1, WRONG))
    assert (standing.right, standing.settled, standing.left, standing.next_attempt) == (False, False, 2, 2)
    assert standing.last
    assert standing.last.why == "one is wrong"
    assert standing.solution is None
    assert "two is right" not in repr(standing)


def test_the_second_attempt_can_be_right(small, learner):
    quiz.answer_quiz(learner, small, "first", Choice(1, WRONG))
    standing = quiz.answer_quiz(learner, small, "first", Choice(2, RIGHT))
    assert [each.right for each in standing.given] == [False, True]


def test_the_standing_is_there_after_a_reload(small, learner):
    standing = quiz.answer_quiz(learner, small, "second", Choice(1, WRONG))
    assert list(quiz.quiz_standings(learner, small)) == ["first", "second"]
    assert quiz.quiz_standings(learner, small)["second"] == standing


def test_the_score_counts_what_was_right_at_once(small, learner):
    quiz.answer_quiz(learner, small, "first", Choice(1, RIGHT))
    quiz.answer_quiz(learner, small, "second", Choice(1, WRONG))
    quiz.answer_quiz(learner, small, "second", Choice(2, RIGHT))
    score = grading.total_score(quiz.quiz_standings(learner, small).values())
    assert score == grading.Score(right=2, settled=2, first_try=1, total=2)


def test_review_and_quiz_are_counted_apart(small, learner):
    quiz.answer_review(learner, small, "asked", Choice(1, RIGHT))
    assert quiz.review_standings(learner, small)["asked"].right
    assert not any(each.given for each in quiz.quiz_standings(learner, small).values())


def test_the_same_post_again_counts_once(small, learner):
    first = quiz.answer_quiz(learner, small, "first", Choice(1, WRONG))
    assert quiz.answer_quiz(learner, small, "first", Choice(1, WRONG)) == first
    assert Answer.objects.count() == 1


def test_an_attempt_cannot_be_used_for_two_answers(small, learner):
    quiz.answer_quiz(learner, small, "first", Choice(1, WRONG))
    assert refusal(quiz.answer_quiz, learner, small, "first", Choice(1, RIGHT)) == "repeated"


@pytest.mark.parametrize("attempt", [0, 2, 3, 9999])
def test_attempts_come_one_after_another(small, learner, attempt):
    code = refusal(quiz.answer_quiz, learner, small, "first", Choice(attempt, RIGHT))
    assert code == ("repeated" if attempt == 0 else "out-of-turn")


def test_an_answer_is_not_tried_twice(small, learner):
    quiz.answer_quiz(learner, small, "first", Choice(1, WRONG))
    assert refusal(quiz.answer_quiz, learner, small, "first", Choice(2, WRONG)) == "tried"


def test_what_is_right_is_settled(small, learner):
    quiz.answer_quiz(learner, small, "first", Choice(1, RIGHT))
    assert refusal(quiz.answer_quiz, learner, small, "first", Choice(2, WRONG)) == "settled"


@pytest.mark.parametrize("option", [-1, 3, 10**9, None])
def test_options_that_do_not_exist_are_refused(small, learner, option):
    assert refusal(quiz.answer_quiz, learner, small, "first", Choice(1, option)) == "option"


@pytest.mark.parametrize("name", ["", "short", "x" * 65, "no spaces in names", "a-name-with\n-a-line", "é" * 20])
def test_a_name_that_is_not_ours_stores_nothing(small, name):
    assert refusal(quiz.answer_quiz, name, small, "first", Choice(1, RIGHT)) == "learner"


@pytest.mark.parametrize(
    "call", [quiz.answer_quiz, quiz.answer_review, exercises.answer_task, challenges.answer_problem]
)
def test_what_is_not_in_the_lesson_is_refused(small, learner, call):
    assert refusal(call, learner, small, "../first", Choice(1, RIGHT)) == "unknown"


def test_learners_and_lessons_are_kept_apart(small, learner):
    quiz.answer_quiz(learner, small, "first", Choice(1, RIGHT))
    assert not quiz.quiz_standings(OTHER, small)["first"].given
    assert not quiz.quiz_standings(learner, lesson("another"))["first"].given
    assert not quiz.quiz_standings("", small)["first"].given


def test_a_task_has_three_attempts(small, learner):
    for attempt, option in enumerate((0, 2, 3), 1):
        standing = exercises.answer_task(learner, small, "blank", Choice(attempt, option))
        assert (standing.left, standing.settled) == (3 - attempt, attempt == 3)
    assert standing.solution == RIGHT
    assert refusal(exercises.answer_task, learner, small, "blank", Choice(4, RIGHT)) == "settled"


def test_a_problem_has_two_attempts_and_explains_itself_in_the_end(small, learner):
    standing = challenges.answer_problem(learner, small, "choice", Choice(1, WRONG))
    assert standing.explanation == ""
    standing = challenges.answer_problem(learner, small, "choice", Choice(2, WRONG_TOO))
    assert (standing.settled, standing.right, standing.explanation) == (True, False, "because of choice")


@pytest.mark.parametrize(("seconds", "right"), [(1.6, True), (2.4, True), (2.0, True), (1.59, False), (2.41, False)])
def test_seconds_are_right_within_a_fifth(small, learner, seconds, right):
    assert challenges.answer_problem(learner, small, "number", Choice(1, number=seconds)).right is right


def test_wrong_seconds_are_told_the_direction_only(small, learner):
    short = challenges.answer_problem(learner, small, "number", Choice(1, number=0.5))
    assert short.last
    assert short.last.why == "That is more than 20% too short."
    assert short.seconds is None
    long = challenges.answer_problem(learner, small, "number", Choice(2, number=50.0))
    assert long.last
    assert long.last.why == "That is more than 20% too long."
    assert long.seconds == 2.0


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -1.0, 1e300, None])
def test_seconds_that_are_none_are_refused(small, learner, seconds):
    assert refusal(challenges.answer_problem, learner, small, "number", Choice(1, number=seconds)) == "option"


def test_an_option_is_no_answer_where_seconds_are_asked(small, learner):
    assert refusal(challenges.answer_problem, learner, small, "number", Choice(1, RIGHT)) == "option"


def test_the_badge_is_for_all_of_them(small, learner):
    challenges.answer_problem(learner, small, "choice", Choice(1, WRONG))
    challenges.answer_problem(learner, small, "choice", Choice(2, RIGHT))
    assert not challenges.has_badge(learner, small)
    challenges.answer_problem(learner, small, "number", Choice(1, number=2.0))
    assert challenges.has_badge(learner, small)
    assert not challenges.has_badge(OTHER, small)


def test_the_badge_is_not_for_those_who_failed_once_and_for_all(small, learner):
    challenges.answer_problem(learner, small, "choice", Choice(1, WRONG))
    challenges.answer_problem(learner, small, "choice", Choice(2, WRONG_TOO))
    challenges.answer_problem(learner, small, "number", Choice(1, number=2.0))
    assert not challenges.has_badge(learner, small)


def test_an_option_that_the_author_took_away_has_no_reason(small, learner):
    Answer.objects.create(learner=learner, lesson="small", group="quiz", item="first", attempt=1, option=5, right=False)
    standing = quiz.quiz_standings(learner, small)["first"]
    assert standing.last
    assert standing.last.why == ""


def test_a_form_is_read():
    assert Choice.read({"attempt": "2", "option": "1"}) == Choice(2, 1)
    assert Choice.read({"attempt": "1", "number": " 1,5 "}) == Choice(1, number=1.5)
    assert Choice.read({"attempt": "1", "number": "10."}) == Choice(1, number=10.0)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"attempt": "1"},
        {"option": "1"},
        {"attempt": "-1", "option": "1"},
        {"attempt": "1", "option": "١"},
        {"attempt": "1", "option": "1" * 5000},
        {"attempt": "1", "number": "1e9"},
        {"attempt": "1", "number": "nan"},
        {"attempt": "1", "number": "."},
        {"attempt": "1", "number": "9" * 400},
        {"attempt": "one", "option": "1"},
    ],
)
def test_a_form_that_makes_no_sense_is_refused(form):
    with pytest.raises(Refused) as caught:
        Choice.read(form)
    assert caught.value.code == "malformed"


@given(st.dictionaries(st.sampled_from(["attempt", "option", "number"]), st.text(max_size=30)))
@settings(deadline=None)
def test_any_form_is_read_or_refused(form):
    with suppress(Refused):
        assert 0 <= Choice.read(form).attempt < 10_000
