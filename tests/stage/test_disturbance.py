"""A machine that was too busy is told, and nothing is decided by what it measured."""

import pytest

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.rendering.regions import render_regions
from lessons.stage import narration
from lessons.stage.disturbance import LEAST, PART, SHARE, disturbance_sentence, lane_disturbance, spoilt_part
from lessons.stage.fold import fold_events
from lessons.stage.model import Stage
from lessons.stage.prediction import compare_prediction
from lessons.stage.run_text import write_run_text
from lessons.stage.viewpoint import Viewpoint
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC

CALM, BUSY = ev.LaneScheduled(0.3, 0.1), ev.LaneScheduled(0.2, 0.8)


def events(scheduled: ev.LaneScheduled | None, guess: float | None = None) -> list[Event]:
    """Two lanes that are done, of which the sync one had this of the processors."""
    head = [scenes.created(scenes.spec())]
    head += [Event(0.0, ev.PredictionMade(SYNC, guess))] if guess is not None else []
    had = [Event(1.2, scheduled, SYNC)] if scheduled else []
    done = [Event(1.2, ev.LaneDone(1.2, 1, 0), SYNC), Event(1.2, ev.LaneDone(0.4, 1, 0), ASYNC)]
    return [*scenes.numbered([*head, *had, *done, Event(1.3, ev.RunEnded("done"))])]


def stage(scheduled: ev.LaneScheduled | None, guess: float | None = None) -> Stage:
    return fold_events(scenes.lesson(), events(scheduled, guess))


@pytest.mark.parametrize(
    ("total", "ran", "waited", "part"),
    [
        (1.0, 0.2, 0.8, 0.8),
        (1.0, 0.1, 1.5, 1.0),  # several threads wait at once
        (1.0, 0.2, PART - 0.01, 0.0),  # too short to tell
        (1.0, 0.6, 0.6, 0.0),  # its own doing
        (0.1, 0.01, LEAST - 0.01, 0.0),
        (10.0, 0.2, 0.8, 0.0),
        (0.0, 0.2, 0.8, 0.0),
    ],
)
def test_the_machine_is_to_blame_where_others_had_it_for_a_good_part(
    total: float, ran: float, waited: float, part: float
) -> None:
    assert spoilt_part(total, ran, waited) == pytest.approx(part)


def test_the_borders_belong_to_what_is_told() -> None:
    ran = PART / SHARE * (1 - SHARE) * 0.999
    assert spoilt_part(1.0, ran, PART) == pytest.approx(PART)


def test_nothing_is_said_of_a_calm_machine_nor_of_one_that_does_not_tell() -> None:
    for each in (stage(CALM), stage(None)):
        assert disturbance_sentence(each) == ""
        assert narration.race_verdict(each).startswith("The answer came after 0.40 s in Async view")


def test_a_lane_that_is_not_done_is_not_judged() -> None:
    lane = fold_events(scenes.lesson(), [scenes.created(scenes.spec()), Event(1.0, BUSY, SYNC)]).lane(SYNC)
    assert (lane.waited, lane_disturbance(lane)) == (0.8, 0.0)


def test_instead_of_a_verdict_the_machine_is_told() -> None:
    told = narration.race_verdict(stage(BUSY))
    assert told == (
        "The machine was too busy: up to 67% of these times and blocks may be due to that. This run proves nothing."
    )
    assert "faster" not in "".join(render_regions(stage(BUSY), Viewpoint()).values())
    text = " ".join(each.text for part in write_run_text(scenes.lesson(), events(BUSY)).parts for each in part.passages)
    assert told in text


def test_a_prediction_is_not_judged_by_it() -> None:
    calm, busy = compare_prediction(stage(CALM, 1.2)), compare_prediction(stage(BUSY, 1.2))
    assert calm
    assert busy
    assert calm.off.startswith("The guess of 1.2 s was right")
    assert (busy.off, busy.measured) == ("", "1.20 s")
    assert busy.says == "The machine was too busy for this run to judge a guess: send the requests again."


def test_the_run_can_be_sent_again_from_there() -> None:
    button = '<button type="submit" form="controls" class="run-again">Run it again</button>'
    assert button in render_regions(stage(BUSY), Viewpoint())["verdict"]
    assert button not in render_regions(stage(CALM), Viewpoint())["verdict"]
