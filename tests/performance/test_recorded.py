"""The measurement that a lesson brings along: it fits its lesson, says what it is, and comes after the question."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.performance.recorded import measurement_faults, recorded_measurement, recorded_path
from tests.visiting import learner_of

SLUG = "why-async-matters"


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """The lesson, with a folder of its own for what is recorded."""
    return replace(catalogue.find_lesson(SLUG), recorded=tmp_path / "ten.jsonl")


def records() -> list[dict[str, object]]:
    path = recorded_path(catalogue.find_lesson(SLUG))
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_what_the_lesson_brings_along_is_whole_and_true_to_the_law() -> None:
    shipped = catalogue.find_lesson(SLUG)
    assert measurement_faults(shipped) == ()
    found = recorded_measurement(shipped)
    assert found
    assert found.outcome == "done"
    assert all(point.total and point.mean and point.mean <= point.total for point in found.points)
    last = {point.series: point for point in found.points if point.requests == 50}
    labels = {each.label: index for index, each in enumerate(shipped.teaching.performance.series)}  # type: ignore[union-attr]
    one, blocked = last[labels["Sync, 1 worker"]], last[labels["Async that blocks"]]
    assert one.mean
    assert blocked.mean
    assert blocked.mean > 1.5 * one.mean  # nearly everybody waits for the last


def test_a_lesson_need_not_bring_one(lesson: Lesson) -> None:
    assert measurement_faults(lesson) == ()
    assert recorded_measurement(lesson) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not the history of a measurement"),
        ("{", "is not a measurement"),
        ("[]", "is not a measurement"),
        ("[" * 100_000, "is not a measurement"),
        ("x" * 300_000, "is larger than 256 kB"),
        (json.dumps(records()[0]), "is not complete"),
        ("\n".join(json.dumps(each) for each in records()[1:]), "not the history of a measurement"),
        (
            "\n".join(json.dumps(each) for each in records()).replace('"plan": "', '"plan": "x'),
            "something else is measured",
        ),
    ],
    ids=["empty", "no JSON", "no events", "deep", "large", "cut off", "headless", "of other series"],
)
def test_one_that_does_not_fit_is_told_and_left_out(lesson: Lesson, text: str, reason: str) -> None:
    recorded_path(lesson).write_text(text)
    (fault,) = measurement_faults(lesson)
    assert reason in fault.reason
    assert f"manage.py recordmeasurement {SLUG}" in fault.reason
    assert recorded_measurement(lesson) is None


@pytest.mark.django_db
def test_it_is_shown_after_the_question_and_said_to_be_a_recording(client) -> None:
    page = reverse("lessons:performance", args=[SLUG])
    before = client.get(page).content.decode()
    assert "Nothing has been measured yet." in before
    assert "A recording of" not in before
    assert "line-name" not in before
    assert learner_of(client)
    client.post(reverse("lessons:open-performance", args=[SLUG]))
    after = client.get(page).content.decode()
    assert "A recording of 28 November 2026" in after
    assert "on a machine with 2 cores" in after
    assert "Measure this server" in after
    assert "/runs/run-1" not in after  # its runs cannot be looked at
