"""How far one has got, mode by mode; and back to the start."""

import pytest

from lessons.content.model import Lesson
from lessons.content.teaching import Performance, Series, Teaching
from lessons.errors import Refused
from lessons.learning import challenges, exercises, flashcards, progress, projects, quiz
from lessons.learning.flashcards import Grade
from lessons.learning.grading import Choice
from lessons.learning.modes import lesson_modes
from lessons.learning.records import record_models
from lessons.models import Answer, ItemRun, LatestMeasurement, PatternTest, Visit
from tests.learning.small import OTHER, lesson

pytestmark = pytest.mark.django_db
RIGHT = 1
CODE = """import asyncio
WAIT_TIME = 3
async def view(request):
    await asyncio.sleep(WAIT_TIME)
    return HttpResponse("Done waiting!")
"""


def learn_everything(learner: str, small: Lesson) -> None:
    for mode in lesson_modes(small):
        progress.record_visit(learner, small, mode.id)
    for question in ("first", "second"):
        quiz.answer_quiz(learner, small, question, Choice(1, RIGHT))
    for task in ("blank", "gap"):
        exercises.answer_task(learner, small, task, Choice(1, RIGHT))
    challenges.answer_problem(learner, small, "choice", Choice(1, RIGHT))
    challenges.answer_problem(learner, small, "number", Choice(1, number=2.0))
    quiz.answer_review(learner, small, "asked", Choice(1, RIGHT))
    quiz.record_explanation(learner, small, "why")
    for card in ("front", "back", "side"):
        flashcards.grade_card(learner, small, card, Grade("good", 0))
    for step in ("view", "wait", "async", "answer"):
        projects.submit_code(learner, small, step, CODE)


def test_at_first_nothing_is_done(small, learner):
    for name in (learner, ""):
        found = progress.lesson_progress(name, small)
        assert (found.percent, found.done, found.begun, found.due, found.badges) == (0, False, False, 3, ())


def test_a_text_is_done_when_it_was_opened(small, learner):
    progress.record_visit(learner, small, "learn")
    progress.record_visit(learner, small, "learn")
    found = progress.lesson_progress(learner, small)
    assert (found.mode("learn").done, found.mode("learn").percent) == (True, 100)
    assert found.begun
    assert Visit.objects.count() == 1


def test_opening_a_quiz_is_not_taking_it(small, learner):
    progress.record_visit(learner, small, "visualize")
    mode = progress.lesson_progress(learner, small).mode("visualize")
    assert (mode.visited, mode.done_items, mode.items, mode.done) == (True, 0, 2, False)


def test_a_question_answered_is_half_of_two(small, learner):
    quiz.answer_quiz(learner, small, "first", Choice(1, RIGHT))
    assert progress.lesson_progress(learner, small).mode("visualize").percent == 50


def test_what_was_settled_wrong_is_done_but_not_right(small, learner):
    for attempt, option in enumerate((0, 2), 1):
        challenges.answer_problem(learner, small, "choice", Choice(attempt, option))
    mode = progress.lesson_progress(learner, small).mode("challenge")
    assert (mode.done_items, mode.right) == (1, 0)


def test_review_is_cards_questions_and_explanations(small, learner):
    flashcards.grade_card(learner, small, "front", Grade("good", 0))
    quiz.answer_review(learner, small, "asked", Choice(1, RIGHT))
    found = progress.lesson_progress(learner, small)
    assert (found.mode("review").done_items, found.mode("review").items, found.due) == (2, 5, 2)
    quiz.record_explanation(learner, small, "why")
    quiz.record_explanation(learner, small, "why")
    assert progress.lesson_progress(learner, small).mode("review").done_items == 3
    assert quiz.explained_prompts(OTHER, small) == {"why": False}


def test_a_prompt_that_does_not_exist_is_not_explained(small, learner):
    for name, prompt, code in ((learner, "how", "unknown"), ("", "why", "learner")):
        with pytest.raises(Refused) as caught:
            quiz.record_explanation(name, small, prompt)
        assert caught.value.code == code
    assert not Answer.objects.exists()


def test_a_server_is_measured_when_a_measurement_was_completed(learner):
    performance = Performance(0.1, (1,), (Series("Sync", "sync@waitress", 1),), (), "", ())
    small = lesson(teaching=Teaching(performance=performance))
    progress.record_visit(learner, small, "performance")
    assert not progress.lesson_progress(learner, small).mode("performance").done
    row = LatestMeasurement.objects.create(learner=learner, lesson=small.slug, measurement="m")
    assert not progress.lesson_progress(learner, small).mode("performance").done
    row.complete = True
    row.save()
    assert progress.lesson_progress(learner, small).mode("performance").done
    assert not progress.lesson_progress(OTHER, small).mode("performance").done


def test_everything_done_is_a_hundred_percent(small, learner):
    learn_everything(learner, small)
    found = progress.lesson_progress(learner, small)
    assert found.done
    assert (found.percent, found.share, found.badges, found.due) == (100, 1.0, ("challenge",), 0)


def test_start_over_forgets_this_lesson_of_this_learner_only(small, learner):
    another = lesson("another")
    for name, which in ((learner, small), (learner, another), (OTHER, small)):
        learn_everything(name, which)
        LatestMeasurement.objects.create(learner=name, lesson=which.slug, measurement="m")
        ItemRun.objects.create(learner=name, lesson=which.slug, group="task", item="blank", run="r")
        PatternTest.objects.create(learner=name, lesson=which.slug, seed=1, given=[], right=0, total=10)
    mine = [model._default_manager.filter(learner=learner, lesson="small") for model in record_models()]
    assert all(rows.exists() for rows in mine)
    progress.forget_progress(learner, small)
    assert not any(rows.exists() for rows in mine)
    assert not progress.lesson_progress(learner, small).begun
    assert progress.lesson_progress(learner, small) == progress.lesson_progress("", small)
    assert progress.lesson_progress(learner, another).done
    assert progress.lesson_progress(OTHER, small).done


def test_one_can_learn_it_all_again(small, learner):
    learn_everything(learner, small)
    progress.forget_progress(learner, small)
    learn_everything(learner, small)
    assert progress.lesson_progress(learner, small).done


def test_what_makes_no_sense_is_refused(small, learner):
    for name, mode, code in ((learner, "deep", "unknown"), (learner, "x" * 99, "unknown"), ("", "learn", "learner")):
        with pytest.raises(Refused) as caught:
            progress.record_visit(name, small, mode)
        assert caught.value.code == code
    with pytest.raises(Refused, match="learner"):
        progress.forget_progress("nobody", small)
    assert not Visit.objects.exists()


def test_progress_in_many_lessons_costs_as_many_queries_as_in_one(learner, django_assert_num_queries):
    lessons = [lesson(f"lesson-{number}") for number in range(5)]
    learn_everything(learner, lessons[3])
    with django_assert_num_queries(8):
        progress.lesson_progress(learner, lessons[3])
    with django_assert_num_queries(8):
        reached = progress.lessons_progress(learner, lessons)
    assert [slug for slug, each in reached.items() if each.done] == ["lesson-3"]


def test_a_stranger_costs_no_query(small, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert not progress.lesson_progress("", small).begun
