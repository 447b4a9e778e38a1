"""What a browser says is understood in both of htmx's formats, and nothing else is."""

import json

import pytest

from lessons.messages import Ack, BadMessage, Hold, Message, Pin, parse

GOOD = [
    ({"type": "ack", "frame": 3}, Ack(3)),
    ({"type": "ack", "frame": "3"}, Ack(3)),
    ({"type": "pin", "lane": "sync@waitress", "request": "12"}, Pin("sync@waitress", 12)),
    ({"type": "pin", "lane": "sync@waitress", "request": 1, "csrfmiddlewaretoken": "x"}, Pin("sync@waitress", 1)),
    *(({"type": "hold", "on": on}, Hold(True)) for on in (True, 1, "1", "on", "true")),
    *(({"type": "hold", "on": on}, Hold(False)) for on in (False, 0, "0", "off", "false", "", None)),
    ({"type": "hold"}, Hold(False)),
]


@pytest.mark.parametrize(("fields", "message"), GOOD)
def test_fields_are_understood_flat_and_in_a_body(fields: dict[str, object], message: Message) -> None:
    headers = {"HX-Request": "true", "HX-Request-ID": "7"}
    assert parse(json.dumps(fields)) == message
    assert parse(json.dumps({"headers": headers, **fields})) == message
    assert parse(json.dumps({"headers": headers, "body": fields})) == message


@pytest.mark.parametrize(
    "text",
    ["", "hello", "{", "null", "3", '"ack"', "[]", '[{"type": "ack", "frame": 1}]', "[" * 60_000, "1" * 5000, "NaN"],
)
def test_what_is_not_a_json_object_is_refused(text: str) -> None:
    with pytest.raises(BadMessage, match="The server got"):
        parse(text)


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
    ],
)
def test_wrong_fields_are_refused_with_a_sentence(fields: dict[str, object]) -> None:
    with pytest.raises(BadMessage) as caught:
        parse(json.dumps(fields))
    assert str(caught.value).endswith(".")
