"""My runs: one's own and nobody else's, newest first, a page at a time."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from lessons import identity
from lessons.models import ArchivedRun
from lessons.runs import archive
from lessons.views.my_runs import PER_PAGE
from tests.learning.small import LEARNER, OTHER
from tests.stage import scenes

pytestmark = pytest.mark.django_db


def keep(run: str, sender: str = LEARNER, **fields: Any) -> None:
    archive.store_row(archive.archive_row(run, sender, scenes.one_each()))
    ArchivedRun.objects.filter(run=run).update(**fields)


@pytest.fixture
def mine(client: Client) -> Client:
    """A browser that LEARNER uses."""
    response = HttpResponse()
    identity.remember_learner(response, LEARNER, secure=False)
    client.cookies = response.cookies
    return client


def shown(client: Client, page: str = "") -> list[str]:
    """Names of the runs on a page of the list."""
    answer = client.get("/runs/", {"page": page} if page else {})
    assert answer.status_code == 200
    return re.findall(r' action="/runs/([\w-]+)/delete/"', answer.content.decode())


def test_who_has_no_cookie_is_shown_where_to_begin(client: Client) -> None:
    keep("nobodys", "")
    answer = client.get("/runs/")
    page = answer.content.decode()
    assert "nothing here yet" in page
    assert "/lessons/why-async-matters/" in page
    assert shown(client) == []
    assert not answer.cookies


def test_a_forged_cookie_is_nobody(client: Client) -> None:
    keep("mine")
    client.cookies[identity.COOKIE] = f"{LEARNER}:forged"
    assert shown(client) == []


def test_a_run_is_told_in_words_and_figures(mine: Client) -> None:
    keep("mine", load=1.25, cores=2)
    keep("theirs", OTHER)
    page = mine.get("/runs/").content.decode()
    assert shown(mine) == ["mine"]
    for words in (
        "Why async matters in Django",
        "1 request in each lane, I/O wait 1 s, 1 worker thread",
        "1.01 s",
        "Sync view",
        "14 November 2023",
        "load 1.2 on 2 cores",
        "/lessons/why-async-matters/runs/mine/",
    ):
        assert words in page, words


def test_runs_are_paged_newest_first(mine: Client) -> None:
    now = timezone.now()
    for number in range(PER_PAGE + 3):
        keep(f"run-{number}", at=now - timedelta(minutes=number))
    names = [f"run-{number}" for number in range(PER_PAGE + 3)]
    assert shown(mine) == names[:PER_PAGE]
    assert shown(mine, "2") == names[PER_PAGE:]
    for odd in ("junk", "²", "1" * 5000):
        assert shown(mine, odd) == names[:PER_PAGE], odd
    for beyond in ("0", "-1", "999"):
        assert shown(mine, beyond) == names[PER_PAGE:], beyond


def test_no_event_is_unpacked_for_the_list(mine: Client) -> None:
    keep("mine", events=b"damaged")
    assert shown(mine) == ["mine"]


@pytest.mark.parametrize("fields", [{"lesson": "gone"}, {"spec": {"requests": "<script>"}}, {"spec": []}])
def test_a_run_whose_lesson_has_changed_can_still_be_deleted(mine: Client, fields: dict[str, Any]) -> None:
    keep("mine", **fields)
    page = mine.get("/runs/").content.decode()
    assert shown(mine) == ["mine"]
    assert "<script>" not in page
    assert "/runs/mine/compare/" not in page


@pytest.mark.parametrize("address", ["/runs/mine/delete/", "/runs/delete/"])
def test_deleting_takes_a_post_with_a_token(mine: Client, address: str) -> None:
    keep("mine")
    assert mine.get(address).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = mine.cookies
    assert strict.post(address).status_code == 403
    assert shown(mine) == ["mine"]
