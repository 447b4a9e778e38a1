"""A moment of a run as a picture for previews: 1200 x 630, as Open Graph wants it."""

from collections.abc import Iterator
from typing import Final

from lessons.export import captions, raster, svg_parts
from lessons.export.svg_parts import place_group, text_line
from lessons.stage import bars, drawing, narration, wording
from lessons.stage.model import LaneStage, Stage
from lessons.stage.viewpoint import Viewpoint, settle_viewpoint

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


def draw_png(stage: Stage, viewpoint: Viewpoint) -> bytes:
    """A PNG of the stage, the pinned request marked where rows are high enough.

    Takes a fifth of a second: call it in a thread.

    Raises `OSError`, `subprocess.SubprocessError`.
    """
    return raster.rasterize(draw_preview(stage, viewpoint))


def draw_preview(stage: Stage, viewpoint: Viewpoint) -> str:
    """The picture as SVG text."""
    body = _body(stage, settle_viewpoint(stage, viewpoint))
    return svg_parts.svg_document(WIDTH, HEIGHT, stage.lesson.title, f"'{raster.FAMILY}',sans-serif", "", body)


def _body(stage: Stage, viewpoint: Viewpoint) -> Iterator[str]:
    title = svg_parts.shorten(stage.lesson.title, 56)
    yield text_line(MARGIN, 92, title, 46 if len(title) <= 38 else 36, "ink b")
    yield text_line(MARGIN, 134, captions.numbers_caption(stage), 24, "soft")
    yield text_line(WIDTH - MARGIN, 134, f"at {captions.true_time_caption(stage)}", 24, "soft end")
    height = min(150.0, (LANES_HEIGHT - GAP * (len(stage.lanes) - 1)) / max(1, len(stage.lanes)))
    for index, lane in enumerate(stage.lanes):
        yield place_group(MARGIN, LANES_TOP + index * (height + GAP), *_draw_lane(stage, lane, height, viewpoint))
    bottom = LANES_TOP + len(stage.lanes) * (height + GAP)
    axis = drawing.time_axis(stage)
    yield place_group(MARGIN + PLOT_LEFT, bottom + 8, svg_parts.tick_labels(axis, PLOT_WIDTH, 16))
    said = narration.race_verdict(stage) or narration.run_situation(stage)
    for index, line in enumerate(svg_parts.wrap_words(said, 70)[:2]):
        yield text_line(MARGIN, 540 + index * 36, line, 28, "ink b")
    yield text_line(MARGIN, 608, "Lessonsite", 18, "soft b")
    yield text_line(WIDTH - MARGIN, 608, "Measured on real servers, not simulated", 18, "soft end")


def _draw_lane(stage: Stage, lane: LaneStage, height: float, viewpoint: Viewpoint) -> Iterator[str]:
    axis = drawing.time_axis(stage)
    middle = height / 2
    count = max(1, len(lane.requests))
    row = max(0.25, min(MOST_ROW, (height - 20 - STRIP - GUTTER) // (count / 4) / 4))  # parts that binary holds
    top = middle - (STRIP + GUTTER + row * count) / 2
    yield f'<rect class="card" width="{WIDTH - 2 * MARGIN}" height="{height:g}" rx="12"/>'
    yield text_line(24, middle - 4, svg_parts.shorten(stage.lesson.lane(lane.id).name, 24), 26, "ink b")
    yield text_line(24, middle + 22, svg_parts.shorten(captions.server_caption(lane), 44), 16, "soft")
    yield place_group(PLOT_LEFT, top, svg_parts.strip_parts(stage, lane, axis, PLOT_WIDTH, STRIP))
    yield place_group(PLOT_LEFT, top + STRIP + GUTTER, svg_parts.timeline_parts(stage, lane, axis, PLOT_WIDTH, row))
    if lane.id == viewpoint.lane and row >= 3:
        yield place_group(PLOT_LEFT, top + STRIP + GUTTER, svg_parts.band_part(viewpoint.request, PLOT_WIDTH, row))
    right = WIDTH - 2 * MARGIN - 24
    tall = height > 100
    clock = wording.seconds_text(bars.lane_elapsed(stage, lane))
    yield text_line(right, middle + (6 if tall else 1), clock, 36 if tall else 28, "ink b end")
    tally = narration.state_tally(lane)
    for index, line in enumerate(svg_parts.wrap_words(tally, TALLY)[:3] if tall else [svg_parts.shorten(tally, TALLY)]):
        yield text_line(right, middle + (28 + index * 18 if tall else 22), line, 14, "soft end")
