"""Where the parts of a lane's picture stand, computed once for a run.

Units are those of the picture's view box: pixels, where a page has the width that the picture is made for. A lane has a
track (queue; worker slots, or the event loop and a shelf; tray), and under it a strip and a timeline on one time axis.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any, Final, Literal

from lessons.content.model import Lesson

type Kind = Literal["pool", "loop"]
type Width = Literal["wide", "narrow"]

WIDTHS: Final[dict[Width, int]] = {"wide": 788, "narrow": 342}
LABEL: Final[dict[Width, int]] = {"wide": 16, "narrow": 28}  # height of the headings above the track's boxes


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells in a fixed order: `wrap` of them side by side, then the next ones below."""

    x: float  # of the middle of the first cell
    y: float
    dx: float  # from one column to the next; negative: to the left
    dy: float
    wrap: int


@dataclass(frozen=True, slots=True)
class Layout:
    """A lane's picture."""

    width: int
    height: int
    radius: float  # of a dot
    queue: Box
    line: Grid  # of those who queue: lines one below the other, which requests join in turn
    box: Box  # around the worker slots, or the event loop
    seats: tuple[Box, ...]  # worker slots; of a loop none
    stations: tuple[float, ...]  # for each node of the lesson but the last: how far to the right in a slot
    active: Grid  # in the loop: who runs, by the request's number
    ready: Grid  # in the loop: answers that cannot leave yet, in the order of leaving the view
    shelf: Box | None  # of a loop: who waits outside it
    seats_on_shelf: Grid  # by the request's number
    tray: Box
    answered: Grid  # in the order of the answers
    strip: Box
    rows: Box  # of the timeline
    row: float  # height of one
    axis: float  # base line of the axis' labels
    line_up: bool  # is there room for names within slots?

    def as_data(self) -> dict[str, Any]:
        """Plain data for the browser."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Heights:
    """How high the parts are, by the number of lanes that share the page."""

    track: int
    strip: int
    rows: int
    axis: int = 16


LOW: Final = 40  # height of a loop in which those who work and those who have finished are side by side
HEIGHTS: Final[dict[Width, tuple[Heights, ...]]] = {
    "wide": (Heights(176, 14, 196), Heights(106, 12, 58), Heights(66, 8, 36), Heights(46, 6, 22, 14)),
    "narrow": (Heights(162, 12, 120), Heights(116, 10, 50), Heights(96, 8, 40), Heights(88, 6, 30)),
}


def lay_out(lesson: Lesson, kind: Kind, seats: int, requests: int, lanes: int, width: Width = "wide") -> Layout:
    """The picture of one of so many lanes, with so many worker slots and requests."""
    heights = HEIGHTS[width][min(lanes, 4) - 1]
    whole, top = WIDTHS[width], LABEL[width]
    inner = heights.track - top
    left, middle, right = _columns(whole)
    queue = Box(0, top, left, inner)
    tray = Box(right, top, whole - right, inner)
    span = right - middle - _gap(whole)
    box = Box(middle, top, span if kind == "pool" else round(span * 0.42), inner)
    shelf = None
    if kind == "loop":
        x = box.x + box.w + _gap(whole) / 2
        shelf = Box(x, top, middle + span - x, inner)
    low = box.h < LOW
    working = Box(box.x, box.y, box.w * 0.4, box.h) if low else box
    finished = (
        Box(box.x + box.w * 0.4, box.y, box.w * 0.6, box.h)
        if low
        else Box(box.x, box.y + box.h * 0.56, box.w, box.h * 0.44)
    )
    slots = _slots(box, seats) if kind == "pool" else ()
    radius = _radius(requests, heights.track, width, slots)
    named = kind == "pool" and bool(slots) and slots[0].w >= 240 and slots[0].h >= 26
    rows_top = heights.track + 10 + heights.strip
    place = Box(
        *((58, rows_top, whole - 62, heights.rows) if width == "wide" else (30, rows_top, whole - 34, heights.rows))
    )
    return Layout(
        width=whole,
        height=rows_top + heights.rows + heights.axis,
        radius=radius,
        queue=queue,
        line=_line(queue, requests, radius),
        box=box,
        seats=slots,
        stations=_stations(lesson, slots[0].w if slots else box.w, radius),
        active=_row(working, min(requests, 5), radius, 0.5 if low else 0.4),
        ready=_fill(finished, requests, radius),
        shelf=shelf,
        seats_on_shelf=_fill(shelf or box, requests, radius),
        tray=tray,
        answered=_fill(tray, requests, radius),
        strip=Box(place.x, heights.track + 7, place.w, heights.strip),
        rows=place,
        row=round(heights.rows / requests, 3),
        axis=rows_top + heights.rows + heights.axis - 4,
        line_up=named,
    )


def _gap(whole: int) -> int:
    return 32 if whole > 500 else 16


def _columns(whole: int) -> tuple[int, int, int]:
    """The right edge of the queue, the left edge of the box, the left edge of the tray."""
    return (188, 216, 612) if whole > 500 else (70, 84, 266)


def _slots(box: Box, seats: int) -> tuple[Box, ...]:
    """Worker slots that fill the box: in one column as long as they are high enough."""
    most = max(1, int(box.h // 20))
    columns = ceil(seats / most)
    rows = ceil(seats / columns)
    gap = 4 if rows > 1 else 0
    w = (box.w - (columns - 1) * 4) / columns
    h = (box.h - (rows - 1) * gap) / rows
    places = [divmod(index, columns) for index in range(seats)]
    return tuple(
        Box(round(box.x + column * (w + 4), 1), round(box.y + row * (h + gap), 1), round(w, 1), round(h, 1))
        for row, column in places
    )


def _radius(requests: int, track: int, width: Width, slots: Sequence[Box]) -> float:
    """Few requests get large dots with their number, a hundred get small ones."""
    large, middling, some, small = (8.4, 6.5, 30, 3.6) if track > 60 else (7.6, 6.0, 26, 3.0)  # as a tray holds them
    if width == "narrow":
        large = 8.0 if track > 90 else 7.6
    most = large if requests <= 10 else middling if requests <= some else small
    if width == "narrow" and requests > 10:
        most *= 0.7
    return min(most, *(min(each.h / 2 - 2, each.w / 2 - 2) for each in slots)) if slots else most


def _line(queue: Box, requests: int, radius: float) -> Grid:
    """The queue: `wrap` lines, as few as are necessary, with their heads at the right, beside the server."""
    room_w, room_h = queue.w - 8 - 2 * radius, queue.h - 3 - 2 * radius
    wide = (5,) if requests > 10 and radius > 5 else ()  # numbers of two digits are as wide as these dots
    rows, gap = _fitting(requests, radius, room_w, room_h, (*wide, 1.3, 0.3, 0))
    pitch = 2 * radius + gap
    pitch_y = min(pitch, room_h / max(rows - 1, 1))
    columns = ceil(requests / rows)
    step = min(pitch, room_w / max(columns - 1, 1))
    y = queue.y + queue.h / 2 - (rows - 1) * pitch_y / 2
    return Grid(round(queue.x + queue.w - 6 - radius, 2), round(y, 2), -round(step, 2), round(pitch_y, 2), rows)


def _row(box: Box, cells: int, radius: float, share: float) -> Grid:
    pitch = min(2 * radius + 3, (box.w - 2 * radius - 8) / max(cells - 1, 1))
    x = box.x + box.w / 2 - (cells - 1) * pitch / 2
    return Grid(round(x, 2), round(box.y + box.h * share, 2), round(pitch, 2), 0, max(cells, 1))


def _fill(box: Box, cells: int, radius: float) -> Grid:
    """A grid for so many cells in the middle of a box; where it is small they lie closer than they are wide."""
    room_w, room_h = box.w - 2 * radius - 10, box.h - 2 * radius - 6
    rows, _ = _fitting(cells, radius, room_w, room_h, (3, 0.6, 0))
    columns = ceil(cells / rows)
    dx = min(2 * radius + 8, room_w / max(columns - 1, 1))
    dy = min(2 * radius + 6, room_h / max(rows - 1, 1))
    x = box.x + box.w / 2 - (columns - 1) * dx / 2
    y = box.y + box.h / 2 - (rows - 1) * dy / 2
    return Grid(round(x, 2), round(y, 2), round(dx, 2), round(dy, 2), columns)


def _fitting(cells: int, radius: float, room_w: float, room_h: float, gaps: Sequence[float]) -> tuple[int, float]:
    """How many rows so many dots need, and how far apart two side by side are: closer, if the rows would overlap."""
    rows, gap = cells, 0.0
    for gap in gaps:
        rows = ceil(cells / (int(room_w // (2 * radius + gap)) + 1))
        if (rows - 1) * 2 * radius <= room_h:
            break
    return rows, gap


def _stations(lesson: Lesson, width: float, radius: float) -> tuple[float, ...]:
    """Offsets in a slot: the first node is outside it, the others share it, the wait has the most of it."""
    inner = len(lesson.nodes) - 2
    first, last = radius + 4, max(radius + 4, width * 0.72)
    step = (last - first) / max(inner - 1, 1) if inner > 1 else 0.0
    return (round(first, 2), *(round(first + index * step, 2) for index in range(inner)))
