"""Project: what is said of a step's code, check by check."""

import pytest
from django.test import Client
from django.urls import reverse

from lessons import catalogue
from tests.views.test_covers import said

pytestmark = pytest.mark.django_db
SLUG = "why-async-matters"
IMPORTS = "import asyncio\nfrom django.http import HttpResponse\n\nWAIT_TIME = 3\n\n"
NUMBER = "Give asyncio.sleep the constant WAIT_TIME"
ALWAYS = "The view does not always await asyncio.sleep."
HELLO = "    return HttpResponse('Hello')\n"


def told(client: Client, view: str) -> str:
    """What the page says of this view in the third step."""
    lesson = catalogue.find_lesson(SLUG)
    assert lesson.teaching.project
    for step in lesson.teaching.project.steps[:2]:
        code = lesson.sample(step.solution).source
        client.post(reverse("lessons:project-check", args=[SLUG, step.id]), {"code": code})
    address = reverse("lessons:project-check", args=[SLUG, "await"])
    return said(client.post(address, {"code": IMPORTS + view}, headers={"hx-request": "true"}).content.decode())


def test_a_wait_that_is_never_reached_is_not_told_to_have_a_wrong_argument(client: Client) -> None:
    text = told(client, f"async def view(request):\n    if False:\n        await asyncio.sleep(WAIT_TIME)\n{HELLO}")
    assert f"to do: {ALWAYS}" in text
    assert NUMBER not in text


def test_a_wait_with_a_number_is_told_to_have_one(client: Client) -> None:
    text = told(client, f"async def view(request):\n    await asyncio.sleep(3)\n{HELLO}")
    assert f"to do: {NUMBER}" in text
    assert ALWAYS not in text


def test_what_is_to_be_left_out_is_not_called_missing(client: Client) -> None:
    view = f"async def view(request):\n    time.sleep(3)\n    await asyncio.sleep(WAIT_TIME)\n{HELLO}"
    text = told(client, f"import time\n\n{view}")
    assert "to do: time.sleep waits" in text
    assert "missing" not in text
