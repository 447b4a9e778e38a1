"""What the pictures of a stage are made of: SVG as text, in the colours and patterns of the page's light theme."""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

from lessons.stage import drawing
from lessons.stage.drawing import TimeAxis
from lessons.stage.legend import PATTERN_TILES, PatternTile
from lessons.stage.model import LaneStage, Stage

# As in static/css/tokens.css; a test compares them.
COLOURS: Final = {
    "ground": "#f6f8fc",
    "surface": "#ffffff",
    "sunken": "#eef1f7",
    "line": "#dbe1eb",
    "edge": "#8391ab",
    "ink": "#14213d",
    "ink-soft": "#4d5a73",
    "lit-edge": "#d69a00",
    "queued": "#dbe1eb",
    "queued-mark": "#8391ab",
    "running": "#0f9d6c",
    "free": "#2f9fe0",
    "free-mark": "#a5d7f7",
    "blocked": "#d96100",
    "blocked-mark": "#f2a15f",
    "done": "#14213d",
    "ready": "#d69a00",
    "ready-mark": "#fff3cf",
    "cancelled": "#4d5a73",
    "cancelled-mark": "#dbe1eb",
    "failed": "#b3202a",
    "failed-mark": "#e7949a",
    "good-ink": "#0b6b4a",
    "bad-ink": "#a84300",
}
SHAPES: Final = """
.ground{fill:$ground}.card{fill:$surface;stroke:$line}.sunken{fill:$sunken}.slit{fill:$surface}
.queued{fill:url(#queued)}.running{fill:$running}.free{fill:url(#free)}.blocked{fill:url(#blocked)}
.ready{fill:url(#ready)}.failed{fill:url(#failed);stroke:$failed}
.cancelled{fill:url(#cancelled);stroke:$cancelled}
.band{fill:none;stroke:$lit-edge;stroke-width:2}
.ink{fill:$ink}.soft{fill:$ink-soft}.good{fill:$good-ink}.bad{fill:$bad-ink}.trouble{fill:$failed}
.b{font-weight:700}.end{text-anchor:end}.middle{text-anchor:middle}
"""
NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fill_colours(text: str) -> str:
    """The text with every $name replaced by its colour."""
    return re.sub(r"\$([a-z-]+)", lambda found: COLOURS[found[1]], text)


def svg_document(width: int, height: int, title: str, family: str, style: str, body: Iterator[str]) -> str:
    """A whole SVG file. `style` is CSS in which $names are colours."""
    rules = f"text{{font-family:{family}}}{SHAPES}{style}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img">\n<title>{xml_text(title)}</title>\n<style>{fill_colours(rules)}</style>\n{_patterns()}\n'
        f'<rect class="ground" width="{width}" height="{height}"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


def _patterns() -> str:
    tiles = "\n".join(map(_pattern, PATTERN_TILES))
    return f"<defs>\n{fill_colours(tiles)}\n</defs>"


def _pattern(tile: PatternTile) -> str:
    ground, mark = f"${tile.phase}", f'fill="${tile.phase}-mark"'
    if tile.stroked:
        ground, mark = f"${tile.phase}-mark", f'fill="none" stroke="${tile.phase}"'
    size = f'width="{tile.size}" height="{tile.size}"'
    turn = f' patternTransform="rotate({tile.turn})"' if tile.turn else ""
    return (
        f'<pattern id="{tile.phase}" {size} patternUnits="userSpaceOnUse"{turn}>'
        f'<rect {size} fill="{ground}"/><path d="{tile.mark}" {mark}/></pattern>'
    )


def xml_text(words: str) -> str:
    """Words as XML text: nothing in them is markup, and nothing breaks the file."""
    return escape(NOT_XML.sub("\ufffd", words))


def shorten(words: str, most: int) -> str:
    """At most so many characters."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def text_line(x: float, y: float, words: str, size: float, look: str = "ink") -> str:
    """One line of text; `look` are classes of the style."""
    return f'<text class="{look}" x="{x:g}" y="{y:g}" font-size="{size:g}">{xml_text(words)}</text>' if words else ""


def wrap_words(words: str, most: int) -> list[str]:
    """Lines of at most so many characters, broken between words where there are any."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = shorten(f"{lines[-1]} {word}".strip(), most)
    return lines


def place_group(x: float, y: float, *parts: str) -> str:
    """A group with its origin there."""
    return f'<g transform="translate({x:g} {y:g})">' + "".join(parts) + "</g>"


def strip_parts(stage: Stage, lane: LaneStage, axis: TimeAxis, width: int, height: int) -> str:
    """Who holds the server."""
    strip = drawing.draw_strip(stage, lane, axis.end, width, height)
    return (
        f'<rect class="sunken" width="{width}" height="{height}"/>'
        f'<rect class="free" width="{strip.elapsed}" height="{height}"/><path class="blocked" d="{strip.blocked}"/>'
    )


def timeline_parts(stage: Stage, lane: LaneStage, axis: TimeAxis, width: int, row: float) -> str:
    """A row per request. `row` is best a multiple of 0.25."""
    count = len(lane.requests)
    paths = drawing.bar_paths(stage, lane, axis.end, width, row)
    slit = 0.2 * row
    lines = "".join(f"M0 {number * row - slit:g}h{width}v{slit:g}H0z" for number in range(1, count + 1))
    lines += f"M0 {row * count:g}h{width}v1H0z"  # without it the last slit would leave a hair
    return (
        f'<rect class="sunken" width="{width}" height="{row * count:g}"/>'
        + "".join(f'<path class="{phase}" d="{path}"/>' for phase, path in paths if path)
        + (f'<path class="slit" d="{lines}"/>' if row >= 3 else "")
    )


def band_part(request: int, width: int, row: float) -> str:
    """The frame around the row of the pinned request."""
    return f'<rect class="band" y="{(request - 1) * row:g}" width="{width}" height="{row * 0.8:g}"/>'


def tick_labels(axis: TimeAxis, width: float, size: float) -> str:
    """The labels of the axis below a timeline."""
    last = max(1, len(axis.ticks) - 1)
    return "".join(
        text_line(
            at / last * width, 0, f"{label} s", size, "soft" + ("" if not at else " middle" if at < last else " end")
        )
        for at, label in enumerate(axis.ticks)
    )
