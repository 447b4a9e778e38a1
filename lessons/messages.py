"""What a browser may say over the socket. Strict: anything else is a `BadMessage` with a sentence for the learner."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

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
class Hold:
    """Switch "Hold each step"."""

    on: bool


Message = Ack | Pin | Hold


def parse(text: str) -> Message:
    """The message in a WebSocket text: fields flat, or under "body" as htmx 4.0.0-beta6 sends them.

    Fields that are not asked for, such as those of a form around the control, do not matter. Raises `BadMessage`.
    """
    try:
        sent = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessage("The server got a message that is not JSON.") from None
    if not isinstance(sent, dict):
        raise BadMessage("The server got a message that is not an object.")
    body = sent.get("body")
    fields = body if isinstance(body, dict) else sent
    kind = fields.get("type")
    if kind == "ack":
        return Ack(_number(fields, "frame"))
    if kind == "pin":
        return Pin(_lane(fields), _number(fields, "request"))
    if kind == "hold":
        return Hold(_switch(fields))
    raise BadMessage("The server got a message of a type it does not know.")


def _number(fields: Mapping[str, Any], name: str) -> int:
    value = fields.get(name)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= MAX_DIGITS:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise BadMessage(f"The {name} must be a whole number.")


def _lane(fields: Mapping[str, Any]) -> str:
    value = fields.get("lane")
    if isinstance(value, str) and 0 < len(value) <= MAX_LANE:
        return value
    raise BadMessage("The lane must be given by its name.")


def _switch(fields: Mapping[str, Any]) -> bool:
    value = fields.get("on")
    if not isinstance(value, float | list | dict):
        if value in ON:
            return True
        if value in OFF:
            return False
    raise BadMessage("Hold must be on or off.")
