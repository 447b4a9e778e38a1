"""Figure, goal, met or missed: one form."""

import pytest

from bench.report import Figure, spread


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure("x", 59.9, at_most=60), "met"),
        (Figure("x", 60, at_most=60), "met"),
        (Figure("x", 60.1, at_most=60), "missed"),
        (Figure("x", 57.9, at_least=58), "missed"),
        (Figure("x", 58, at_least=58), "met"),
        (Figure("x", float("nan"), at_most=60), "missed"),
        (Figure("x", 1), ""),
    ],
)
def test_a_goal_is_met_up_to_its_limit(figure: Figure, verdict: str):
    assert figure.verdict == verdict


def test_what_is_printed_is_what_is_judged():
    figure = Figure("total / wait", 1.00504, at_most=1.005, note="3 runs")
    assert " ".join(str(figure).split()) == "total / wait 1.005 goal <= 1.005 met (3 runs)"
    assert "1.006  goal <= 1.005    missed" in str(Figure("total / wait", 1.0056, at_most=1.005))


def test_without_a_goal_nothing_is_judged():
    assert str(Figure("folding", 3.2, "s")).split() == ["folding", "3.2", "s"]


def test_large_figures_are_written_out():
    assert "1559000 B" in str(Figure("a run", 1_559_123, "B"))


def test_the_spread_of_runs_is_told():
    assert spread([1.0041, 1.0123, 1.007]) == "3 runs, 1.004 to 1.012"
