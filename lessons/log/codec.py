"""Events as compact text. The sequence number is not in it: it is the place at which the text stands."""

import json
from collections.abc import Mapping

from lessons.lab.events import Event, EventError, Plain

FIELDS = ("t", "lane", "request", "kind", "data")


def pack_event(event: Event) -> str:
    """One event as a JSON array."""
    record = event.as_record()
    return json.dumps([record[name] for name in FIELDS], separators=(",", ":"), default=_plain)


def unpack_event(text: str, seq: int) -> Event:
    """The inverse of `pack_event`. Raises `EventError`."""
    try:
        values = json.loads(text)
        return Event.from_record({"seq": seq, **dict(zip(FIELDS, values, strict=True))})
    except (TypeError, ValueError) as error:
        raise EventError(f"not a packed event: {error}") from None


def _plain(value: object) -> Plain:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"an event may hold plain data only, not {type(value).__name__}")
