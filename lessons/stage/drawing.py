"""Where things stand in the drawings. Pure numbers; units are those of each SVG's view box."""

from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from math import ceil
from typing import Final, NamedTuple

from lessons.content.model import Lesson
from lessons.lab.spec import RunSpec
from lessons.stage import bars
from lessons.stage.bars import PHASES, BarStretch, Phase
from lessons.stage.model import LaneStage, RequestStage, Span, Stage

FLOW_WIDTH: Final = 360.0
NODE_WIDTH: Final = 62.0
NODE_HEIGHT: Final = 38.0
DOTS_TOP: Final = 56.0
BARS_WIDTH: Final = 1000
AXES: Final = 16  # of which the bars that are settled are kept: a few lanes, and who looks back
FURTHER: Final = 1.5  # times the time needed, up to which a prediction lengthens the axis


@dataclass(frozen=True, slots=True)
class FlowBox:
    """A node of the flow diagram."""

    id: str
    x: float
    middle: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DotGrid:
    """How the dots of one lane are laid out under a node."""

    columns: int
    pitch: float  # from dot to dot
    radius: float


class Dot(NamedTuple):
    """One request in the flow diagram. Texts, ready for a template, of which a run draws thousands a second."""

    number: str
    x: str
    y: str
    state: str  # idle, queued, running, free, blocked, done, failed


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The time axis that all lanes share."""

    end: float  # seconds
    ticks: tuple[str, ...]  # labels, evenly spaced from 0 to the end


@cache
def flow_boxes(lesson: Lesson) -> tuple[FlowBox, ...]:
    """The nodes of the flow, left to right."""
    pitch = (FLOW_WIDTH - NODE_WIDTH) / max(1, len(lesson.nodes) - 1)
    return tuple(
        FlowBox(
            node.id, round(index * pitch, 1), round(index * pitch + NODE_WIDTH / 2, 1), tuple(node.label.split("|"))
        )
        for index, node in enumerate(lesson.nodes)
    )


type Arrows = tuple[tuple[float, float], ...]  # start and end of each
type Counts = tuple[tuple[FlowBox, int], ...]  # each node with the number of requests under it


@cache
def flow_arrows(lesson: Lesson) -> Arrows:
    """Start and end of each arrow of the flow, on the nodes' middle line."""
    at = {box.id: box.x for box in flow_boxes(lesson)}
    return tuple((at[edge.source] + NODE_WIDTH, at[edge.target]) for edge in lesson.edges)


@cache
def dot_grid(requests: int) -> DotGrid:
    """Few requests get large dots, a hundred get small ones."""
    if requests <= 10:
        return DotGrid(5, 12.0, 4.6)
    if requests <= 30:
        return DotGrid(6, 10.4, 4.0)
    return DotGrid(10, 6.4, 2.5)


def flow_height(requests: int) -> float:
    """Room for every dot under one node."""
    layout = dot_grid(requests)
    return DOTS_TOP + ceil(requests / layout.columns) * layout.pitch


def lane_dots(stage: Stage, lane: LaneStage) -> tuple[Dot, ...]:
    """Every request of the lane under the node it has reached, in order of its number."""
    count = len(lane.requests)
    blocks = lane.blocked(stage.t)
    blocked = bool(blocks) and blocks[-1].end is None
    first = stage.lesson.nodes[0].id
    free = {box.id: iter(_places(box.middle, count)) for box in flow_boxes(stage.lesson)}
    drawn = []
    for request in lane.requests:
        x, y = next(free[request.node or first])
        drawn.append(Dot(str(request.number), x, y, dot_state(request, blocked)))
    return tuple(drawn)


def request_dot(stage: Stage, lane: LaneStage, number: int) -> Dot:
    """The dot of one request, where `lane_dots` has it."""
    first = stage.lesson.nodes[0].id
    request = lane.requests[number - 1]
    node = request.node or first
    at = sum(1 for each in lane.requests[: number - 1] if (each.node or first) == node)
    middle = next(box.middle for box in flow_boxes(stage.lesson) if box.id == node)
    blocks = lane.blocked(stage.t)
    x, y = _places(middle, len(lane.requests))[at]
    return Dot(str(number), x, y, dot_state(request, bool(blocks) and blocks[-1].end is None))


@lru_cache(maxsize=256)  # of each size of a run, one for every node: the lessons at hand have five
def _places(middle: float, count: int) -> tuple[tuple[str, str], ...]:
    """Where the dots under the node around `middle` stand, in the order of its queue, of so many dots in all."""
    layout = dot_grid(count)
    left = middle - (layout.columns - 1) / 2 * layout.pitch
    found = []
    for at in range(count):
        row, column = divmod(at, layout.columns)
        found.append((f"{left + column * layout.pitch:.1f}", f"{DOTS_TOP + row * layout.pitch:.1f}"))
    return tuple(found)


def dot_state(request: RequestStage, blocked: bool) -> str:
    """The state a dot shows: a waiting request looks different while the server is blocked."""
    if request.state == "waiting":
        return "blocked" if blocked else "free"
    return request.state


