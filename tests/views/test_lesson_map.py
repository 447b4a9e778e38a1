"""The map tells what was done, what is next, and in the end what was learnt."""

import pytest
from django.urls import reverse

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.learning import challenges, exercises, experiments, flashcards, quiz
from lessons.learning.effort import lesson_minutes
from lessons.learning.flashcards import Grade
from lessons.learning.grading import Choice, Item
from lessons.learning.modes import lesson_modes, text_examples
from lessons.models import PatternTest, Visit
from tests.visiting import learner_of

pytestmark = pytest.mark.django_db
SLUG, SECOND = "why-async-matters", "await-together"


def right_choice(item: Item) -> Choice:
    right = [at for at, each in enumerate(item.options) if each.right]
    return Choice(1, option=right[0]) if right else Choice(1, number=item.seconds)


def do_the_rest(learner: str, lesson: Lesson) -> None:
    """All but the quiz."""
    for mode in lesson_modes(lesson):
        for example in text_examples(lesson, mode.id):
            experiments.note_tried(learner, lesson, example)
    for task in exercises.task_items(lesson):
        exercises.answer_task(learner, lesson, task.id, right_choice(task))
    for problem in challenges.problem_items(lesson):
        challenges.answer_problem(learner, lesson, problem.id, right_choice(problem))
    for question in quiz.review_items(lesson):
        quiz.answer_review(learner, lesson, question.id, right_choice(question))
    assert lesson.teaching.review
    for prompt in lesson.teaching.review.explain:
        quiz.record_explanation(learner, lesson, prompt.id)
    for card in lesson.teaching.review.cards:
        flashcards.grade_card(learner, lesson, card.id, Grade("good", 0))
    PatternTest.objects.create(learner=learner, lesson=lesson.slug, seed=1, given=[], right=0, total=10)


def shown(client, slug: str = SLUG):
    answer = client.get(reverse("lessons:map", args=[slug]))
    assert answer.status_code == 200
    return answer.context


def test_the_map_begins_with_the_path_and_has_every_mode(client):
    context = shown(client)
    assert context["next"].title == "Start here"
    lesson = catalogue.find_lesson(SLUG)
    assert [each.reached.mode for each in context["places"]] == [each.id for each in lesson_modes(lesson)]
    assert [each.title for each in context["places"]] == [each.title for each in context["tabs"]]
    assert context["learnt"] == ()
    assert context["minutes"] == sum(each.minutes for each in context["places"]) == lesson_minutes(lesson)


def test_what_is_next_is_the_first_that_is_not_done(client):
    lesson = catalogue.find_lesson(SLUG)
    client.get(reverse("lessons:path", args=[SLUG]))
    assert lesson.teaching.path
    for each in lesson.teaching.path.steps:
        experiments.note_tried(learner_of(client), lesson, each.example)
    context = shown(client)
    assert context["next"].title == "Learn"
    assert [each.reached.mode for each in context["places"] if each.reached.done] == ["path"]


def test_in_the_end_it_says_what_was_learnt_and_where_to_go_on(client):
    lesson = catalogue.find_lesson(SECOND)
    client.get(reverse("lessons:learn", args=[SECOND]))
    for each in lesson_modes(lesson):
        Visit.objects.create(learner=learner_of(client), lesson=SECOND, mode=each.id)
    assert not shown(client, SECOND)["learnt"]  # a visit does not answer a quiz
    for question in lesson.teaching.quiz:
        right = next(at for at, each in enumerate(question.options) if each.right)
        client.post(reverse("lessons:quiz", args=[SECOND, question.id]), {"attempt": "1", "option": str(right)})
    do_the_rest(learner_of(client), lesson)
    context = shown(client, SECOND)
    assert context["next"] is None
    assert len(context["learnt"]) == len(lesson.teaching.snapshot)
    assert [each.slug for each in context["others"]] == [SLUG]


def test_there_is_no_map_of_no_lesson(client):
    assert client.get(reverse("lessons:map", args=["nothing"])).status_code == 404
