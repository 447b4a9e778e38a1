"""How a bad value is told."""

from typing import Final

LONGEST: Final = 60  # characters of a bad value that a reason repeats


def short_repr(value: object) -> str:
    """A bad value as a reason repeats it: short, on one line."""
    text = repr(value) if isinstance(value, str | bool | int | float) else type(value).__name__
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
