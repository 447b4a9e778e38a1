"""A prediction beside the measurement, and what the difference says about how somebody thinks.

A way of thinking is a formula with numbers put in. Where two of them give the same total for this run, that total tells
nothing about either, and nothing is read into it.
"""

from dataclasses import dataclass
from math import ceil
from typing import Final

from lessons.content.teaching import Prediction, Reading
from lessons.lab.spec import RunSpec
from lessons.stage import wording
from lessons.stage.disturbance import disturbance_sentence
from lessons.stage.law import formula_total
from lessons.stage.model import LaneStage, Stage

TOLERANCE: Final = 0.2  # of a total, within which a prediction is as good as right, as for the problems
FINE: Final = 0.05  # seconds: half a step of the field, so what rounding may add
APART: Final = 0.1  # of the larger of two totals: nearer ones are one
STEP: Final = 0.099  # seconds: and so are those that are less than one step of the field apart


def read_difference(asked: Prediction, spec: RunSpec, predicted: float, measured: float) -> str:
    """What the difference says: the text of the nearest way of thinking that can be told from all others."""
    right = formula_total(asked.formula, asked.waits, spec)
    nearest, text = abs(predicted - measured), asked.right
    if not _near(predicted, measured):
        nearest, text = float("inf"), asked.other
    for each, expected in _telling(asked.readings, right, spec):
        if _near(predicted, expected) and not _near(measured, expected) and abs(predicted - expected) < nearest:
            nearest, text = abs(predicted - expected), each.says
    return text.format(
        predicted=typed_seconds(predicted),
        measured=wording.seconds_text(measured),
        requests=wording.count_noun(spec.requests, "request"),
        workers=wording.count_noun(spec.workers, "worker"),
        rounds=wording.count_noun(ceil(spec.requests / spec.workers), "round"),
        wait=typed_seconds(spec.wait),
    )


def _telling(readings: tuple[Reading, ...], right: float, spec: RunSpec) -> list[tuple[Reading, float]]:
    """The readings whose totals are no other's, each with its total."""
    totals = [formula_total(each.formula, each.waits, spec) for each in readings]
    return [
        (each, mine)
        for at, (each, mine) in enumerate(zip(readings, totals, strict=True))
        if all(_apart(mine, other) for other in (right, *totals[:at], *totals[at + 1 :]))
    ]


def _apart(a: float, b: float) -> bool:
    return abs(a - b) > max(STEP, APART * max(a, b))


def _near(predicted: float, value: float) -> bool:
    return abs(predicted - value) <= max(FINE, TOLERANCE * value)


@dataclass(frozen=True, slots=True)
class ComparedPrediction:
    """A prediction as the stage shows it. Shares are parts of 100 of the longer bar."""

    lane: str  # name
    question: str  # "" where the question stands beside the stage
    predicted: str
    share: float
    measured: str  # "" until the lane is done
    measured_share: float
    off: str  # by how much it was off, a sentence; "" until it is known
    says: str  # what that says about how one thinks, or why nothing can be said; "" until it is known


def compare_prediction(stage: Stage) -> ComparedPrediction | None:
    """The run's prediction with its measurement; None when there is none, or its lane does not run."""
    guess, spec = stage.prediction, stage.spec
    if guess is None or spec is None or guess.lane not in [each.id for each in stage.lanes]:
        return None
    lane = stage.lane(guess.lane)
    asked = stage.lesson.teaching.prediction
    asked = asked if asked and asked.lane == guess.lane and not spec.every else None  # it asks of one burst
    measured = _measured(lane)
    off, says = _judged(stage, lane, asked, spec, guess.seconds)
    longest = max(guess.seconds, measured or 0.0) or 1.0
    return ComparedPrediction(
        lane=stage.lesson.lane(lane.id).name,
        question=prediction_question(asked, spec) if asked else "",
        predicted=typed_seconds(guess.seconds),
        share=round(guess.seconds / longest * 100, 1),
        measured="" if measured is None else wording.seconds_text(measured),
        measured_share=round((measured or 0.0) / longest * 100, 1),
        off=off,
        says=says,
    )


def _judged(stage: Stage, lane: LaneStage, asked: Prediction | None, spec: RunSpec, guess: float) -> tuple[str, str]:
    """By how much the prediction was off, and what that says; nothing of a lane that the lesson has no readings for."""
    measured = _measured(lane)
    if measured is None:
        return "", _unmeasured(stage, lane)
    if disturbance_sentence(stage):
        return "", "The machine was too busy for this run to judge a guess: send the requests again."
    return difference_in_words(guess, measured), read_difference(asked, spec, guess, measured) if asked else ""


def prediction_question(asked: Prediction, spec: RunSpec) -> str:
    """The question with the numbers of a run in it."""
    return exact_question(asked, spec.requests, spec.workers, spec.wait)


def exact_question(asked: Prediction, requests: int, workers: int, wait: float) -> str:
    """The question with these numbers in it."""
    return asked.exact.format(
        requests=wording.count_noun(requests, "request"),
        workers=wording.count_noun(workers, "worker"),
        wait=typed_seconds(wait),
    )


def difference_in_words(predicted: float, measured: float) -> str:
    """By how much the prediction was too low or too high, as a sentence."""
    if round(abs(predicted - measured), 2) <= FINE:
        return f"The guess of {typed_seconds(predicted)} was right to within {FINE:g} s."
    way = "low" if predicted < measured else "high"
    return f"The guess was {wording.seconds_text(abs(predicted - measured))} too {way}."


def _measured(lane: LaneStage) -> float | None:
    """The lane's total, if every request was answered with success."""
    return None if any(each.failure for each in lane.requests) else lane.total


def _unmeasured(stage: Stage, lane: LaneStage) -> str:
    if lane.total is not None:
        return "Not every request was answered successfully, so there is no total to compare with."
    return "The lane did not finish, so there is no total to compare with." if stage.ended else ""


def typed_seconds(value: float) -> str:
    """A time that somebody typed: `3 s`, `0.5 s`, `2.75 s`: no more figures than were typed."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") + " s"
