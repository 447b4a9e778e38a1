"""The one form in which benchmarks tell what they measured: figure, goal, met or missed."""

from dataclasses import dataclass
from typing import Final, Literal

Verdict = Literal["met", "missed", ""]
DIGITS: Final = 4  # significant, of a figure


class Lacking(Exception):
    """The machine lacks something that a benchmark needs; the message names it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured, rounded to four digits, and what it should be at most, or at least."""

    name: str
    measured: float
    unit: str = ""  # "ms", "us", "MB"; "" for a ratio or a count
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""  # how far the runs lay apart, or what else belongs to the figure

    @property
    def value(self) -> float:
        """What is printed, and therefore also what is judged."""
        return float(f"{self.measured:.{DIGITS}g}")

    @property
    def verdict(self) -> Verdict:
        """Is the goal met? "" where there is none. A figure that is not a number meets nothing."""
        if self.at_most is None and self.at_least is None:
            return ""
        below = self.at_most is None or self.value <= self.at_most
        above = self.at_least is None or self.value >= self.at_least
        return "met" if below and above else "missed"

    @property
    def goal(self) -> str:
        """The goal in words: "<= 60 ms"."""
        limits = (("<=", self.at_most), (">=", self.at_least))
        return " and ".join(_with_unit(f"{sign} {limit:g}", self.unit) for sign, limit in limits if limit is not None)

    def __str__(self) -> str:
        goal = f"goal {self.goal}" if self.goal else ""
        note = f"({self.note})" if self.note else ""
        value = _with_unit(f"{self.value:.10g}", self.unit)
        return f"  {self.name:44} {value:>12}  {goal:16} {self.verdict:6} {note}".rstrip()


def spread(values: list[float], unit: str = "") -> str:
    """The number of runs, and how far they lay apart: "5 runs, 1.004 to 1.012"."""
    least, most = (f"{each:.{DIGITS}g}" for each in (min(values), max(values)))
    return _with_unit(f"{len(values)} runs, {least} to {most}", unit)


def _with_unit(text: str, unit: str) -> str:
    return f"{text} {unit}".rstrip()
