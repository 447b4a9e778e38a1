"""The admin shows what learners did and changes nothing; the lessons know nothing of it."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lessons import catalogue
from lessons.learning import challenges, flashcards, progress, projects, quiz, statistics
from lessons.learning.flashcards import Grade
from lessons.learning.grading import Choice
from lessons.models import ArchivedRun
from lessons.runs import archive, shares
from tests.learning.small import OTHER
from tests.stage import scenes

pytestmark = pytest.mark.django_db
OURS = (
    "answer",
    "archivedrun",
    "badge",
    "cardstate",
    "answerstatistics",
    "itemrun",
    "latestmeasurement",
    "projectcode",
    "share",
    "visit",
)


@pytest.fixture
def teacher(client: Client) -> Client:
    """Somebody who may look at all of it."""
    client.force_login(User.objects.create_superuser("teacher"))
    return client


def test_strangers_are_asked_who_they_are(client):
    for name in OURS:
        answer = client.get(f"/admin/lessons/{name}/")
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/admin/login/")


def test_staff_without_permission_sees_nothing(client):
    client.force_login(User.objects.create_user("assistant", is_staff=True))
    for name in OURS:
        assert client.get(f"/admin/lessons/{name}/").status_code == 403


@pytest.fixture
def busy(monkeypatch, small, learner):
    """The small lesson is in the catalogue, and was learnt."""
    monkeypatch.setattr(catalogue, "all_lessons", lambda: {small.slug: small})
    for name, option in ((learner, 1), (OTHER, 0)):
        quiz.answer_quiz(name, small, "first", Choice(1, option))
        challenges.answer_problem(name, small, "number", Choice(1, number=2.1 if option else 9.0))
    quiz.answer_quiz(OTHER, small, "first", Choice(2, 1))
    challenges.answer_problem(learner, small, "choice", Choice(1, 1))
    flashcards.grade_card(learner, small, "front", Grade("good", 0))
    projects.submit_code(learner, small, "view", "<script>alert(1)</script>")
    progress.record_visit(learner, small, "learn")
    archive.store_row(archive.archive_row("an-only_run", learner, scenes.one_each()))
    shares.create_share("an-only_run", small.slug, 3, scenes.SYNC, 1)


def test_every_list_opens(teacher, busy):
    for name in OURS:
        answer = teacher.get(f"/admin/lessons/{name}/")
        assert answer.status_code == 200
        assert "style=" not in answer.content.decode()


def test_nothing_can_be_added_changed_or_deleted(teacher, busy):
    with_rows = set()
    for name in OURS:
        assert teacher.get(f"/admin/lessons/{name}/add/").status_code == 403
        listed = teacher.get(f"/admin/lessons/{name}/").content.decode()
        for address in set(re.findall(rf"/admin/lessons/{name}/[-\w]+/change/", listed)):
            with_rows.add(name)
            assert teacher.get(address).status_code == 200
            assert teacher.post(address, {}).status_code == 403
            assert teacher.post(address.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert with_rows == {"answer", "archivedrun", "badge", "cardstate", "projectcode", "share", "visit"}


def test_it_is_counted_how_often_each_option_was_chosen(busy, small):
    tables = {(table.group, table.id): table for table in statistics.answer_tables(small)}
    first = tables["Quiz", "first"]
    assert [(row.text, row.right, row.first, row.all) for row in first.rows] == [
        ("one", False, 1, 1),
        ("two", True, 1, 2),
        ("three", False, 0, 0),
    ]
    assert first.learners == 2
    assert tables["Quiz", "second"].learners == 0
    assert [(row.text, row.all) for row in tables["Challenge", "number"].rows] == [
        ("too short", 0),
        ("about 2 s", 1),
        ("too long", 1),
    ]
    assert ("Try", "blank") in tables
    assert ("Review", "asked") in tables


def test_the_table_of_options_is_shown(teacher, busy):
    page = teacher.get("/admin/lessons/answerstatistics/").content.decode()
    assert re.search(r"<th scope=\"row\">two</th>\s*<td>right</td>\s*<td>1</td>\s*<td>0</td>\s*<td>2</td>", page)


def test_what_learners_wrote_is_shown_as_text(teacher, busy):
    listed = teacher.get("/admin/lessons/projectcode/").content.decode()
    address = re.search(r"/admin/lessons/projectcode/\d+/change/", listed)
    assert address
    page = teacher.get(address[0]).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_a_run_is_looked_at_without_its_events(teacher, busy):
    with CaptureQueriesContext(connection) as queries:
        page = teacher.get("/admin/lessons/archivedrun/an-only_5Frun/change/").content.decode()
        teacher.get("/admin/lessons/archivedrun/")
    assert "an-only_run" in page
    asked = [each["sql"] for each in queries if '"lessons_archivedrun"' in each["sql"]]
    assert asked
    assert not [sql for sql in asked if '"lessons_archivedrun"."events"' in sql]


def test_runs_are_listed_by_their_time_and_not_by_their_names(teacher, learner):
    now = timezone.now()
    ages = {"m-first_run_of_all": 3, "z-second_run_then": 2, "a-third_run_newest": 1}
    for run, age in ages.items():
        archive.store_row(archive.archive_row(run, learner, scenes.one_each()))
        ArchivedRun.objects.filter(run=run).update(at=now - timedelta(days=age))
    listed = teacher.get("/admin/lessons/archivedrun/").content.decode()
    assert sorted(ages, key=listed.index) == sorted(ages, key=ages.__getitem__)


def test_the_lessons_have_no_sessions(teacher):
    answer = teacher.get("/")
    assert "sessionid" not in answer.cookies
    assert not hasattr(answer.wsgi_request, "session")
    assert not hasattr(answer.wsgi_request, "user")


def test_the_cookie_of_the_admin_stays_there(client):
    User.objects.create_superuser("teacher", password="a-long-secret-9")
    answer = client.post("/admin/login/", {"username": "teacher", "password": "a-long-secret-9", "next": "/admin/"})
    assert answer.status_code == 302
    assert answer.cookies["sessionid"]["path"] == "/admin/"
    assert answer.cookies["sessionid"]["httponly"]


async def test_the_admin_is_served_asynchronously_too(async_client):
    assert (await async_client.get("/admin/login/")).status_code == 200
    answer = await async_client.get("/healthz")
    assert answer.status_code == 200
    assert "Cookie" not in answer.get("Vary", "")
