"""Strip, timeline and axis of a lane's picture as SVG."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from lessons.stage.layout import Layout
from lessons.stage.picture import SceneAxis, axis_for, lane_clock, place_on_axis, row_paths, strip_path
from lessons.stage.scene import LaneScene, Scene

NARROW: Final = 500  # width below which there is little room beside the strip
PATTERNED: Final = ("queued", "free", "blocked", "ready", "failed", "cancelled")


class SceneMoment(NamedTuple):
    """A moment of a scene, to be drawn; milliseconds since the run began."""

    scene: Scene
    end: float  # seconds of the axis that the law lets expect
    t: float
    known: float  # up to where the run is known
    guesses: Mapping[str, float] = MappingProxyType({})  # lane -> seconds that were predicted

    @property
    def axis(self) -> SceneAxis:
        """The time axis of all lanes."""
        zero = self.known if self.scene.zero is None else self.scene.zero
        return axis_for(self.end, (self.known - zero) / 1000)


def timeline_elements(
    lane: LaneScene, layout: Layout, at: SceneMoment, steps: Sequence[int], pinned: int, guess: float | None = None
) -> Iterator[str]:
    """From the strip to the axis: what has been, a cover for what will be, and the pinned request's row and steps."""
    rows, strip, axis = layout.rows, layout.strip, at.axis
    x = now_x(lane, layout, at)
    beside = strip.x - (6 if layout.width > NARROW else 3)
    yield f'<text class="axis-label side" x="{beside:g}" y="{strip.y + strip.h / 2 + 4:g}">held</text>'
    yield f'<rect class="ground" x="{rows.x:g}" y="{rows.y:g}" width="{rows.w:g}" height="{rows.h:g}"/>'
    yield f'<rect class="open" x="{strip.x:g}" y="{strip.y:g}" width="{strip.w:g}" height="{strip.h:g}"/>'
    yield bar("blocked", strip_path(at.scene, lane, layout, axis, at.known), "strip")
    for look, path in row_paths(at.scene, lane, layout, axis, at.known).items():
        yield bar(look, path, f"bar-{look}")
    top, height = strip.y - 3, rows.y + rows.h - strip.y + 6
    rest = rows.x + rows.w - x + 1
    yield f'<rect class="cover" data-part="cover" x="{x:g}" y="{top:g}" width="{rest:g}" height="{height:g}"/>'
    yield f'<path class="now" data-part="now" transform="translate({x:g})" d="M0 {top:g}v{height:g}"/>'
    if guess is not None and guess <= axis.end:
        at_x = place_on_axis(guess * 1000, axis, rows.x, rows.w)
        side = '-5" text-anchor="end' if at_x > layout.width * 0.7 else "5"
        yield f'<g class="guess" data-guess="{guess:g}" transform="translate({at_x:g})">'
        yield f'<path d="M0 {top:g}v{height:g}"/>'
        yield f'<text x="{side}" y="{rows.y + min(26, rows.h - 4):g}">guess {guess:g} s</text></g>'
    yield f'<g class="law off" data-part="law"><path d="M0 {top:g}v{height:g}"/><text y="{top + height - 7:g}"/></g>'
    yield f'<g class="wish off" data-part="flag"><path d="M0 {top:g}v{height:g}"/><text y="{rows.y + 12:g}"/></g>'
    y, off = rows.y + (pinned - 1) * layout.row, "" if pinned else " off"
    place = f'x="{rows.x:g}" y="{y:g}" width="{rows.w:g}" height="{layout.row:g}"'
    yield f'<rect class="near" data-part="near" {place}/>'
    yield f'<rect class="band{off}" data-part="band" {place}/>'
    yield "".join(f'<rect class="stretch off" data-stretch="{step}" data-step="{step}"/>' for step in steps)
    yield f'<g data-part="axis">{axis_marks(layout, axis)}</g>'


def now_x(lane: LaneScene, layout: Layout, at: SceneMoment) -> float:
    """Where the lane's clock stands on the axis; at its last answer, once all are answered."""
    elapsed, over = lane_clock(lane, at.t)
    zero = at.scene.zero or 0.0
    sent = min((each.sent for each in lane.requests if each.sent is not None), default=zero)
    return place_on_axis((sent + elapsed if over else at.t) - zero, at.axis, layout.rows.x, layout.rows.w)


def axis_marks(layout: Layout, axis: SceneAxis) -> str:
    """The labels under the timeline."""
    every = 2 if layout.width < NARROW and axis.end > 4 * axis.tick else 1
    found = []
    for at in range(0, int(axis.end / axis.tick + 1e-9) + 1, every):
        x = place_on_axis(at * axis.tick * 1000, axis, layout.rows.x, layout.rows.w)
        found.append(f'<text class="axis-label" x="{x:g}" y="{layout.axis:g}">{tick_text(at * axis.tick)}</text>')
    return "".join(found)


def tick_text(seconds: float) -> str:
    """The label of a moment on the axis."""
    return f"{seconds:.2f}".rstrip("0").rstrip(".") + " s"


def bar(look: str, path: str, part: str) -> str:
    """What was in this state, as one path."""
    fill = f' fill="url(#pattern-{look})"' if look in PATTERNED else ""
    return f'<path class="bar {look}" data-part="{part}" d="{path}"{fill}/>'
