"""What colours and patterns mean, on the page and in exported pictures. Colours themselves are those of the theme."""

from typing import Final, NamedTuple

from lessons.stage.bars import Phase


class LegendEntry(NamedTuple):
    """A state, and what is said of it."""

    state: str
    meaning: str
    is_dot: bool = False  # is it seen at the dots alone, and not in the timeline?


class PatternTile(NamedTuple):
    """The tile of a phase's pattern: a square in the phase's colour, with a mark on it."""

    phase: Phase
    size: int
    mark: str  # path
    turn: int = 0  # degrees
    stroked: bool = False  # is the mark a line?


LEGEND: Final = (
    LegendEntry("queued", "queued, not in the view yet"),
    LegendEntry("running", "running"),
    LegendEntry("free", "waiting, server free"),
    LegendEntry("blocked", "waiting, server blocked"),
    LegendEntry("ready", "the view is done, the answer not complete"),
    LegendEntry("done", "done", is_dot=True),
    LegendEntry("failed", "failed"),
    LegendEntry("cancelled", "cancelled"),
)
PATTERN_TILES: Final = (  # of every phase but running, which is one plain colour
    PatternTile("queued", 6, "M2.1 3a0.9 0.9 0 1 0 1.8 0a0.9 0.9 0 1 0-1.8 0z"),
    PatternTile("free", 8, "M0 0h3v8h-3z", turn=45),
    PatternTile("blocked", 6, "M0 0h6v1.6h-6z"),
    PatternTile("ready", 6, "M0 1L3 4L6 1", stroked=True),
    PatternTile("failed", 6, "M0 0L6 6M6 0L0 6", stroked=True),
    PatternTile("cancelled", 6, "M0 6L6 0", stroked=True),
)