def box_counts(stage: Stage, lane: LaneStage) -> Counts:
    """Each node with the number of requests under it."""
    found = Counter(request.node for request in lane.requests if request.node)
    return tuple((box, found[box.id]) for box in flow_boxes(stage.lesson))


def time_axis(stage: Stage) -> TimeAxis:
    """Long enough for what has happened, for what the spec lets expect, and for a prediction not far from that."""
    need = max((bars.lane_elapsed(stage, lane) for lane in stage.lanes), default=0.0)
    if stage.spec and not stage.ended:
        need = max(need, 1.02 * expected_seconds(stage.spec))
    if stage.prediction and stage.prediction.seconds <= FURTHER * need:
        need = max(need, stage.prediction.seconds)
    return _axis(round(need, 3))


def expected_seconds(spec: RunSpec) -> float:
    """Seconds the slowest lane should take: a WSGI lane serves the requests in rounds of W workers."""
    rounds = ceil(spec.requests / spec.workers)
    return spec.wait * (rounds if any(lane.server == "waitress" for lane in spec.lanes) else 1)


def _axis(need: float) -> TimeAxis:
    tick = next((tick for tick in (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0) if need <= 6 * tick), 20.0)
    intervals = max(1, ceil(round(need / tick, 6)))
    return TimeAxis(
        intervals * tick, tuple(f"{number * tick:.2f}".rstrip("0").rstrip(".") for number in range(intervals + 1))
    )


@cache
def row_height(requests: int) -> int:
    """Pixels of one row of the timeline."""
    return 18 if requests <= 10 else 13 if requests <= 20 else 8 if requests <= 50 else 5


def bar_paths(
    stage: Stage,
    lane: LaneStage,
    end: float,
    width: int = BARS_WIDTH,
    row: float = 0,
    settled: "SettledBars | None" = None,
) -> tuple[tuple[Phase, str], ...]:
    """One path per phase, in fixed order; neighbouring rows with the same stretch are one rectangle.

    The axis of `end` seconds is `width` units wide and each row is `row` units high; 0: as on the page. What is drawn
    of the same run again and again has its `settled` bars kept.
    """
    height = row or row_height(len(lane.requests))
    blocks = lane.blocked(stage.t)
    known = (settled or SettledBars()).at(blocks, stage.zero, end, width)
    rows: dict[Phase, list[tuple[int, int, int]]] = {phase: [] for phase in PHASES}
    for request in lane.requests:
        if (kept := known.get(id(request))) is not None:
            extents = kept[1]
        else:
            extents = _extents(bars.bar_stretches(request, blocks, stage.t), stage.zero, end, width)
            if request.ended is not None:
                known[id(request)] = request, extents
        for phase, low, high in extents:
            rows[phase].append((low, high, request.number))
    return tuple((phase, _path(rows[phase], height)) for phase in PHASES)


type Extents = tuple[tuple[Phase, int, int], ...]


type Ended = dict[int, tuple[RequestStage, Extents]]  # by the id of the request, which is kept with them


class SettledBars:
    """The bars of requests that have ended, for who draws one run again and again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[tuple[Span, ...], float, float, int], Ended] = OrderedDict()

    def at(self, blocks: tuple[Span, ...], zero: float, end: float, width: int) -> Ended:
        """Those of lanes with these blocked stretches on this axis, to look in and to add to."""
        key = blocks, zero, end, width
        found = self._kept.setdefault(key, {})
        self._kept.move_to_end(key)
        if len(self._kept) > AXES:
            self._kept.popitem(last=False)
        return found


def _extents(stretches: Iterable[BarStretch], zero: float, end: float, width: int) -> Extents:
    """The stretches in units of the axis; those too short to be seen are left out, unless they failed."""
    scale = width / end
    found = []
    for phase, start, stop in stretches:
        low = min(width, max(0, round((start - zero) * scale)))
        high = min(width, max(0, round((stop - zero) * scale)))
        if phase == "failed":
            high = max(high, low + 6)
        if high > low:
            found.append((phase, low, high))
    return tuple(found)


def _x(t: float, end: float, width: int = BARS_WIDTH) -> int:
    return min(width, max(0, round(t / end * width)))


def _path(extents: Iterable[tuple[int, int, int]], height: float) -> str:
    merged: list[tuple[int, int, int, int]] = []
    for low, high, row in sorted(extents):
        if merged and merged[-1][:2] == (low, high) and merged[-1][3] == row - 1:
            merged[-1] = (low, high, merged[-1][2], row)
        else:
            merged.append((low, high, row, row))
    return "".join(f"M{low} {(first - 1) * height}H{high}V{last * height}H{low}z" for low, high, first, last in merged)


def strip_path(blocks: Iterable[Span], end: float, height: int, width: int = BARS_WIDTH) -> str:
    """The blocked stretches of the strip."""
    edges = ((_x(block.start, end, width), _x(block.end or block.start, end, width)) for block in blocks)
    return "".join(f"M{low} 0H{max(low + 1, high)}V{height}H{low}z" for low, high in edges)


def axis_x(t: float, end: float, width: int = BARS_WIDTH) -> int:
    """Where a time stands on the axis, in units of the bars' view box."""
    return _x(t, end, width)
