"""What the time axis lets expect."""

import pytest

from lessons import catalogue
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.stage import law


@pytest.mark.parametrize(
    ("slug", "lanes", "seconds"),
    [
        ("why-async-matters", ["sync@waitress"], 3.0),  # ten requests in rounds of four
        ("why-async-matters", ["async@daphne"], 1.0),
        ("why-async-matters", ["sync@daphne"], 1.0),
        ("why-async-matters", ["async_blocking@daphne"], 10.0),
        ("why-async-matters", ["sync@waitress", "async_blocking@daphne", "async@daphne"], 10.0),
        ("await-together", ["one_by_one@daphne", "together@daphne"], 2.0),
    ],
)
def test_the_slowest_lane_counts(slug: str, lanes: list[str], seconds: float) -> None:
    spec = RunSpec(slug, tuple(map(LaneSpec.parse, lanes)), requests=10, wait=1.0, workers=4)
    assert law.expected_seconds(catalogue.all_lessons()[slug], spec) == seconds
