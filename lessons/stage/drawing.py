"""Where things stand in the drawings along time. Pure numbers; units are those of each SVG's view box."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Final, NamedTuple

from lessons.stage import bars, law
from lessons.stage.bars import PHASES, WAITS, BarStretch, Phase
from lessons.stage.model import LaneStage, Stage

BARS_WIDTH: Final = 1000
SEAM: Final = 3  # width of a view's run between two waits, however short
FURTHER: Final = 1.5  # times the time needed, up to which a prediction lengthens the axis


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The time axis that all lanes share."""

    end: float  # seconds
    ticks: tuple[str, ...]  # labels, evenly spaced from 0 to the end


def time_axis(stage: Stage) -> TimeAxis:
    """Long enough for what has happened, for what the spec lets expect, and for a prediction not far from that."""
    need = max((bars.lane_elapsed(stage, lane) for lane in stage.lanes), default=0.0)
    if stage.spec and not stage.ended:
        need = max(need, law.BEYOND * law.expected_seconds(stage.lesson, stage.spec))
    if stage.prediction and stage.prediction.seconds <= FURTHER * need:
        need = max(need, stage.prediction.seconds)
    return _axis(round(need, 3))


def _axis(need: float) -> TimeAxis:
    tick = next((tick for tick in (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0) if need <= 6 * tick), 20.0)
    intervals = max(1, ceil(round(need / tick, 6)))
    return TimeAxis(
        intervals * tick, tuple(f"{number * tick:.2f}".rstrip("0").rstrip(".") for number in range(intervals + 1))
    )


class Plot(NamedTuple):
    """The size of a timeline with a row for each request; its height is in pixels, too."""

    width: int
    row: int
    height: int


def page_plot(requests: int) -> Plot:
    """The timeline of so many requests on the page."""
    row = row_height(requests)
    return Plot(BARS_WIDTH, row, row * requests)


def row_height(requests: int) -> int:
    """Pixels of one row of the timeline."""
    return 18 if requests <= 10 else 13 if requests <= 20 else 8 if requests <= 50 else 5


def bar_paths(
    stage: Stage,
    lane: LaneStage,
    end: float,
    width: int = BARS_WIDTH,
    row: float = 0,
) -> tuple[tuple[Phase, str], ...]:
    """One path per phase, in fixed order; neighbouring rows with the same stretch are one rectangle.

    The axis of `end` seconds is `width` units wide and each row is `row` units high; 0: as on the page.
    """
    height = row or row_height(len(lane.requests))
    blocks = lane.blocked(stage.t)
    rows: dict[Phase, list[tuple[int, int, int]]] = {phase: [] for phase in PHASES}
    for request in lane.requests:
        for phase, low, high in _extents(bars.bar_stretches(request, blocks, stage.t), stage.zero, end, width):
            rows[phase].append((low, high, request.number))
    return tuple((phase, _path(rows[phase], height)) for phase in PHASES)


def held_path(stage: Stage, lane: LaneStage, end: float, width: int = BARS_WIDTH) -> str:
    """When the server could take no other request, along an axis of `end` seconds, one unit high."""
    edges = (
        (round(span.start / end * width), round((span.end or span.start) / end * width))
        for span in bars.blocked_spans(stage, lane)
    )
    return "".join(f"M{low} 0H{min(width, max(low + 1, high))}V1H{low}z" for low, high in edges)


def _extents(
    stretches: Iterable[BarStretch], zero: float, end: float, width: int
) -> tuple[tuple[Phase, int, int], ...]:
    """The stretches in units of the axis; but for marks of an end, those too short to be seen are left out."""
    scale, told = width / end, list(stretches)
    found: list[tuple[Phase, int, int]] = []
    edge = 0  # of what is drawn so far: nothing covers a seam
    for at, (phase, start, stop) in enumerate(told):
        low = max(edge, min(width, max(0, round((start - zero) * scale))))
        high = min(width, max(0, round((stop - zero) * scale)))
        if phase in ("failed", "cancelled"):
            high = max(high, low + 6)
        elif phase == "running" and {each.phase for each in told[max(0, at - 1) : at + 2 : 2]} <= WAITS:
            high = max(high, low + SEAM)
        if high > low:
            found.append((phase, low, high))
            edge = high
    return tuple(found)


def _path(extents: Iterable[tuple[int, int, int]], height: float) -> str:
    merged: list[tuple[int, int, int, int]] = []
    for low, high, row in sorted(extents):
        if merged and merged[-1][:2] == (low, high) and merged[-1][3] == row - 1:
            merged[-1] = (low, high, merged[-1][2], row)
        else:
            merged.append((low, high, row, row))
    return "".join(f"M{low} {(first - 1) * height}H{high}V{last * height}H{low}z" for low, high, first, last in merged)
