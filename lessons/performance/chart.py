"""The chart of a measurement: how long all requests took, against how many were sent at once.

Both axes are linear and told in words; each line has a mark of its own shape beside its colour. Coordinates are those
of the chart's view box.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Final

from lessons.content.teaching import Performance
from lessons.performance.model import Measurement, Point, pool_seconds

WIDTH: Final = 620
HEIGHT: Final = 380
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 14, 44
TICKS: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)  # seconds between two lines of the grid
MARKS: Final = ("circle", "square", "triangle", "diamond", "cross", "ring")
CLOSE: Final = 26  # units between two labels of the horizontal axis, at least


@dataclass(frozen=True, slots=True)
class ChartTick:
    """A labelled place on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class ChartMark:
    """A measured point."""

    x: float
    y: float
    path: str  # its shape
    title: str  # "50 requests: 10.05 s"


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A series, as far as it has been measured."""

    number: int  # from 1: chooses colour and dashes
    label: str
    path: str  # "" while there are fewer than two neighbouring points
    marks: tuple[ChartMark, ...]
    sample: str  # the mark's shape for the legend, in a box of 24 x 12


@dataclass(frozen=True, slots=True)
class Chart:
    """All that is drawn."""

    lines: tuple[ChartLine, ...]
    across: tuple[ChartTick, ...]  # requests
    up: tuple[ChartTick, ...]  # seconds
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def draw_chart(performance: Performance, measurement: Measurement) -> Chart:
    """The chart as far as it has been measured. The axes are long enough for what must come, so they rarely change."""
    numbers = sorted(set(performance.requests))
    widest = numbers[-1]
    slowest = max(
        *(point.total or 0.0 for point in measurement.points),
        *(pool_seconds(widest, _workers(performance, index), performance.wait) for index in _series(performance)),
    )
    step = next((tick for tick in TICKS if slowest <= 6 * tick), ceil(slowest / 6))
    top = step * ceil(slowest * 1.02 / step)
    lines = tuple(_draw_line(performance, measurement, index, widest, top) for index in _series(performance))
    up = tuple(ChartTick(_y(number * step, top), f"{number * step:g}") for number in range(round(top / step) + 1))
    return Chart(lines, _across(numbers, widest), up)


def _across(numbers: list[int], widest: int) -> tuple[ChartTick, ...]:
    """The numbers of requests; of those that would stand on each other the larger one is named."""
    named: list[ChartTick] = []
    for number in reversed(numbers):
        x = _x(number, widest)
        if not named or named[-1].at - x >= CLOSE:
            named.append(ChartTick(x, str(number)))
    return tuple(reversed(named))


def _series(performance: Performance) -> range:
    return range(len(performance.series))


def _workers(performance: Performance, index: int) -> int:
    """How many requests a lane can serve at once when the law of a finite pool holds for it; else all of them."""
    series = performance.series[index]
    return series.workers if series.lane.endswith("@waitress") else max(performance.requests)


def _draw_line(performance: Performance, measurement: Measurement, index: int, widest: int, top: float) -> ChartLine:
    points = measurement.of(index)
    shape = MARKS[index % len(MARKS)]
    marks = tuple(
        ChartMark(x, y, mark_path(shape, x, y), f"{point.requests} requests: {point.total:.2f} s")
        for point in points
        if point.total is not None
        for x, y in [(_x(point.requests, widest), _y(point.total, top))]
    )
    return ChartLine(
        index + 1, performance.series[index].label, _path(points, widest, top), marks, mark_path(shape, 12, 6)
    )


def _path(points: tuple[Point, ...], widest: int, top: float) -> str:
    """Neighbours are joined; where a point is missing, so is the line."""
    pieces = []
    for one, two in pairwise(points):
        if one.total is not None and two.total is not None:
            start = f"{_x(one.requests, widest)} {_y(one.total, top)}"
            pieces.append(f"M{start}L{_x(two.requests, widest)} {_y(two.total, top)}")
    return "".join(pieces)


def _x(requests: int, widest: int) -> float:
    return round(LEFT + requests / widest * (WIDTH - LEFT - RIGHT), 1)


def _y(seconds: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - seconds / top * (HEIGHT - TOP - BOTTOM), 1)


def mark_path(shape: str, x: float, y: float) -> str:
    """A path around x, y; about 9 units across."""
    match shape:
        case "square":
            return f"M{x - 4} {y - 4}h8v8h-8z"
        case "triangle":
            return f"M{x} {y - 5}l5 9h-10z"
        case "diamond":
            return f"M{x} {y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5z"
        case "cross":
            return f"M{x - 4.5} {y - 4.5}l9 9M{x + 4.5} {y - 4.5}l-9 9"
        case _:
            return f"M{x - 4.5} {y}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z"
