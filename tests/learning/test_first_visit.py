"""Who only opens a page leaves nothing behind; who comes back has opened that page."""

import pytest
from django.test import AsyncClient, Client
from django.urls import reverse

from lessons import catalogue, identity
from lessons.learning import progress
from lessons.learning.modes import MODES
from lessons.learning.records import record_models
from lessons.models import Visit
from tests.visiting import learner_of

pytestmark = pytest.mark.django_db
SLUG = "why-async-matters"
ROUTES = ("learn", "why", "deep", "lesson", "try", "challenge", "project", "review", "performance")


def address(route: str) -> str:
    return reverse(f"lessons:{route}", args=[SLUG])


def opened(client: Client) -> set[str]:
    """The modes that this browser's learner has opened."""
    return {
        each.mode
        for each in progress.lesson_progress(learner_of(client), catalogue.find_lesson(SLUG)).modes
        if each.visited
    }


def test_a_robot_leaves_nothing():
    for route in ROUTES:
        assert Client().get(address(route)).status_code == 200
    Client().get("/")
    assert not any(model._default_manager.exists() for model in record_models())


@pytest.mark.parametrize(("route", "mode"), [*zip(ROUTES, [each.id for each in MODES], strict=True)])
def test_the_second_page_counts_and_the_first_one_with_it(client, route, mode):
    client.get(address(route))
    assert opened(client) == set()
    client.get(address("learn"))
    assert opened(client) == {mode, "learn"}
    assert len(client.cookies[identity.COOKIE].value.split(":")) == 3  # name, time, signature


def test_the_first_page_counts_as_soon_as_its_learner_acts(client):
    client.get(address("why"))
    client.post(reverse("lessons:start-over", args=["await-together"]))
    assert opened(client) == {"why"}
    client.post(reverse("lessons:start-over", args=[SLUG]))
    assert opened(client) == set()  # and is not told again by the cookie


async def test_under_asgi_it_is_the_same(transactional_db):
    client = AsyncClient()
    await client.get(address("try"))
    assert not await Visit.objects.aexists()
    await client.get("/")
    assert await Visit.objects.values_list("mode", flat=True).aget() == "try"
    await client.get(address("review"))
    assert await Visit.objects.acount() == 2


def test_a_page_that_is_gone_since_harms_nobody(client, monkeypatch):
    client.get(address("why"))
    monkeypatch.setattr(catalogue, "find_lesson", {}.__getitem__)
    assert client.get("/").status_code == 200
    assert not Visit.objects.exists()


def test_a_first_page_cannot_be_made_up(client):
    for value in (f"{'a' * 22}:{SLUG}:learn", f"{'a' * 22}:{SLUG}:learn:1abcde:forged", ":::", "a:b:c:d:e"):
        client.cookies[identity.COOKIE] = value
        client.get("/")
    assert not Visit.objects.exists()


def test_a_page_that_may_be_framed_knows_nobody(client):
    client.get(address("why"))
    answer = client.get(reverse("lessons:embed", args=[SLUG, f"recorded-{SLUG}"]))
    assert answer.status_code == 200
    assert not answer.cookies
    assert opened(client) == set()
