"""The list of lessons."""

import shutil

import pytest
from django.conf import settings as site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lessons import catalogue
from lessons.learning import experiments
from lessons.learning.modes import text_examples
from tests.visiting import learner_of

pytestmark = pytest.mark.django_db
LESSON = "why-async-matters"


@pytest.fixture
def make_lessons(settings, tmp_path):
    """Makes the site one of so many lessons."""

    def make(count: int) -> None:
        folder = tmp_path / f"of-{count}"
        for number in range(count):
            shutil.copytree(site.BASE_DIR / "lessons" / "content" / LESSON, folder / f"lesson-{number}")
        settings.LESSONS_DIR = folder

    return make


def queries_of_list(client) -> list[str]:
    with CaptureQueriesContext(connection) as made:
        assert client.get(reverse("lessons:index")).status_code == 200
    return [each["sql"] for each in made.captured_queries]


def test_more_lessons_cost_no_more_queries(client, make_lessons):
    make_lessons(2)
    client.get(reverse("lessons:learn", args=["lesson-1"]))
    client.get(reverse("lessons:learn", args=["lesson-0"]))
    few = queries_of_list(client)
    make_lessons(5)
    many = queries_of_list(client)

    assert len(few) == len(many) == 8


def test_each_lesson_shows_its_own_progress(client, make_lessons):
    make_lessons(3)
    client.get(reverse("lessons:learn", args=["lesson-0"]))
    lesson = catalogue.find_lesson("lesson-1")
    for example in text_examples(lesson, "learn"):
        experiments.note_tried(learner_of(client), lesson, example)
    entries = client.get(reverse("lessons:index")).context["entries"]

    assert [(each.lesson.slug, each.done) for each in entries] == [("lesson-0", 0), ("lesson-1", 1), ("lesson-2", 0)]


def test_a_lesson_begins_with_its_path_and_then_with_its_stage(client):
    path, stage = (reverse(f"lessons:{name}", args=[LESSON]) for name in ("path", "lesson"))

    def start() -> str:
        entries = client.get(reverse("lessons:index")).context["entries"]
        return str(next(each.start for each in entries if each.lesson.slug == LESSON))

    client.get(path)
    assert start() == path
    lesson = catalogue.find_lesson(LESSON)
    assert lesson.teaching.path
    for each in lesson.teaching.path.steps:
        experiments.note_tried(learner_of(client), lesson, each.example)
    assert start() == stage
