"""The map tells what was done, what is next, and in the end what was learnt."""

import pytest
from django.urls import reverse

from lessons import catalogue
from lessons.learning import challenges, exercises, experiments
from lessons.learning.grading import Choice, Item
from lessons.learning.modes import ORDER, lesson_modes
from lessons.models import Visit
from tests.visiting import learner_of

pytestmark = pytest.mark.django_db
SLUG, SECOND = "why-async-matters", "await-together"


def right_choice(item: Item) -> Choice:
    right = [at for at, each in enumerate(item.options) if each.right]
    return Choice(1, option=right[0]) if right else Choice(1, number=item.seconds)


def shown(client, slug: str = SLUG):
    answer = client.get(reverse("lessons:map", args=[slug]))
    assert answer.status_code == 200
    return answer.context


def test_the_map_begins_with_the_path_and_has_every_mode(client):
    context = shown(client)
    assert context["next"].title == "Start here"
    assert [each.reached.mode for each in context["places"]] == list(ORDER)
    assert context["learnt"] == ()


def test_what_is_next_is_the_first_that_is_not_done(client):
    lesson = catalogue.find_lesson(SLUG)
    client.get(reverse("lessons:path", args=[SLUG]))
    assert lesson.teaching.path
    for each in lesson.teaching.path.steps:
        experiments.note_tried(learner_of(client), lesson, each.example)
    context = shown(client)
    assert context["next"].title == "Visualize"
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
    for task in exercises.task_items(lesson):
        exercises.answer_task(learner_of(client), lesson, task.id, right_choice(task))
    for problem in challenges.problem_items(lesson):
        challenges.answer_problem(learner_of(client), lesson, problem.id, right_choice(problem))
    context = shown(client, SECOND)
    assert context["next"] is None
    assert len(context["learnt"]) == len(lesson.teaching.snapshot)
    assert [each.slug for each in context["others"]] == [SLUG]


def test_there_is_no_map_of_no_lesson(client):
    assert client.get(reverse("lessons:map", args=["nothing"])).status_code == 404
