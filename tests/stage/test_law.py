"""What the time axis lets expect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def by_hand(requests: int, workers: int, wait: float, every: float) -> float:
    """When the last answer of a pool is there, reckoned worker by worker."""
    free = [0.0] * workers
    for number in range(requests):
        free[free.index(min(free))] = max(min(free), number * every) + wait
    return max(free)


@given(
    st.integers(1, 100), st.integers(1, 16), st.sampled_from([0.1, 0.25, 0.5, 3.0]), st.sampled_from([0.01, 0.1, 0.5])
)
def test_the_line_of_visitors_who_come_one_by_one(requests: int, workers: int, wait: float, every: float) -> None:
    spec = RunSpec("why-async-matters", (LaneSpec.parse("sync@waitress"),), requests, wait, workers, every)
    assert law.formula_total("rounds", 1, spec) == pytest.approx(by_hand(requests, workers, wait, every))
    assert law.formula_total("wait", 1, spec) == pytest.approx((requests - 1) * every + wait)
    assert law.formula_total("sum", 1, spec) == pytest.approx(by_hand(requests, 1, wait, every))
