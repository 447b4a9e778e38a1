"""A prediction beside its measurement: what is read into the difference, and what is not."""

from dataclasses import replace

import pytest

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.content.teaching import Formula, Prediction, Reading
from lessons.lab import events as ev
from lessons.lab.events import Event, EventError
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.rendering.regions import render_regions
from lessons.rendering.scene_context import law_end, scene_context
from lessons.stage import law, prediction
from lessons.stage.facts import RunFacts
from lessons.stage.fold import fold_events
from lessons.stage.model import Stage
from lessons.stage.viewpoint import Viewpoint
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC

READINGS = ("none", "wait", "sum", "share")


def spec(requests: int, workers: int = 1, wait: float = 1.0) -> RunSpec:
    return RunSpec("why-async-matters", (LaneSpec("sync", "waitress"),), requests, wait, workers)


def asked(formula: Formula = "rounds", waits: int = 1, readings: tuple[Reading, ...] = ()) -> Prediction:
    """A prediction whose texts are names."""
    own = readings or tuple(Reading(each, each) for each in READINGS)  # type: ignore[arg-type]
    return Prediction(SYNC, "How long?", "{requests}, {workers}, {wait}?", formula, "right", "other", own, waits)


@pytest.mark.parametrize(
    ("requests", "workers", "wait", "predicted", "measured", "read"),
    [
        # ten requests, one worker: sum, share and rounds are one, so none of them tells anything
        (10, 1, 1.0, 10, 10.04, "right"),
        (10, 1, 1.0, 9, 10.04, "right"),  # within 20 %
        (10, 1, 1.0, 1, 10.04, "wait"),
        (10, 1, 1.0, 1.1, 10.04, "wait"),
        (10, 1, 1.0, 0, 10.04, "none"),
        (10, 1, 1.0, 3, 10.04, "other"),
        (10, 1, 1.0, 20, 10.04, "other"),
        (10, 1, 1.0, 3600, 10.04, "other"),
        # ten requests, four workers: 1, 2.5, 3 and 10 s can be told apart
        (10, 4, 1.0, 3, 3.04, "right"),
        (10, 4, 1.0, 2.8, 3.04, "right"),
        (10, 4, 1.0, 2.5, 3.04, "share"),  # nearer to what it would be if rounds could be split, though within 20 %
        (10, 4, 1.0, 10, 3.04, "sum"),
        (10, 4, 1.0, 1, 3.04, "wait"),
        (10, 4, 1.0, 5, 3.04, "other"),
        # as many workers as requests: one wait is right, and all other ways but the sum and nothing agree
        (4, 4, 1.0, 1, 1.02, "right"),
        (4, 4, 1.0, 4, 1.02, "sum"),
        # one request: every way comes to one wait
        (1, 1, 1.0, 1, 1.01, "right"),
        (1, 1, 1.0, 2, 1.01, "other"),
        # differences that the field cannot show: 0.7 s and 0.625 s
        (100, 16, 0.1, 0.6, 0.72, "right"),
        (100, 16, 0.1, 0.1, 0.72, "wait"),
        # a very short run: half a step of the field is no error
        (1, 1, 0.1, 0.1, 0.14, "right"),
        (1, 1, 0.1, 0, 0.11, "none"),
        # what was measured is not what should have come out: then that way of thinking was not wrong
        (10, 4, 1.0, 10, 10.2, "right"),
        (10, 4, 1.0, 8.1, 10.4, "other"),
    ],
)
def test_the_difference_is_read(
    requests: int, workers: int, wait: float, predicted: float, measured: float, read: str
) -> None:
    assert prediction.read_difference(asked(), spec(requests, workers, wait), predicted, measured) == read


