"""A lane's picture as SVG: what stands there first, and without scripts; `static/js/picture.js` goes on with it.

The structure is fixed: the browser changes attributes, classes and texts of what has `data-part` or `data-request`, and
adds nothing but the labels of an axis that has grown.
"""

from collections.abc import Iterator
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from lessons.content.model import Lesson
from lessons.rendering.timeline_svg import SceneMoment, timeline_elements
from lessons.stage.layout import Box, Layout, Width
from lessons.stage.motion import REST
from lessons.stage.picture import DrawnDot, LaneHead, LanePicture, draw_lane
from lessons.stage.shapes import SHAPES, ring_path
from lessons.stage.step_links import steps_by_node

NUMBERED: Final = 6.0  # radius from which a dot has its number
BASE: Final = 4.3  # of the digits, below the middle of a dot: they are 12 high, however large the dot
SQUEEZED: Final = 1.5  # radii that a number of more than one digit may be wide
NARROW: Final = 500  # width below which a heading has two lines
LOCK: Final = "M1 5h8v6h-8zM3 5v-2a2 2 0 0 1 4 0v2"


def draw_svg(
    lesson: Lesson, at: SceneMoment, index: int, head: LaneHead, width: Width, *, pinned: int = 0
) -> SafeString:
    """The picture of one lane, which has this index in the run; a request may be pinned in it."""
    layout = head.layouts[width]
    label = escape(f"{head.name}: where its requests are, and where they have been")
    inside = lane_elements(lesson, at, index, head, width, pinned=pinned)
    return _safe(
        f'<svg class="picture {width}" data-picture="{head.key}" data-width="{width}"'
        f' viewBox="0 0 {layout.width} {layout.height}" role="img" aria-label="{label}">{inside}</svg>'
    )


def lane_elements(lesson: Lesson, at: SceneMoment, index: int, head: LaneHead, width: Width, *, pinned: int = 0) -> str:
    """What is in such a picture, in the units of its layout."""
    lane, layout = at.scene.lanes[index], head.layouts[width]
    rest = REST if at.scene.over is not None and at.t >= at.scene.over else 0.0
    picture = draw_lane(lane, head, layout, at.t, at.known, rest)
    steps = [step.number for step in lesson.steps]
    inside = [
        *_track(lesson, head, layout, picture),
        *timeline_elements(lane, layout, at, steps, pinned, at.guesses.get(head.id)),
        *_dots(layout, picture, pinned),
    ]
    return "".join(inside)


def _track(lesson: Lesson, head: LaneHead, layout: Layout, picture: LanePicture) -> Iterator[str]:
    names = [node.label for node in lesson.nodes]
    steps = _steps_of_nodes(lesson, head)
    yield _heading(layout, layout.queue, names[0], steps=steps[0])
    yield _rect("zone", layout.queue)
    yield _heading(layout, layout.box, box_name(head), "box", box_news(head, picture))
    if head.kind == "pool":
        for seat, taken in zip(layout.seats, picture.taken, strict=True):
            yield _rect("slot taken" if taken else "slot", seat, ' data-part="slot"')
    else:
        yield _rect("loop taken" if picture.held else "loop", layout.box, ' data-part="loop"')
    yield '<path class="ghost" data-part="ghost"/>'
    yield from _stations([name.replace("|", " ") for name in names[1:-1]], steps[1:-1], head, layout)
    if layout.shelf:
        yield _heading(layout, layout.shelf, names[-2], "shelf", shelf_news(picture), steps[-2])
        yield _rect("shelf", layout.shelf)
    yield _arrow(layout.queue, layout.box)
    yield _arrow(layout.shelf or layout.box, layout.tray)
    answered = f"{picture.answered} of {sum(picture.looks.values())}"
    last = names[-1].partition("|")[0] if layout.width < NARROW else names[-1]
    yield _heading(layout, layout.tray, last, "tray", answered, steps[-1])
    yield _rect("zone", layout.tray)
    x, y = layout.box.x + layout.box.w - 14, layout.box.y - 14
    off = "" if picture.held else " off"
    yield f'<path class="lock{off}" data-part="lock" transform="translate({x:g} {y:g})" d="{LOCK}"/>'


def box_name(head: LaneHead) -> str:
    """The name of the worker slots or the loop; "|" is where a narrow picture breaks it."""
    if head.kind == "loop":
        return "Event loop"
    return "Worker thread" if head.seats == 1 else "Worker threads"


def box_news(head: LaneHead, picture: LanePicture) -> str:
    """What is told of them at the moment."""
    if head.kind == "pool":
        return f"{sum(picture.taken)} of {head.seats} taken"
    return "held" if picture.held else "free"


