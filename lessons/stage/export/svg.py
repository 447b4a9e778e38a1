"""The stage at a moment as one SVG file that needs nothing else: for slides, articles and print."""

from collections.abc import Iterator
from math import ceil
from typing import Final

from lessons.stage import bars, drawing, narration, wording
from lessons.stage.drawing import Axis
from lessons.stage.export import ink, words
from lessons.stage.export.ink import placed, text
from lessons.stage.model import LaneStage, Stage
from lessons.stage.render import Viewpoint, settled

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
.lit{fill:$lit-edge;fill-opacity:.16;stroke:$lit-edge;stroke-width:2}.ring{fill:none;stroke:$lit-edge;stroke-width:1.8}
.digits{font-variant-numeric:tabular-nums}
"""
LEGEND: Final = (
    ("queued", "queued, not in the view"),
    ("running", "running"),
    ("free", "waiting, server free"),
    ("blocked", "waiting, server blocked"),
    ("failed", "failed"),
)


def dump(stage: Stage, viewpoint: Viewpoint) -> str:
    """The file's text. Times in it are since the load began."""
    viewpoint = settled(stage, viewpoint)
    columns = 1 if len(stage.lanes) < 2 else 2
    width = (WIDTH - 2 * MARGIN - GAP * (columns - 1)) // columns
    height = _lane_height(stage, width)
    rows = ceil(len(stage.lanes) / columns)
    below = TOP + rows * (height + GAP)
    title = f"{stage.lesson.title}: {words.numbers(stage)}, at {words.true_time(stage)}"

    def body() -> Iterator[str]:
        yield from _title(stage)
        axis = drawing.axis(stage)
        for index, lane in enumerate(stage.lanes):
            row, column = divmod(index, columns)
            at = MARGIN + column * (width + GAP), TOP + row * (height + GAP)
            yield placed(*at, *_lane(stage, lane, axis, width, height, viewpoint))
        yield placed(MARGIN, below + 8, *_legend())
        yield from _verdict(stage, below + 64)

    return ink.document(WIDTH, below + 64 + 86, title, FAMILY, STYLE, body())


def _title(stage: Stage) -> Iterator[str]:
    yield text(MARGIN, 66, ink.cut(stage.lesson.title, 60), 32, "ink b")
    yield text(MARGIN, 98, words.numbers(stage), 18, "soft")
    yield text(WIDTH - MARGIN, 66, words.true_time(stage), 32, "ink b end digits")
    yield text(WIDTH - MARGIN, 98, "true time since the load began", 15, "soft end")


def _lane_height(stage: Stage, width: int) -> int:
    count = len(stage.lanes[0].requests) if stage.lanes else 0
    return ceil(_flow_top() + _flow_height(count, width) + 94 + count * drawing.row_height(count) + 44)


def _flow_top() -> int:
    return 100


def _scale(width: int) -> float:
    return min(1.5, (width - 2 * PAD) / drawing.FLOW_WIDTH)


def _flow_height(count: int, width: int) -> float:
    return drawing.flow_height(count) * _scale(width)


def _lane(stage: Stage, lane: LaneStage, axis: Axis, width: int, height: int, viewpoint: Viewpoint) -> Iterator[str]:
    count = len(lane.requests)
    pinned = lane.id == viewpoint.lane
    yield f'<rect class="card" width="{width}" height="{height}" rx="12"/>'
    yield text(PAD, 38, ink.cut(stage.lesson.lane(lane.id).name, 34), 22, "ink b")
    yield text(PAD, 60, ink.cut(words.server(lane), 48), 14, "soft")
    yield text(PAD, 80, ink.cut(narration.tally(lane), 60), 14, "soft")
    yield text(width - PAD, 46, wording.seconds(bars.elapsed(stage, lane)), 32, "ink b end digits")
    scale = _scale(width)
    left = (width - drawing.FLOW_WIDTH * scale) / 2
    flow = "".join(_flow(stage, lane, viewpoint.request if pinned else 0))
    yield placed(left, _flow_top(), f'<g transform="scale({scale:g})">{flow}</g>')
    top = _flow_top() + _flow_height(count, width) + 30
    hold = narration.hold(stage, lane)
    yield text(PAD, top, "Who holds the server:", 14, "soft")
    yield text(PAD + 164, top, ink.cut(hold.who, 42), 14, "bad b" if hold.blocked else "good b")
    yield text(PAD, top + 20, ink.cut(hold.so, 66), 14, "soft")
    plot, row = width - 2 * PAD - NAMES, drawing.row_height(count)
    yield placed(PAD + NAMES, top + 34, ink.strip(stage, lane, axis, plot, STRIP))
    bars_top = top + 34 + STRIP + 10
    yield placed(PAD, bars_top, *_names(count, row))
    yield placed(PAD + NAMES, bars_top, ink.timeline(stage, lane, axis, plot, row))
    if pinned:
        yield placed(PAD + NAMES, bars_top, ink.band(viewpoint.request, plot, row))
    yield placed(PAD + NAMES, bars_top + count * row + 18, ink.ticks(axis, plot, 12))


def _flow(stage: Stage, lane: LaneStage, pinned: int) -> Iterator[str]:
    """In the units of the page's flow diagram."""
    wide, high = drawing.NODE_WIDTH, drawing.NODE_HEIGHT
    lit = lane.requests[pinned - 1].node if pinned else ""
    for start, end in drawing.arrows(stage.lesson):
        yield f'<path class="arrow" d="M{start:g} 20H{end:g}m-3.5 -2.6l3.2 2.6l-3.2 2.6"/>'
    for box, count in drawing.counts(stage, lane):
        frame = f'x="{box.x:g}" y="1" width="{wide:g}" height="{high:g}" rx="6"'
        yield f'<rect class="node" {frame}/>' + (f'<rect class="lit" {frame}/>' if box.id == lit else "")
        middle = 24 if len(box.lines) == 1 else 17
        for index, line in enumerate(box.lines):
            yield text(box.middle, middle + 14 * index, line, 9.6, "ink middle")
        yield text(box.middle, 49, str(count) if count else "", 8, "soft middle")
    radius = drawing.grid(len(lane.requests)).radius
    for number, x, y, state in drawing.dots(stage, lane):
        yield f'<circle class="dot {state}" cx="{x}" cy="{y}" r="{radius}"/>'
        if int(number) == pinned:
            yield f'<circle class="ring" cx="{x}" cy="{y}" r="{radius + 2:g}"/>'


def _names(count: int, row: int) -> Iterator[str]:
    every = 1 if row >= 13 else 5 if row >= 8 else 10
    for number in range(1, count + 1):
        if number == 1 or number % every == 0:
            yield text(NAMES - 6, (number - 0.5) * row + 3, f"#{number}", 11, "soft end digits")


def _legend() -> Iterator[str]:
    at = 0
    for phase, meaning in LEGEND:
        yield f'<rect class="{phase}" x="{at}" width="16" height="16"/>' + text(at + 24, 13, meaning, 14, "soft")
        at += 48 + round(7.2 * len(meaning))


def _verdict(stage: Stage, top: float) -> Iterator[str]:
    said = ink.wrapped(narration.verdict(stage) or narration.situation(stage), 92)[:2]
    for index, line in enumerate(said):
        yield text(MARGIN, top + index * 28, line, 21, "ink b")
    facts = [words.versions(stage), "Lessonsite: measured on real servers, not simulated"]
    yield text(MARGIN, top + len(said) * 28 + 8, " · ".join(filter(None, facts)), 14, "soft")
