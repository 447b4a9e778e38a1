"""What a browser says is understood, and nothing else is."""

import json

import pytest

from lessons.live.messages import (
    Ack,
    BadMessage,
    HoldSteps,
    Live,
    Message,
    Pause,
    Pin,
    Ping,
    Play,
    Said,
    Scrub,
    Seek,
    Show,
    Speed,
    StepBy,
    parse_message,
)

GOOD = [
    ({"type": "ack", "frame": 3}, Ack(3)),
    ({"type": "ack", "frame": "3"}, Ack(3)),
    ({"type": "pin", "lane": "sync@waitress", "request": "12"}, Pin("sync@waitress", 12)),
    ({"type": "pin", "lane": "sync@waitress", "request": 1, "csrfmiddlewaretoken": "x"}, Pin("sync@waitress", 1)),
    *(({"type": "hold", "on": on}, HoldSteps(True)) for on in (True, 1, "1", "on", "true")),
    *(({"type": "hold", "on": on}, HoldSteps(False)) for on in (False, 0, "0", "off", "false", "", None)),
    ({"type": "hold"}, HoldSteps(False)),
    ({"type": "pause"}, Pause()),
    ({"type": "play"}, Play()),
    ({"type": "live"}, Live()),
    ({"type": "ping"}, Ping()),
    *(({"type": "speed", "rate": rate}, Speed(0.25)) for rate in (0.25, "0.25", "0.250")),
    ({"type": "speed", "rate": 4}, Speed(4.0)),
    ({"type": "speed", "rate": "0.1"}, Speed(0.1)),
    ({"type": "step", "by": -1, "unit": "step"}, StepBy(-1, "step")),
    ({"type": "step", "by": "1", "unit": "event"}, StepBy(1, "event")),
    ({"type": "seek", "to": 0}, Seek(0)),
    ({"type": "seek", "to": "17"}, Seek(17)),
    ({"type": "scrub", "at": "1.04"}, Scrub(1.04)),
    ({"type": "scrub", "at": 0}, Scrub(0.0)),
    ({"type": "show", "lane": "sync@waitress", "request": "1", "step": 3}, Show("sync@waitress", 1, 3)),
]


@pytest.mark.parametrize(("fields", "message"), GOOD)
def test_a_message_is_understood_with_and_without_a_number(fields: dict[str, object], message: Message) -> None:
    assert parse_message(json.dumps(fields)) == Said(message)
    assert parse_message(json.dumps(fields | {"id": 12})) == Said(message, 12)


@pytest.mark.parametrize("number", [-1, "-1", 1.5, True, None, "x", 10**400, [1]])
def test_a_number_that_is_none_is_refused(number: object) -> None:
    with pytest.raises(BadMessage, match="id must be a whole number"):
        parse_message(json.dumps({"type": "pause", "id": number}))


@pytest.mark.parametrize(
    "text",
    ["", "hello", "{", "null", "3", '"ack"', "[]", '[{"type": "ack", "frame": 1}]', "[" * 60_000, "1" * 5000, "NaN"],
)
def test_what_is_not_a_json_object_is_refused(text: str) -> None:
    with pytest.raises(BadMessage, match="The server got"):
        parse_message(text)


# What is no number that a playhead could use.
NUMBERS = [float("nan"), float("inf"), float("-inf"), 1e999, "NaN", "inf", "1e3", "½", "٣", 10**400, "9" * 400]
NUMBERS += [True, False, None, [1], {"1": 1}]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"type": "reboot"},
        {"type": ["ack"], "frame": 1},
        {"type": "ack"},
        {"type": "ack", "frame": True},
        {"type": "ack", "frame": 1.0},
        {"type": "ack", "frame": "-1"},
        {"type": "ack", "frame": "²"},
        {"type": "ack", "frame": "9" * 5000},
        {"type": "ack", "frame": [1]},
        {"type": "pin", "request": 1},
        {"type": "pin", "lane": "a@b"},
        {"type": "pin", "lane": 3, "request": 1},
        {"type": "pin", "lane": "", "request": 1},
        {"type": "pin", "lane": "x" * 201, "request": 1},
        {"type": "hold", "on": "maybe"},
        {"type": "hold", "on": 2},
        {"type": "hold", "on": 1.0},
        {"type": "hold", "on": ["1", "1"]},
        {"headers": {}, "body": "type=ack"},
        {"type": "speed"},
        *({"type": "speed", "rate": rate} for rate in NUMBERS),
        *({"type": "speed", "rate": rate} for rate in (0, 0.09, 4.01, "4.1", "0", "1x")),
        {"type": "step"},
        {"type": "step", "by": 1},
        {"type": "step", "unit": "step"},
        *({"type": "step", "by": by, "unit": "step"} for by in (0, 2, -2, True, 1.0, "+1", [1], None)),
        *({"type": "step", "by": 1, "unit": unit} for unit in ("", "steps", 1, ["step"], None)),
        {"type": "seek"},
        *({"type": "seek", "to": to} for to in (*NUMBERS, -1, "-1", 1.0, "1.5", "")),
        {"type": "scrub"},
        *({"type": "scrub", "at": at} for at in (*NUMBERS, -0.001, "-1", "", "1,5", " 1", "1.")),
        {"type": "show", "lane": "a@b", "request": 1},
        {"type": "show", "lane": "a@b", "step": 1},
        {"type": "show", "request": 1, "step": 1},
    ],
)
def test_wrong_fields_are_refused_with_a_sentence(fields: dict[str, object]) -> None:
    with pytest.raises(BadMessage) as caught:
        parse_message(json.dumps(fields))
    assert str(caught.value).endswith(".")
