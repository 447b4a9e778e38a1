"""A page that says in place why nothing was begun tells in a header when to come again, as every other reply does."""

from typing import Any, NoReturn

import pytest
from django.test import Client

from lessons.lab.supervisor import LabFull
from lessons.learning import item_runs
from lessons.performance.service import Measurements
from lessons.runs.service import Runs
from tests.visiting import LESSON, SPEC

pytestmark = pytest.mark.django_db
FORMS = {
    f"{LESSON}runs/": SPEC,
    f"{LESSON}performance/measurements/": {},
    f"{LESSON}build/run/": {f"block-{number}": "0" for number in range(1, 9)},
}


async def refuse(*_: Any, **__: Any) -> NoReturn:
    raise LabFull("64 runs wait")


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Runs, "begin", refuse)
    monkeypatch.setattr(Measurements, "begin", refuse)
    monkeypatch.setattr(item_runs, "run_for_item", refuse)


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
@pytest.mark.parametrize("path", FORMS)
def test_it_tells_when_to_come_again(client: Client, path: str, headers: dict[str, str]) -> None:
    answer = client.post(path, FORMS[path], headers=headers)
    assert "The lab is full" in answer.content.decode()
    assert answer.headers["Retry-After"] == "60"
