"""No cache between a learner and the site keeps what is a learner's own, and what is everybody's carries no cookie."""

import pytest
from django.test import Client

from tests.visiting import LESSON, RECORDED


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/runs/", LESSON, f"{LESSON}learn/", RECORDED, "/nowhere/"])
def test_a_page_is_its_learners_alone(client: Client, path: str) -> None:
    answer = client.get(path)
    assert "Cookie" in answer["Vary"]
    assert answer["Cache-Control"] == "private"


@pytest.mark.django_db
def test_what_everybody_may_keep_brings_nobody_a_name(client: Client) -> None:
    answer = client.get(f"{LESSON}picture.png")
    assert answer["Cache-Control"].startswith("public")
    assert not answer.cookies
