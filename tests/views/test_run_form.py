"""The numbers of a run, and the field "Your guess": optional, strict, and never in the way."""

from typing import Any

import pytest

from lessons import catalogue
from lessons.lab.events import PredictionMade
from lessons.views.run_form import RunForm
from tests.stage.scenes import ASYNC, SYNC

LESSON = catalogue.find_lesson("why-async-matters")


def form(prediction: str | None = None, lanes: tuple[str, ...] = (SYNC, ASYNC), **numbers: Any) -> RunForm:
    data: dict[str, Any] = {"requests": "10", "wait": "1.0", "workers": "1", "lanes": list(lanes), **numbers}
    return RunForm(LESSON, data if prediction is None else data | {"prediction": prediction})


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("requests", "0", "send at least 1"),
        ("requests", "101", "send at most 100"),
        ("requests", "", "say how many requests"),
        ("requests", "1.5", "whole number"),
        ("wait", "0", "wait at least 0.1"),
        ("wait", "3.1", "wait at most 3.0"),
        ("workers", "17", "at most 16"),
    ],
)
def test_a_bad_number_is_told_at_its_field(field: str, value: str, told: str) -> None:
    found = form(None, (SYNC, ASYNC), **{field: value})
    assert list(found.errors) == [field]
    assert told in str(found.errors[field][0])


@pytest.mark.parametrize("text", [None, ""])
def test_an_empty_field_is_a_prediction_skipped(text: str | None) -> None:
    found = form(text)
    assert found.is_valid()
    assert found.predicted() is None


@pytest.mark.parametrize(("text", "seconds"), [("0", 0), ("3.5", 3.5), ("10", 10), ("0.05", 0.05), ("3600", 3600)])
def test_a_number_of_seconds_is_a_prediction(text: str, seconds: float) -> None:
    found = form(text)
    assert found.is_valid()
    assert found.predicted() == PredictionMade(SYNC, seconds)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("-0.1", "no run takes less than 0 s."),
        ("3600.1", "write at most 3600 s."),
        ("9" * 400, "write a number of seconds"),
        ("1e999", "write a number of seconds"),
        ("nan", "write a number of seconds"),
        ("inf", "write a number of seconds"),
        ("3,5", "write a number of seconds, for example 3.5, or leave it empty."),
        ("soon", "write a number of seconds"),
        ("<script>alert(1)</script>", "write a number of seconds"),
    ],
)
def test_anything_else_is_told_and_nothing_runs(text: str, told: str) -> None:
    found = form(text)
    assert not found.is_valid()
    assert list(found.errors) == ["prediction"]
    assert str(found.errors["prediction"][0]).startswith(told)
    assert found["prediction"].value() == text
    described = found.fields["prediction"].widget.attrs["aria-describedby"]
    assert described.split() == ["error-prediction", "prediction-question"]


@pytest.mark.parametrize("text", ["3", "soon"])
def test_it_is_not_asked_for_when_its_lane_is_not_to_run(text: str) -> None:
    found = form(text, lanes=(ASYNC,))
    assert found.is_valid()
    assert found.predicted() is None
    assert "Sync view, which is not ticked" in found.question


def test_the_question_has_the_numbers_of_the_form_in_it() -> None:
    assert "10 requests with 1 worker" in RunForm(LESSON).question
    assert "1 request with 4 workers, if each waits 0.5 s" in form(requests="1", workers="4", wait="0.5").question


@pytest.mark.parametrize("requests", ["", "0", "many"])
def test_it_is_asked_in_general_while_the_numbers_make_no_run(requests: str) -> None:
    assert LESSON.teaching.prediction is not None
    assert form(requests=requests).question == LESSON.teaching.prediction.question
