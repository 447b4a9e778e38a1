"""The stage at a moment as one SVG file that needs nothing else: for slides, articles and print."""

from collections.abc import Iterator
from math import ceil
from typing import Final

from lessons.export import captions, svg_parts
from lessons.export.svg_parts import place_group, text_line
from lessons.stage import bars, drawing, flow, narration, wording
from lessons.stage.drawing import TimeAxis
from lessons.stage.legend import LEGEND
from lessons.stage.model import LaneStage, Stage
from lessons.stage.viewpoint import Viewpoint, settle_viewpoint

WIDTH: Final = 1200
MARGIN: Final = 40
GAP: Final = 20
TOP: Final = 140  # of the lanes
PAD: Final = 20  # within a card
NAMES: Final = 34  # room for the rows' numbers
STRIP: Final = 12
FAMILY: Final = "system-ui,-apple-system,'Segoe UI',Roboto,'Open Sans','DejaVu Sans',sans-serif"
STYLE: Final = """
.node{fill:$surface;stroke:$edge}.arrow{fill:none;stroke:$edge;stroke-width:1.4}
.dot{stroke-width:1.1}.dot.idle{fill:none;stroke:$line}.dot.queued{fill:$queued;stroke:$queued-mark}
.dot.free{fill:$free;stroke:$free-mark}.dot.blocked{fill:$blocked;stroke:$ink}.dot.done{fill:$done;stroke:none}
.dot.failed{fill:$surface;stroke:$failed;stroke-width:1.8}
.dot.ready{fill:$ready-mark;stroke:$ready;stroke-width:1.8}.dot.cancelled{fill:$surface;stroke:$cancelled}
.lit{fill:$lit-edge;fill-opacity:.16;stroke:$lit-edge;stroke-width:2}.ring{fill:none;stroke:$lit-edge;stroke-width:1.8}
.digits{font-variant-numeric:tabular-nums}
"""


def dump_svg(stage: Stage, viewpoint: Viewpoint) -> str:
    """The file's text. Times in it are since the load began."""
    viewpoint = settle_viewpoint(stage, viewpoint)
    columns = 1 if len(stage.lanes) < 2 else 2
    width = (WIDTH - 2 * MARGIN - GAP * (columns - 1)) // columns
    height = _lane_height(stage, width)
    rows = ceil(len(stage.lanes) / columns)
    below = TOP + rows * (height + GAP)
    title = f"{stage.lesson.title}: {captions.numbers_caption(stage)}, at {captions.true_time_caption(stage)}"

    def body() -> Iterator[str]:
        yield from _title(stage)
        axis = drawing.time_axis(stage)
        for index, lane in enumerate(stage.lanes):
            row, column = divmod(index, columns)
            at = MARGIN + column * (width + GAP), TOP + row * (height + GAP)
            yield place_group(*at, *_lane_parts(stage, lane, axis, width, height, viewpoint))
        yield place_group(MARGIN, below + 8, *_legend())
        yield from _verdict(stage, below + 64)

    return svg_parts.svg_document(WIDTH, below + 64 + 86, title, FAMILY, STYLE, body())


def _title(stage: Stage) -> Iterator[str]:
    yield text_line(MARGIN, 66, svg_parts.shorten(stage.lesson.title, 60), 32, "ink b")
    yield text_line(MARGIN, 98, captions.numbers_caption(stage), 18, "soft")
    yield text_line(WIDTH - MARGIN, 66, captions.true_time_caption(stage), 32, "ink b end digits")
    yield text_line(WIDTH - MARGIN, 98, "true time since the load began", 15, "soft end")


def _lane_height(stage: Stage, width: int) -> int:
    count = len(stage.lanes[0].requests) if stage.lanes else 0
    return ceil(_flow_top() + _flow_height(count, width) + 94 + count * drawing.row_height(count) + 44)


def _flow_top() -> int:
    return 100


def _scale(width: int) -> float:
    return min(1.5, (width - 2 * PAD) / flow.WIDTH)


def _flow_height(count: int, width: int) -> float:
    return flow.flow_height(count) * _scale(width)