def shelf_news(picture: LanePicture) -> str:
    """How many are outside the loop, and whether they are in threads."""
    return f"{picture.shelved} in threads" if picture.threads else str(picture.shelved)


def _stations(names: list[str], steps: list[str], head: LaneHead, layout: Layout) -> Iterator[str]:
    if head.kind == "loop" and layout.box.h > 60 and layout.width > 500:
        for at, name in enumerate(names[:-1]):
            yield _station(layout.box.x + 8, layout.box.y + 15 + at * 13, name, " start", steps[at])
    if head.kind == "loop" or not layout.line_up:
        return
    for seat in layout.seats:
        first = layout.stations[1] - layout.radius
        for name, of, offset in zip(names, steps, (first, *layout.stations[2:]), strict=True):
            yield _station(seat.x + offset, seat.y + 12, name, " start" if offset == first else "", of)
        y = seat.y + seat.h * 0.62
        yield f'<path class="rail" d="M{seat.x + 8:g} {y:g}H{seat.x + seat.w - 8:g}"/>'


def _station(x: float, y: float, name: str, more: str, steps: str) -> str:
    return f'<text class="station{more}" x="{x:g}" y="{y:g}"{steps}>{escape(name)}</text>'


def _steps_of_nodes(lesson: Lesson, head: LaneHead) -> list[str]:
    """For each node the steps that it belongs to, as an attribute; the browser takes them while the lane is pinned."""
    found = steps_by_node(lesson, head.id.partition("@")[0])
    return [f' data-of-steps="{" ".join(map(str, found[node.id]))}"' for node in lesson.nodes]


def _heading(layout: Layout, box: Box, name: str, part: str = "", news: str = "", steps: str = "") -> str:
    """A name, and what is new there: on one line, or on two where it is narrow."""
    x, y, text = box.x, box.y - 5, escape(name.replace("|", " "))
    if layout.width >= NARROW:
        told = f'<tspan data-part="{part}" data-before=" · "> · {escape(news)}</tspan>' if part else ""
        told += f'<tspan class="next" data-part="next-{part or "queue"}"/>' if part in ("", "box") else ""
        full = part == "tray" and len(news.partition(" of ")[2]) > 2  # with a hundred it ends where its box does
        place = f'x="{x + box.w:g}" text-anchor="end"' if full else f'x="{x:g}"'
        return f'<text class="heading" {place} y="{y:g}"{steps}>{text}{told}</text>'
    first, _, second = name.partition("|")
    told = f' data-part="{part}">{escape(news)}' if part else f">{escape(second)}"
    name = escape(first) if not part or len(text) > 12 else text
    place = f'class="heading" x="{x:g}"'
    return f'<text {place} y="{y - 12:g}"{steps}>{name}</text><text {place} y="{y:g}"{told}</text>'


def _rect(kind: str, box: Box, more: str = "") -> str:
    return f'<rect class="{kind}" x="{box.x:g}" y="{box.y:g}" width="{box.w:g}" height="{box.h:g}" rx="6"{more}/>'


def _arrow(source: Box, target: Box) -> str:
    y = source.y + source.h / 2
    return f'<path class="arrow" d="M{source.x + source.w + 2:g} {y:g}H{target.x - 4:g}m-4-3l4 3l-4 3"/>'


def _dots(layout: Layout, picture: LanePicture, pinned: int) -> Iterator[str]:
    drawn = {dot.number: dot for dot in picture.dots}
    yield '<g class="dots">'
    for number in range(1, sum(picture.looks.values()) + 1):
        yield _dot(drawn.get(number), number, layout.radius, pinned=number == pinned)
    yield "</g>"


def _dot(dot: DrawnDot | None, number: int, radius: float, *, pinned: bool) -> str:
    look = dot.look if dot else "idle"
    place = f"translate({dot.x:g} {dot.y:g})" if dot else "translate(-40 -40)"
    body = f'<path class="body" transform="scale({radius / 10:g})" d="{SHAPES[look]}"/>'
    if radius >= NUMBERED:
        ring = ring_path(radius, dot.ring) if dot else ""
        squeezed = f' textLength="{radius * SQUEEZED:.1f}" lengthAdjust="spacingAndGlyphs"' if number > 9 else ""
        body += f'<path class="ring" d="{ring}"/><text y="{BASE:g}"{squeezed}>{number}</text>'
        body += f'<circle class="twin" cx="{radius * 0.95:.1f}" cy="{-radius * 0.95:.1f}" r="{radius * 0.55:.1f}"/>'
    twins = " twins" if dot and dot.calls > 1 else ""
    look_of = f"{look}{twins} pinned" if pinned else f"{look}{twins}"
    return f'<g class="dot {look_of}" data-request="{number}" transform="{place}">{body}</g>'


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308  (numbers and words of our own; what comes from lessons is escaped)
