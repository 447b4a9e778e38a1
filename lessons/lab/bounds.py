"""What an event may hold at most, wherever it comes from: a process of a run, a recording, an import."""

import json
from dataclasses import fields
from functools import cache
from typing import Any, Final

from lessons.lab.events import KINDS, Body, LaneStarted, RunStarted
from lessons.text import short_repr

MOST_STEPS: Final = 21_000  # events of one lane or request; a lane's tracer stops at fewer
MOST_SECONDS: Final = 3600.0  # no run lasts longer, whatever a site allows
MOST_AT: Final = 4e9  # seconds since the Unix epoch: the year 2096
MOST_NAME: Final = 32  # characters of a version or a server's name
FLOATS: Final = (float, float | None)


def unbelievable_value(body: Body) -> str:
    """What no server has ever measured, or no page can show; "" for nothing."""
    for key, most in _number_fields(body.kind):
        value = getattr(body, key)
        if value is not None and not -most <= value <= most:
            return f"{key} must not be {short_repr(value)}: it is not from {-most:.0f} to {most:.0f}"
    for key in _name_fields(body.kind):
        value = getattr(body, key)
        if not (len(value) <= MOST_NAME and value.isprintable()):
            return f"{key} must be at most {MOST_NAME} printable characters"
    return ""


def is_unicode(value: Any) -> bool:
    """Are all its characters whole? JSON may hold lone surrogates, which no page can show."""
    try:
        json.dumps(value, ensure_ascii=False, default=dict).encode()
    except UnicodeEncodeError:
        return False
    return True


@cache
def _number_fields(kind: str) -> tuple[tuple[str, float], ...]:
    """The fields that are numbers, and how large they may be."""
    found = (each.name for each in fields(KINDS[kind]) if each.type in FLOATS)
    return tuple((name, MOST_AT if name == "at" else MOST_SECONDS) for name in found)


@cache
def _name_fields(kind: str) -> tuple[str, ...]:
    """The fields that name a server or a version."""
    names = kind in (RunStarted.kind, LaneStarted.kind)
    return tuple(each.name for each in fields(KINDS[kind]) if names and each.type is str)
