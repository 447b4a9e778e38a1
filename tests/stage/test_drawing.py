"""Where things stand in the drawings."""

import pytest

from lessons.stage import drawing
from lessons.stage.fold import fold_events
from tests.stage import scenes
from tests.stage.scenes import ASYNC


def test_neighbours_with_the_same_stretch_are_one_rectangle() -> None:
    requests = [event for n in range(1, 11) for event in scenes.async_request(ASYNC, n, 0.1, 0.1)]
    stage = fold_events(scenes.lesson(), [scenes.created(scenes.spec(requests=10)), *requests])
    free = dict(drawing.bar_paths(stage, stage.lane(ASYNC), 1.2))["free"]
    assert free.count("M") <= 2


@pytest.mark.parametrize(
    ("need", "end", "last"), [(0.0, 0.02, "0.02"), (1.02, 1.2, "1.2"), (10.2, 12.0, "12"), (30.0, 30.0, "30")]
)
def test_the_axis_ends_at_a_round_number(need: float, end: float, last: str) -> None:
    axis = drawing._axis(need)
    assert axis.end == pytest.approx(end)
    assert axis.ticks[-1] == last
