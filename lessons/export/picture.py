"""A moment of a run as a picture for previews: 1200 x 630, as Open Graph wants it."""

from collections.abc import Iterator
from typing import Final

from lessons.export import captions, raster, svg_parts
from lessons.export.shown import LaneDrawing, Shown
from lessons.export.svg_parts import place_group, text_line
from lessons.stage import bars, narration, wording
from lessons.stage.model import LaneStage, Stage
from lessons.stage.viewpoint import Viewpoint, settle_viewpoint

WIDTH: Final = 1200
HEIGHT: Final = 630
MARGIN: Final = 44
LANES_TOP: Final = 150
LANES_HEIGHT: Final = 372
GAP: Final = 12
PLOT_LEFT: Final = 284  # within a lane's card
PAD: Final = 14


def draw_png(shown: Shown, viewpoint: Viewpoint) -> bytes:
    """A PNG of the moment.

    Takes a fifth of a second: call it in a thread.

    Raises `OSError`, `subprocess.SubprocessError`.
    """
    return raster.rasterize(draw_preview(shown, viewpoint))


def draw_preview(shown: Shown, viewpoint: Viewpoint) -> str:
    """The picture as SVG text."""
    body = _body(shown, settle_viewpoint(shown.stage, viewpoint))
    return svg_parts.svg_document(WIDTH, HEIGHT, shown.stage.lesson.title, f"'{raster.FAMILY}',sans-serif", body)


def _body(shown: Shown, viewpoint: Viewpoint) -> Iterator[str]:
    stage = shown.stage
    title = svg_parts.shorten(stage.lesson.title, 56)
    yield text_line(MARGIN, 84, title, 46 if len(title) <= 38 else 36, "ink b")
    yield text_line(MARGIN, 124, captions.numbers_caption(stage), 24, "soft")
    yield text_line(WIDTH - MARGIN, 124, f"at {captions.true_time_caption(stage)}", 24, "soft end")
    count = max(1, len(stage.lanes))
    height = (LANES_HEIGHT - GAP * (count - 1)) / count
    drawn = shown.lanes(viewpoint, beside=count + 1)
    for index, (lane, drawing) in enumerate(zip(stage.lanes, drawn, strict=False)):
        parts = _draw_lane(stage, lane, drawing, height)
        yield place_group(MARGIN, LANES_TOP + index * (height + GAP), *parts)
    said = narration.race_verdict(stage) or narration.run_situation(stage)
    for index, line in enumerate(svg_parts.wrap_words(said, 78)[:2]):
        yield text_line(MARGIN, 556 + index * 30, line, 24, "ink b")
    yield text_line(MARGIN, 614, "Lessonsite", 16, "soft b")
    yield text_line(WIDTH - MARGIN, 614, "Measured on real servers, not simulated", 16, "soft end")


def _draw_lane(stage: Stage, lane: LaneStage, drawing: LaneDrawing, height: float) -> Iterator[str]:
    width = WIDTH - 2 * MARGIN
    yield f'<rect class="card" width="{width}" height="{height:g}" rx="12"/>'
    tall, top = height > 110, height / 2 - min(height, 150) / 2
    yield text_line(20, top + 32, svg_parts.shorten(stage.lesson.lane(lane.id).name, 21), 24 if tall else 20, "ink b")
    yield text_line(20, top + (72 if tall else 62), wording.seconds_text(bars.lane_elapsed(stage, lane)), 30, "ink b")
    told = [captions.server_caption(stage, lane), narration.state_tally(lane)]
    lines = [line for words in told for line in svg_parts.wrap_words(words, 34)[:2]]
    for index, line in enumerate(lines[:4] if tall else lines[:1]):
        yield text_line(20, top + (98 if tall else 80) + index * 17, line, 14, "soft")
    layout = drawing.layout
    scale = min((width - PLOT_LEFT - PAD) / layout.width, (height - 2 * PAD) / layout.height)
    y = (height - layout.height * scale) / 2
    yield place_group(PLOT_LEFT, y, f'<g transform="scale({scale:.3f})">{drawing.elements}</g>')