@pytest.mark.parametrize(
    ("formula", "expected"), [("none", 0.0), ("wait", 0.5), ("sum", 5.0), ("share", 1.25), ("rounds", 1.5)]
)
def test_each_formula_has_its_total(formula: Formula, expected: float) -> None:
    assert law.formula_total(formula, 1, spec(10, 4, 0.5)) == expected
    assert law.formula_total(formula, 2, spec(10, 4, 0.5)) == 2 * expected


def test_two_readings_with_one_total_explain_nothing() -> None:
    """With two requests `sum` and twice the wait are both two waits."""
    both = asked("none", readings=(Reading("sum", "sum"), Reading("wait", "twice", waits=2)))
    assert prediction.read_difference(both, spec(2), 2, 0.01) == "other"
    assert prediction.read_difference(both, spec(5), 2, 0.01) == "twice"
    assert prediction.read_difference(both, spec(5), 5, 0.01) == "sum"


def test_a_text_has_the_numbers_of_the_run_in_it() -> None:
    text = "{predicted} against {measured}: {requests}, {workers}, {rounds}, {wait}"
    said = replace(asked(), right=text)
    assert (
        prediction.read_difference(said, spec(1), 1, 1.014) == "1 s against 1.01 s: 1 request, 1 worker, 1 round, 1 s"
    )
    said = replace(asked(), other=text)
    assert prediction.read_difference(said, spec(10, 4, 0.5), 60.5, 1.52) == (
        "60.5 s against 1.52 s: 10 requests, 4 workers, 3 rounds, 0.5 s"
    )


@pytest.mark.parametrize(
    ("predicted", "measured", "said"),
    [
        (1, 10.04, "The guess was 9.04 s too low."),
        (20, 10.04, "The guess was 9.96 s too high."),
        (10, 10.04, "The guess of 10 s was right to within 0.05 s."),
    ],
)
def test_by_how_much_it_was_off_is_told(predicted: float, measured: float, said: str) -> None:
    assert prediction.difference_in_words(predicted, measured) == said


@pytest.mark.parametrize("lesson", catalogue.all_lessons().values(), ids=catalogue.all_lessons())
@pytest.mark.parametrize(("requests", "workers"), [(1, 1), (10, 1), (10, 4), (100, 16)])
def test_every_text_of_the_lessons_can_be_said(lesson: Lesson, requests: int, workers: int) -> None:
    asked = lesson.teaching.prediction
    assert asked is not None
    run = spec(requests, workers)
    right = law.formula_total(asked.formula, asked.waits, run)
    thoughts = [(asked.formula, asked.waits), *((each.formula, each.waits) for each in asked.readings)]
    for formula, waits in thoughts:
        said = prediction.read_difference(asked, run, law.formula_total(formula, waits, run), right + 0.02)
        assert said
        assert "{" not in said


# In a run


def predicted(lane: str = SYNC, seconds: float = 0.5) -> Event:
    return Event(0.0, ev.PredictionMade(lane, seconds))


def stage(*, until: float = 9.0, prediction: Event | None = None) -> Stage:
    """One request of 1 s, of which a prediction was made."""
    first, *rest = scenes.one_each()
    events = [first, prediction or predicted(), *(event for event in rest if event.t <= until)]
    return fold_events(scenes.lesson(), scenes.numbered(events))


def test_the_stage_keeps_a_prediction() -> None:
    assert stage().prediction == (SYNC, 0.5)
    assert fold_events(scenes.lesson(), scenes.one_each()).prediction is None


def test_a_prediction_for_a_lane_that_is_not_in_the_run_is_none() -> None:
    assert stage(prediction=predicted("sync@daphne")).prediction is None


@pytest.mark.parametrize(
    "data",
    [
        {"lane": SYNC, "seconds": -0.1},
        {"lane": SYNC, "seconds": 3600.1},
        {"lane": SYNC, "seconds": float("nan")},
        {"lane": SYNC, "seconds": float("inf")},
        {"lane": SYNC, "seconds": "3"},
        {"lane": SYNC, "seconds": True},
        {"lane": SYNC},
        {"lane": 3, "seconds": 3},
    ],
)
def test_what_is_no_prediction_is_no_event(data: dict[str, object]) -> None:
    record = predicted().as_record() | {"data": data}
    with pytest.raises(EventError):
        Event.from_record(record)


