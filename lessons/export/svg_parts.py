"""What the pictures of a stage are made of: SVG as text, in the colours and patterns of the page's light theme."""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

from lessons.stage.legend import PATTERN_TILES, PatternTile

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
# As static/css/picture.css has it, in what every viewer of SVG understands.
STYLE: Final = """
.paper{fill:$ground}.card{fill:$surface;stroke:$line}.off{display:none}
.ink{fill:$ink}.soft{fill:$ink-soft}.good{fill:$good-ink}.bad{fill:$bad-ink}.trouble{fill:$failed}
.b{font-weight:700}.end{text-anchor:end}.middle{text-anchor:middle}.digits{font-variant-numeric:tabular-nums}
.queued{fill:url(#pattern-queued)}.running{fill:$running}.free{fill:url(#pattern-free)}
.blocked{fill:url(#pattern-blocked)}.ready{fill:url(#pattern-ready)}.failed{fill:url(#pattern-failed)}
.cancelled{fill:url(#pattern-cancelled)}.bar.failed{stroke:$failed}.bar.cancelled{stroke:$cancelled}.bar.done{fill:none}
.heading{font-size:12.5px;font-weight:600;fill:$ink}.station,.axis-label{font-size:12px;fill:$ink-soft;text-anchor:middle}
.start{text-anchor:start}.side{text-anchor:end}
.zone{fill:$sunken;stroke:$line;stroke-dasharray:3 3}.slot{fill:none;stroke:$edge;stroke-width:1.5}
.slot.taken,.loop.taken{fill:$blocked;fill-opacity:.09;stroke:$blocked}
.loop{fill:$running;fill-opacity:.08;stroke:$running;stroke-width:1.5}
.shelf{fill:$free;fill-opacity:.08;stroke:$free;stroke-width:1.5;stroke-dasharray:4 3}
.rail{stroke:$line;stroke-width:1.5}.arrow{fill:none;stroke:$edge;stroke-width:1.4}
.lock{fill:none;stroke:$blocked;stroke-width:1.8}.ground{fill:$sunken}.open{fill:$free;fill-opacity:.35}
.cover{fill:$surface}.now{stroke:$ink;stroke-width:1.5}.guess path{stroke:$lit-edge;stroke-width:2;stroke-dasharray:4 3}
.guess text{font-weight:600;fill:$lit-edge}
.ghost{fill:none}.near{display:none}.band{fill:none;stroke:$lit-edge;stroke-width:1.5}
.dot .body{stroke-width:1.6;stroke:none;fill:$surface}.dot .ring{fill:none;stroke:$free;stroke-width:3}
.dot text{text-anchor:middle;font-weight:700;font-size:11px;fill:$ink}
.dot .twin{display:none}.dot.twins .twin{display:inline;fill:$free;stroke:$surface;stroke-width:1.5}
.dot.idle{display:none}.dot.done,.dot.done .body{fill:$done}.dot.done text,.dot.running text{fill:$surface}
.dot.queued .body{stroke:$ink-soft}.dot.queued .body:not(:only-child){stroke-dasharray:3 2}
.dot.running .body{fill:$running;stroke:$ink}
.dot.free .body{stroke:$free-mark}.dot.blocked .body,.dot.blocked .ring{stroke:$blocked}
.dot.ready .body{fill:$ready-mark;stroke:$ready}.dot.failed .body{stroke:$failed}
.dot.cancelled .body{stroke:$cancelled}.dot.pinned .body{stroke:$lit-edge;stroke-width:3}
"""
NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fill_colours(text: str) -> str:
    """The text with every $name replaced by its colour."""
    return re.sub(r"\$([a-z-]+)", lambda found: COLOURS[found[1]], text)


def svg_document(width: int, height: int, title: str, family: str, body: Iterator[str]) -> str:
    """A whole SVG file."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img">\n<title>{xml_text(title)}</title>\n<style>text{{font-family:{family}}}{fill_colours(STYLE)}</style>'
        f'\n{_patterns()}\n<rect class="paper" width="{width}" height="{height}"/>\n' + "\n".join(body) + "\n</svg>\n"
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
        f'<pattern id="pattern-{tile.phase}" {size} patternUnits="userSpaceOnUse"{turn}>'
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
