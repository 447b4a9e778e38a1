"""The list of lessons."""

import shutil

import pytest
from django.conf import settings as site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lessons import catalogue
from lessons.learning import progress
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

    assert len(few) == len(many) == 6


def test_each_lesson_shows_its_own_progress(client, make_lessons):
    make_lessons(3)
    client.get(reverse("lessons:learn", args=["lesson-0"]))
    progress.record_visit(learner_of(client), catalogue.find_lesson("lesson-1"), "learn")
    entries = client.get(reverse("lessons:index")).context["entries"]

    assert [(each.lesson.slug, each.done) for each in entries] == [("lesson-0", 0), ("lesson-1", 1), ("lesson-2", 0)]