def test_a_prediction_can_be_written_and_read() -> None:
    assert Event.from_record(predicted().as_record()) == predicted()


def test_while_the_lane_runs_only_the_prediction_is_told() -> None:
    found = prediction.compare_prediction(stage(until=0.5))
    assert found is not None
    assert (found.lane, found.predicted, found.measured, found.off, found.says) == ("Sync view", "0.5 s", "", "", "")
    assert (
        found.question
        == "How long will the sync view take to answer 1 request with 1 worker, if each waits 1 s for its data?"
    )
    assert (found.share, found.measured_share) == (100.0, 0.0)


def test_when_the_lane_is_done_both_stand_side_by_side() -> None:
    found = prediction.compare_prediction(stage(until=1.25))  # the run has not ended yet
    assert found is not None
    assert (found.measured, found.off) == ("1.01 s", "The guess was 0.51 s too low.")
    assert (found.share, found.measured_share) == (49.7, 100.0)
    assert found.says


def test_a_lane_that_did_not_finish_is_compared_with_nothing() -> None:
    events = [*stage_events(until=0.5), Event(0.6, ev.RunEnded("cancelled"))]
    found = prediction.compare_prediction(fold_events(scenes.lesson(), scenes.numbered(events)))
    assert found is not None
    assert (found.measured, found.off) == ("", "")
    assert "did not finish" in found.says


def test_failed_requests_are_compared_with_nothing() -> None:
    events = [
        *stage_events(until=0.5),
        Event(0.6, ev.RequestFailed("refused"), SYNC, 1),
        Event(0.7, ev.LaneDone(0.6, 0, 1), SYNC),
    ]
    found = prediction.compare_prediction(fold_events(scenes.lesson(), scenes.numbered(events)))
    assert found is not None
    assert found.measured == ""
    assert "Not every request" in found.says


def stage_events(until: float) -> list[Event]:
    first, *rest = scenes.one_each()
    return [first, predicted(), *(event for event in rest if event.t <= until)]


def pictures(stage: Stage) -> list[str]:
    """The wide picture of each lane."""
    context = scene_context(stage, Viewpoint(), RunFacts.of(stage.lesson, stage_events(0.5)).facts, 0.5)
    return [each["wide"] for each in context["pictures"]]


def test_the_timeline_of_its_lane_has_a_mark() -> None:
    sync, other = pictures(stage())
    assert 'data-guess="0.5"' in sync
    assert "data-guess" not in other
    regions = render_regions(stage(), Viewpoint())
    assert "Guess: <strong>0.5 s</strong>" in regions["meta-sync-waitress"]
    assert "Prediction" not in regions["meta-async-daphne"]


def test_the_axis_reaches_to_a_prediction_that_is_not_far_off() -> None:
    spec = stage().spec
    assert spec
    plain = law_end(fold_events(scenes.lesson(), scenes.one_each()), spec)
    assert law_end(stage(prediction=predicted(seconds=1.4)), spec) >= 1.4
    far = stage(prediction=predicted(seconds=60))
    assert law_end(far, spec) == plain
    assert "data-guess" not in "".join(pictures(far))


def test_a_run_without_a_prediction_shows_none() -> None:
    first, *rest = scenes.one_each()
    no_example = scenes.created(replace(scenes.spec(), wait=0.9))
    assert first.body != no_example.body
    regions = render_regions(fold_events(scenes.lesson(), [no_example, *rest]), Viewpoint(lane=ASYNC))
    assert regions["prediction"] == '<div id="prediction" hx-swap-oob="innerMorph"></div>'
    assert not any("predict" in html for name, html in regions.items() if name != "prediction")
