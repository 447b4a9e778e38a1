"""What a browser may say over the socket. Strict: anything else is a `BadMessage` with a sentence for the learner."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final, Literal

from lessons.playback.clock import FASTEST, SLOWEST, Unit
from lessons.playback.position import DECIMAL

MAX_LANE = 200  # characters; lanes' names are far shorter
MAX_DIGITS = 15  # what JavaScript counts exactly
ON: Final = (True, 1, "1", "on", "true")
OFF: Final = (False, 0, "0", "off", "false", "", None)  # an unchecked box is not in a form's data at all


class BadMessage(ValueError):
    """Not a message that this site knows."""


@dataclass(frozen=True, slots=True)
class Ack:
    """The browser shows this frame."""

    frame: int


@dataclass(frozen=True, slots=True)
class Pin:
    """Look at this request."""

    lane: str
    request: int


@dataclass(frozen=True, slots=True)
class HoldSteps:
    """Switch "Hold each step"."""

    on: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """Stand still."""


@dataclass(frozen=True, slots=True)
class Play:
    """Go on."""


@dataclass(frozen=True, slots=True)
class Live:
    """Go to where the run is."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Play at this rate."""

    rate: float


@dataclass(frozen=True, slots=True)
class StepBy:
    """Go one step of the pinned request, or one event, on or back."""

    by: Literal[1, -1]
    unit: Unit


@dataclass(frozen=True, slots=True)
class Seek:
    """Go to the event with this number; 0: to the start."""

    to: int


@dataclass(frozen=True, slots=True)
class Scrub:
    """Go to this moment, seconds since the load began."""

    at: float


@dataclass(frozen=True, slots=True)
class Ping:
    """Show that you are there."""


@dataclass(frozen=True, slots=True)
class Show:
    """Pin this request, and go to where the step's facts are known."""

    lane: str
    request: int
    step: int


Message = Ack | Pin | HoldSteps | Pause | Play | Live | Ping | Speed | StepBy | Seek | Scrub | Show
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A message, and the number that the browser gave it."""

    what: Message
    id: int = 0  # rising within a page; 0: it has none


def parse_message(text: str) -> Said:
    """The message in a text: a JSON object with `type`, its fields, and perhaps `id`.

    Fields that are not asked for, such as those of a form around the control, do not matter. Raises `BadMessage`.
    """
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessage("The server got a message that is not JSON.") from None
    if not isinstance(sent, dict):
        raise BadMessage("The server got a message that is not an object.")
    kind = sent.get("type")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise BadMessage("The server got a message of a type it does not know.")
    number = _whole_field(sent, "id") if "id" in sent else 0
    if number < 0:
        raise BadMessage("The id must be a whole number, 0 or more.")
    return Said(_KINDS[kind](sent), number)


def _whole_field(fields: Fields, name: str) -> int:
    value = fields.get(name)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= MAX_DIGITS:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**MAX_DIGITS:
        return value
    raise BadMessage(f"The {name} must be a whole number.")


def _lane_field(fields: Fields) -> str:
    value = fields.get("lane")
    if isinstance(value, str) and 0 < len(value) <= MAX_LANE:
        return value
    raise BadMessage("The lane must be given by its name.")


def _switch_field(fields: Fields) -> bool:
    value = fields.get("on")
    if not isinstance(value, float | list | dict):
        if value in ON:
            return True
        if value in OFF:
            return False
    raise BadMessage("Hold must be on or off.")


def _decimal_field(fields: Fields, name: str) -> float | None:
    """The number in a field; None: it has none that can be used."""
    value = fields.get(name)
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**9 and isfinite(value):
        return float(value)
    return None


def _rate_field(fields: Fields) -> float:
    rate = _decimal_field(fields, "rate")
    if rate is None or not SLOWEST <= rate <= FASTEST:
        raise BadMessage(f"The speed must be a number from {SLOWEST:g} to {FASTEST:g}.")
    return rate


def _step_message(fields: Fields) -> StepBy:
    by, unit = str(fields.get("by")), fields.get("unit")
    if by not in ("1", "-1") or unit not in ("step", "event"):
        raise BadMessage("A step goes by 1 or -1, and its unit is step or event.")
    return StepBy(1 if by == "1" else -1, unit)


def _seek_target(fields: Fields) -> int:
    event = _whole_field({"event": fields.get("to")}, "event")
    if event < 0:
        raise BadMessage("The event must be a whole number, 0 or more.")
    return event


def _moment(fields: Fields) -> float:
    at = _decimal_field(fields, "at")
    if at is None or at < 0:
        raise BadMessage("The moment must be a number of seconds, 0 or more.")
    return at


_KINDS: Final[Mapping[str, Callable[[Fields], Message]]] = {
    "ack": lambda fields: Ack(_whole_field(fields, "frame")),
    "pin": lambda fields: Pin(_lane_field(fields), _whole_field(fields, "request")),
    "hold": lambda fields: HoldSteps(_switch_field(fields)),
    "pause": lambda fields: Pause(),
    "play": lambda fields: Play(),
    "live": lambda fields: Live(),
    "ping": lambda fields: Ping(),
    "speed": lambda fields: Speed(_rate_field(fields)),
    "step": _step_message,
    "seek": lambda fields: Seek(_seek_target(fields)),
    "scrub": lambda fields: Scrub(_moment(fields)),
    "show": lambda fields: Show(_lane_field(fields), _whole_field(fields, "request"), _whole_field(fields, "step")),
}
