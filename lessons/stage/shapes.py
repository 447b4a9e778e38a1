"""The outline of a request in each state, so that a state is told without colour. A dot of radius 10, around 0 0."""

from math import cos, pi, sin
from typing import Final

from lessons.stage.scene import Look

DISC: Final = "M-10 0A10 10 0 1 1 10 0A10 10 0 1 1-10 0z"
SHAPES: Final[dict[Look, str]] = {
    "idle": DISC,
    "queued": DISC,
    "running": DISC,
    "free": DISC,
    "blocked": "M-9-9H9V9H-9z",
    "ready": "M-11-8H11V8H-11zM-11-8L0 1L11-8",  # an envelope
    "done": DISC,
    "failed": "M0-11L11 0L0 11L-11 0zM-5-5L5 5M5-5L-5 5",
    "cancelled": DISC + "M-7 7L7-7",
}


def ring_path(radius: float, share: float) -> str:
    """A part of the circle around a dot, from the top, clockwise; "" for nothing of it."""
    if share <= 0:
        return ""
    turn, r = min(share, 0.999) * 2 * pi, radius + 2
    return f"M0 {-r:g}A{r:g} {r:g} 0 {int(share > 0.5)} 1 {r * sin(turn):.2f} {-r * cos(turn):.2f}"
