"""An analogy waits for its learner's own run, and tells how to come by one."""

import pytest
from django.test import Client
from django.urls import reverse

from lessons import catalogue
from lessons.views.modes import mode_address

pytestmark = pytest.mark.django_db
SLUG = "why-async-matters"
LESSON = catalogue.find_lesson(SLUG)
ANALOGY = LESSON.teaching.analogies[0]
ADDRESS = reverse("lessons:analogy", args=[SLUG, ANALOGY.id])


def test_without_a_run_it_leads_to_its_example_and_asks_once_by_itself(client: Client) -> None:
    page = client.get(mode_address(LESSON, "why")).content.decode()
    assert f'href="{mode_address(LESSON, "why", f"example-{ANALOGY.example}")}"' in page
    assert page.count(f'hx-get="{ADDRESS}"') == page.count(", revealed") == 1
    fragment = client.get(ADDRESS).content.decode()
    assert "Draw it now" in fragment
    assert "revealed" not in fragment  # or it would ask for ever


def test_an_answer_that_was_only_looked_up_draws_nothing(client: Client) -> None:
    client.get(mode_address(LESSON, "why"))
    client.post(reverse("lessons:show-answer", args=[SLUG, ANALOGY.example]), headers={"hx-request": "true"})
    assert "Draw it now" in client.get(ADDRESS).content.decode()


def test_there_is_no_analogy_of_another_name(client: Client) -> None:
    assert client.get(reverse("lessons:analogy", args=[SLUG, "theatre"])).status_code == 404
    assert client.get(reverse("lessons:analogy", args=["await-together", ANALOGY.id])).status_code == 404
