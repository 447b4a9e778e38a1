"""The stage at a moment as one SVG file that needs nothing else: for slides, articles and print."""

from collections.abc import Iterator
from math import ceil
from typing import Final

from lessons.export import captions, svg_parts
from lessons.export.shown import LaneDrawing, Shown
from lessons.export.svg_parts import place_group, text_line
from lessons.stage import bars, narration, wording
from lessons.stage.legend import LEGEND
from lessons.stage.model import LaneStage, Stage
from lessons.stage.viewpoint import Viewpoint, settle_viewpoint

WIDTH: Final = 1200
MARGIN: Final = 40
GAP: Final = 20
TOP: Final = 132  # of the lanes
PAD: Final = 20  # within a card
HEAD: Final = 84  # of a card, above its picture
FAMILY: Final = "system-ui,-apple-system,'Segoe UI',Roboto,'Open Sans','DejaVu Sans',sans-serif"


def dump_svg(shown: Shown, viewpoint: Viewpoint) -> str:
    """The file's text. Times in it are since the load began."""
    stage = shown.stage
    drawn = shown.lanes(settle_viewpoint(stage, viewpoint))
    heights = [ceil(HEAD + each.layout.height * _scale(each) + PAD) for each in drawn]
    below = TOP + sum(height + GAP for height in heights)
    title = f"{stage.lesson.title}: {captions.numbers_caption(stage)}, at {captions.true_time_caption(stage)}"

    def body() -> Iterator[str]:
        yield from _title(stage)
        top = TOP
        for lane, drawing, height in zip(stage.lanes, drawn, heights, strict=False):
            yield place_group(MARGIN, top, *_lane_parts(stage, lane, drawing, height))
            top += height + GAP
        yield place_group(MARGIN, below + 8, *_legend())
        yield from _verdict(stage, below + 64)

    return svg_parts.svg_document(WIDTH, below + 64 + 86, title, FAMILY, body())


def _scale(drawing: LaneDrawing) -> float:
    return (WIDTH - 2 * MARGIN - 2 * PAD) / drawing.layout.width


def _title(stage: Stage) -> Iterator[str]:
    yield text_line(MARGIN, 66, svg_parts.shorten(stage.lesson.title, 60), 32, "ink b")
    yield text_line(MARGIN, 98, captions.numbers_caption(stage), 18, "soft")
    yield text_line(WIDTH - MARGIN, 66, captions.true_time_caption(stage), 32, "ink b end digits")
    yield text_line(WIDTH - MARGIN, 98, "true time since the load began", 15, "soft end")


def _lane_parts(stage: Stage, lane: LaneStage, drawing: LaneDrawing, height: int) -> Iterator[str]:
    width = WIDTH - 2 * MARGIN
    yield f'<rect class="card" width="{width}" height="{height}" rx="12"/>'
    yield text_line(PAD, 36, svg_parts.shorten(stage.lesson.lane(lane.id).name, 34), 22, "ink b")
    told = f"{captions.server_caption(stage, lane)} · {narration.state_tally(lane)}"
    yield text_line(PAD, 60, svg_parts.shorten(told, 76), 14, "soft")
    yield text_line(width - PAD, 40, wording.seconds_text(bars.lane_elapsed(stage, lane)), 30, "ink b end digits")
    hold = narration.current_holder(stage, lane)
    who = svg_parts.shorten(f"{hold.who} – {hold.so}", 76)
    yield text_line(width - PAD, 62, who, 14, f"{'bad' if hold.blocked else 'good'} b end")
    yield place_group(PAD, HEAD, f'<g transform="scale({_scale(drawing):g})">{drawing.elements}</g>')


def _legend() -> Iterator[str]:
    at = 0
    for entry in LEGEND:
        if entry.is_dot:
            yield f'<circle class="dot {entry.state}" cx="{at + 8}" cy="8" r="6"/>'
        else:
            yield f'<rect class="{entry.state}" x="{at}" width="16" height="16"/>'
        yield text_line(at + 24, 13, entry.meaning, 14, "soft")
        at += 42 + round(6.6 * len(entry.meaning))


def _verdict(stage: Stage, top: float) -> Iterator[str]:
    said = svg_parts.wrap_words(narration.race_verdict(stage) or narration.run_situation(stage), 92)[:2]
    for index, line in enumerate(said):
        yield text_line(MARGIN, top + index * 28, line, 21, "ink b")
    facts = [captions.versions_caption(stage), "Lessonsite: measured on real servers, not simulated"]
    yield text_line(MARGIN, top + len(said) * 28 + 8, " · ".join(filter(None, facts)), 14, "soft")
