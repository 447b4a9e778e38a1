"""A run as a small picture for lists: each lane's timeline at the run's end, on one axis."""

from typing import Final

from lessons.export import svg_parts
from lessons.export.shown import LaneDrawing, Shown
from lessons.stage.viewpoint import Viewpoint

WIDTH: Final = 342
ROOM: Final = 66  # height of a lane
MARGIN: Final = 6  # at the left, for a font that is wider than ours
LIKE: Final = 2  # lanes that a picture is laid out for


def draw_thumbnail(shown: Shown) -> str:
    """The picture as SVG text, 342 wide and 66 for each lane."""
    drawn = shown.lanes(Viewpoint(), "narrow", beside=LIKE)
    body = (_lane(drawing, index) for index, drawing in enumerate(drawn))
    return svg_parts.svg_document(WIDTH, max(1, len(drawn)) * ROOM, "Timelines", "sans-serif", body)


def _lane(drawing: LaneDrawing, index: int) -> str:
    top, rows = drawing.layout.strip.y, drawing.layout.rows
    height = rows.y + rows.h - top
    place = f'x="0" y="{index * ROOM + 2}" width="{WIDTH}" height="{height:g}"'
    return f'<svg {place} viewBox="{-MARGIN} {top:g} {WIDTH + MARGIN} {height:g}">{drawing.elements}</svg>'
