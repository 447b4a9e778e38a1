"""The flow diagram: a lesson's nodes, and the requests under them. Units are those of its view box, `WIDTH` wide."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import ceil
from typing import Final, NamedTuple

from lessons.content.model import Lesson
from lessons.stage.model import LaneStage, RequestStage, Stage

WIDTH: Final = 360
NODE_WIDTH: Final = 62
NODE_HEIGHT: Final = 38
NODE_TOP: Final = 1
CORNER: Final = 6
TEXT_Y: Final = 24  # base line of a label of one line
LINE_HEIGHT: Final = 14
COUNT_Y: Final = 49  # base line of the number of requests below a node
DOTS_TOP: Final = 56.0
ARROW_HEAD: Final = "m-3.5-2.6l3.2 2.6l-3.2 2.6"
RING: Final = 2.0  # wider than the dot that it is around


@dataclass(frozen=True, slots=True)
class FlowBox:
    """A node of the flow diagram."""

    id: str
    x: float
    middle: float
    lines: tuple[tuple[str, int], ...]  # of its label, each with its base line
    y: int = NODE_TOP
    width: int = NODE_WIDTH
    height: int = NODE_HEIGHT
    corner: int = CORNER
    count_y: int = COUNT_Y


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


@cache
def flow_boxes(lesson: Lesson) -> tuple[FlowBox, ...]:
    """The nodes of the flow, left to right."""
    pitch = (WIDTH - NODE_WIDTH) / max(1, len(lesson.nodes) - 1)
    return tuple(
        FlowBox(
            node.id, round(index * pitch, 1), round(index * pitch + NODE_WIDTH / 2, 1), _lines(node.label.split("|"))
        )
        for index, node in enumerate(lesson.nodes)
    )


def _lines(texts: Sequence[str]) -> tuple[tuple[str, int], ...]:
    first = TEXT_Y - (len(texts) - 1) * LINE_HEIGHT // 2
    return tuple((text, first + index * LINE_HEIGHT) for index, text in enumerate(texts))


type Counts = tuple[tuple[FlowBox, int], ...]  # each node with the number of requests under it


@cache
def flow_arrows(lesson: Lesson) -> tuple[str, ...]:
    """The path of each arrow of the flow, on the nodes' middle line."""
    at = {box.id: box.x for box in flow_boxes(lesson)}
    y = NODE_TOP + NODE_HEIGHT / 2
    ends = ((at[edge.source] + NODE_WIDTH, at[edge.target]) for edge in lesson.edges)
    return tuple(f"M{start:g} {y:g}H{end:g}{ARROW_HEAD}" for start, end in ends)


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