def _lane_parts(
    stage: Stage, lane: LaneStage, axis: TimeAxis, width: int, height: int, viewpoint: Viewpoint
) -> Iterator[str]:
    count = len(lane.requests)
    pinned = lane.id == viewpoint.lane
    yield f'<rect class="card" width="{width}" height="{height}" rx="12"/>'
    yield text_line(PAD, 38, svg_parts.shorten(stage.lesson.lane(lane.id).name, 34), 22, "ink b")
    yield text_line(PAD, 60, svg_parts.shorten(captions.server_caption(lane), 48), 14, "soft")
    yield text_line(PAD, 80, svg_parts.shorten(narration.state_tally(lane), 60), 14, "soft")
    yield text_line(width - PAD, 46, wording.seconds_text(bars.lane_elapsed(stage, lane)), 32, "ink b end digits")
    scale = _scale(width)
    left = (width - flow.WIDTH * scale) / 2
    diagram = "".join(_flow_parts(stage, lane, viewpoint.request if pinned else 0))
    yield place_group(left, _flow_top(), f'<g transform="scale({scale:g})">{diagram}</g>')
    top = _flow_top() + _flow_height(count, width) + 30
    hold = narration.current_holder(stage, lane)
    yield text_line(PAD, top, "Who holds the server:", 14, "soft")
    yield text_line(PAD + 164, top, svg_parts.shorten(hold.who, 42), 14, "bad b" if hold.blocked else "good b")
    yield text_line(PAD, top + 20, svg_parts.shorten(hold.so, 66), 14, "soft")
    plot, row = width - 2 * PAD - NAMES, drawing.row_height(count)
    yield place_group(PAD + NAMES, top + 34, svg_parts.strip_parts(stage, lane, axis, plot, STRIP))
    bars_top = top + 34 + STRIP + 10
    yield place_group(PAD, bars_top, *_names(count, row))
    yield place_group(PAD + NAMES, bars_top, svg_parts.timeline_parts(stage, lane, axis, plot, row))
    if pinned:
        yield place_group(PAD + NAMES, bars_top, svg_parts.band_part(viewpoint.request, plot, row))
    yield place_group(PAD + NAMES, bars_top + count * row + 18, svg_parts.tick_labels(axis, plot, 12))


def _flow_parts(stage: Stage, lane: LaneStage, pinned: int) -> Iterator[str]:
    """In the units of the page's flow diagram."""
    lit = lane.requests[pinned - 1].node if pinned else ""
    for arrow in flow.flow_arrows(stage.lesson):
        yield f'<path class="arrow" d="{arrow}"/>'
    for box, count in flow.box_counts(stage, lane):
        frame = f'x="{box.x:g}" y="{box.y}" width="{box.width}" height="{box.height}" rx="{box.corner}"'
        yield f'<rect class="node" {frame}/>' + (f'<rect class="lit" {frame}/>' if box.id == lit else "")
        for line, base in box.lines:
            yield text_line(box.middle, base, line, 9.6, "ink middle")
        yield text_line(box.middle, box.count_y, str(count) if count else "", 8, "soft middle")
    radius = flow.dot_grid(len(lane.requests)).radius
    for number, x, y, state in flow.lane_dots(stage, lane):
        yield f'<circle class="dot {state}" cx="{x}" cy="{y}" r="{radius}"/>'
        if int(number) == pinned:
            yield f'<circle class="ring" cx="{x}" cy="{y}" r="{radius + flow.RING:g}"/>'


def _names(count: int, row: int) -> Iterator[str]:
    every = 1 if row >= 13 else 5 if row >= 8 else 10
    for number in range(1, count + 1):
        if number == 1 or number % every == 0:
            yield text_line(NAMES - 6, (number - 0.5) * row + 3, f"#{number}", 11, "soft end digits")


def _legend() -> Iterator[str]:
    at = 0
    for entry in LEGEND:
        if entry.is_dot:
            yield f'<circle class="dot {entry.state}" cx="{at + 8}" cy="8" r="6"/>'
        else:
            yield f'<rect class="{entry.state}" x="{at}" width="16" height="16"/>'
        yield text_line(at + 24, 13, entry.meaning, 14, "soft")
        at += 48 + round(7.2 * len(entry.meaning))


def _verdict(stage: Stage, top: float) -> Iterator[str]:
    said = svg_parts.wrap_words(narration.race_verdict(stage) or narration.run_situation(stage), 92)[:2]
    for index, line in enumerate(said):
        yield text_line(MARGIN, top + index * 28, line, 21, "ink b")
    facts = [captions.versions_caption(stage), "Lessonsite: measured on real servers, not simulated"]
    yield text_line(MARGIN, top + len(said) * 28 + 8, " · ".join(filter(None, facts)), 14, "soft")
