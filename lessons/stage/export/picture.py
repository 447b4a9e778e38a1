"""A moment of a run as a picture for previews: 1200 x 630, as Open Graph wants it."""

from collections.abc import Iterator
from typing import Final

from lessons.stage import bars, drawing, narration, wording
from lessons.stage.export import ink, raster, words
from lessons.stage.export.ink import placed, text
from lessons.stage.model import LaneStage, Stage
from lessons.stage.render import Viewpoint, settled

WIDTH: Final = 1200
HEIGHT: Final = 630
MARGIN: Final = 56
LANES_TOP: Final = 166
LANES_HEIGHT: Final = 304
GAP: Final = 14
PLOT_LEFT: Final = 420  # within a lane's card
PLOT_WIDTH: Final = 480
STRIP: Final = 8
GUTTER: Final = 8
MOST_ROW: Final = 34
TALLY: Final = 22  # characters that fit between the plot and the edge


def picture(stage: Stage, viewpoint: Viewpoint) -> bytes:
    """A PNG of the stage, the pinned request marked where rows are high enough.

    Takes a fifth of a second: call it in a thread.

    Raises `OSError`, `subprocess.SubprocessError`.
    """
    return raster.png(preview(stage, viewpoint))


def preview(stage: Stage, viewpoint: Viewpoint) -> str:
    """The picture as SVG text."""
    body = _body(stage, settled(stage, viewpoint))
    return ink.document(WIDTH, HEIGHT, stage.lesson.title, f"'{raster.FAMILY}',sans-serif", "", body)


def _body(stage: Stage, viewpoint: Viewpoint) -> Iterator[str]:
    title = ink.cut(stage.lesson.title, 56)
    yield text(MARGIN, 92, title, 46 if len(title) <= 38 else 36, "ink b")
    yield text(MARGIN, 134, words.numbers(stage), 24, "soft")
    yield text(WIDTH - MARGIN, 134, f"at {words.true_time(stage)}", 24, "soft end")
    height = min(150.0, (LANES_HEIGHT - GAP * (len(stage.lanes) - 1)) / max(1, len(stage.lanes)))
    for index, lane in enumerate(stage.lanes):
        yield placed(MARGIN, LANES_TOP + index * (height + GAP), *_lane(stage, lane, height, viewpoint))
    bottom = LANES_TOP + len(stage.lanes) * (height + GAP)
    axis = drawing.axis(stage)
    yield placed(MARGIN + PLOT_LEFT, bottom + 8, ink.ticks(axis, PLOT_WIDTH, 16))
    said = narration.verdict(stage) or narration.situation(stage)
    for index, line in enumerate(ink.wrapped(said, 70)[:2]):
        yield text(MARGIN, 540 + index * 36, line, 28, "ink b")
    yield text(MARGIN, 608, "Lessonsite", 18, "soft b")
    yield text(WIDTH - MARGIN, 608, "Measured on real servers, not simulated", 18, "soft end")


def _lane(stage: Stage, lane: LaneStage, height: float, viewpoint: Viewpoint) -> Iterator[str]:
    axis = drawing.axis(stage)
    middle = height / 2
    count = max(1, len(lane.requests))
    row = max(0.25, min(MOST_ROW, (height - 20 - STRIP - GUTTER) // (count / 4) / 4))  # parts that binary holds
    top = middle - (STRIP + GUTTER + row * count) / 2
    yield f'<rect class="card" width="{WIDTH - 2 * MARGIN}" height="{height:g}" rx="12"/>'
    yield text(24, middle - 4, ink.cut(stage.lesson.lane(lane.id).name, 24), 26, "ink b")
    yield text(24, middle + 22, ink.cut(words.server(lane), 44), 16, "soft")
    yield placed(PLOT_LEFT, top, ink.strip(stage, lane, axis, PLOT_WIDTH, STRIP))
    yield placed(PLOT_LEFT, top + STRIP + GUTTER, ink.timeline(stage, lane, axis, PLOT_WIDTH, row))
    if lane.id == viewpoint.lane and row >= 3:
        yield placed(PLOT_LEFT, top + STRIP + GUTTER, ink.band(viewpoint.request, PLOT_WIDTH, row))
    right = WIDTH - 2 * MARGIN - 24
    tall = height > 100
    clock = wording.seconds(bars.elapsed(stage, lane))
    yield text(right, middle + (6 if tall else 1), clock, 36 if tall else 28, "ink b end")
    tally = narration.tally(lane)
    for index, line in enumerate(ink.wrapped(tally, TALLY)[:3] if tall else [ink.cut(tally, TALLY)]):
        yield text(right, middle + (28 + index * 18 if tall else 22), line, 14, "soft end")
