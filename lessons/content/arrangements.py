"""Lines to put in order: every way to choose and order them is an option of its task, so each can really be run."""

from collections.abc import Sequence
from functools import cache
from itertools import permutations

from lessons.content.teaching import Line, Option

OTHERWISE = (
    "These are the right lines in the wrong order. Read them from the top: does each one have what it needs by then?"
)


def place_count(lines: Sequence[Line]) -> int:
    """How many lines are to be chosen."""
    return sum(each.place is not None for each in lines)


@cache
def orders(count: int, places: int) -> tuple[tuple[int, ...], ...]:
    """Every way to put so many of `count` lines in order, as indexes; the place in this tuple is that of the option."""
    return tuple(permutations(range(count), places))


def arrange_lines(lines: tuple[Line, ...], why: str) -> tuple[Option, ...]:
    """An option for each way, of which one is right; `why` is said of that one."""
    return tuple(_option([lines[at] for at in order], why) for order in orders(len(lines), place_count(lines)))


def _option(chosen: list[Line], why: str) -> Option:
    text = "\n".join(each.text for each in chosen)
    if [each.place for each in chosen] == list(range(1, len(chosen) + 1)):
        return Option(text, why, right=True)
    stray = next((each for each in chosen if each.place is None), None)
    return Option(text, stray.why, misconception=stray.misconception) if stray else Option(text, OTHERWISE)
