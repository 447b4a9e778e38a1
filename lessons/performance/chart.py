"""The charts of a measurement: seconds until the last answer, and until an answer on average, by requests at once.

Both axes are linear and told in words; each line has a mark of its own shape beside its colour. Coordinates are those
of the chart's view box.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from typing import Final, Literal

from lessons.content.teaching import Performance
from lessons.performance.model import Measurement, Point, pool_seconds
from lessons.stage.wording import count_noun

WIDTH: Final = 620
HEIGHT: Final = 380
LEFT, RIGHT, TOP, BOTTOM = 52, 124, 14, 44
TICKS: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)  # seconds between two lines of the grid
MARKS: Final = ("circle", "square", "triangle", "diamond", "cross", "ring")
CLOSE: Final = 26  # units between two labels of the horizontal axis, at least
LINE: Final = 15.0  # units from one line's name to the next, at least

type Quantity = Literal["total", "mean"]  # which figure of a point is drawn


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
    disturbed: bool = False  # was the machine too busy to measure it well?


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A series, as far as it has been measured."""

    number: int  # from 1: chooses colour and dashes
    label: str
    path: str  # "" while there are fewer than two neighbouring points
    marks: tuple[ChartMark, ...]
    sample: str  # the mark's shape for the legend, in a box of 24 x 12
    end: float = 0.0  # where its name stands, from the top; 0: nowhere yet


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


def draw_chart(performance: Performance, measurement: Measurement, quantity: Quantity = "total") -> Chart:
    """The chart as far as it has been measured. The axes are long enough for what must come, so they rarely change.

    They are the same for either quantity.
    """
    numbers = sorted(set(performance.requests))
    widest = numbers[-1]
    slowest = max(
        *(point.total or 0.0 for point in measurement.points),
        *(pool_seconds(widest, _workers(performance, index), performance.wait) for index in _series(performance)),
    )
    step = next((tick for tick in TICKS if slowest <= 6 * tick), ceil(slowest / 6))
    top = step * ceil(slowest * 1.02 / step)
    points = {index: _drawn_points(measurement.of(index), quantity, widest, top) for index in _series(performance)}
    lines = tuple(_draw_line(performance.series[index].label, index, those) for index, those in points.items())
    up = tuple(ChartTick(_y(number * step, top), f"{number * step:g}") for number in range(round(top / step) + 1))
    return Chart(_with_names(lines), _across(numbers, widest), up)


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


@dataclass(frozen=True, slots=True)
class _Place:
    """A point of a line; None: it has not been measured."""

    requests: int
    seconds: float | None
    x: float
    y: float
    disturbed: bool


def _drawn_points(points: tuple[Point, ...], quantity: Quantity, widest: int, top: float) -> tuple[_Place, ...]:
    known = [(each, each.total if quantity == "total" else each.mean) for each in points]
    return tuple(
        _Place(each.requests, seconds, _x(each.requests, widest), _y(seconds or 0.0, top), each.disturbed)
        for each, seconds in known
    )


def _draw_line(label: str, index: int, places: tuple[_Place, ...]) -> ChartLine:
    shape = MARKS[index % len(MARKS)]
    marks = tuple(
        ChartMark(
            each.x,
            each.y,
            mark_path(shape, each.x, each.y),
            f"{count_noun(each.requests, 'request')}: {each.seconds:.2f} s",
            each.disturbed,
        )
        for each in places
        if each.seconds is not None
    )
    return ChartLine(index + 1, label, _path(places), marks, mark_path(shape, 12, 6))


def _path(places: tuple[_Place, ...]) -> str:
    """Neighbours are joined; where a point is missing, so is the line."""
    joined = [(a, b) for a, b in pairwise(places) if a.seconds is not None and b.seconds is not None]
    return "".join(f"M{a.x} {a.y}L{b.x} {b.y}" for a, b in joined)


def _with_names(lines: tuple[ChartLine, ...]) -> tuple[ChartLine, ...]:
    """Each with a place for its name, at the height of its last mark, or next to it where names would overlap."""
    order = sorted((line for line in lines if line.marks), key=lambda line: line.marks[-1].y)
    ends = [line.marks[-1].y for line in order]
    for at in range(1, len(ends)):
        ends[at] = max(ends[at], ends[at - 1] + LINE)
    for at in range(len(ends) - 1, -1, -1):
        ends[at] = min(ends[at], (ends[at + 1] if at + 1 < len(ends) else HEIGHT - BOTTOM + LINE) - LINE)
    placed = {line.number: end for line, end in zip(order, ends, strict=True)}
    return tuple(replace(line, end=placed.get(line.number, 0.0)) for line in lines)


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
