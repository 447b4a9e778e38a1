"""What a browser may do with a socket, out of a seeded grammar: a handshake, and messages in frames."""

import json
from dataclasses import dataclass, fields
from random import Random
from typing import Any, Final, get_args

from lessons.live import messages
from tests.generated.headers import HEADERS, TYPES, cookies, head
from tests.generated.requests import target
from tests.generated.routes import socket_routes
from tests.generated.values import Known, encoded, strange, value_for

KINDS: Final = tuple(messages._KINDS)
FIELDS: Final = ("id", *dict.fromkeys(each.name for kind in get_args(messages.Message) for each in fields(kind)))
TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9
FINAL: Final = 0x80
MASKED: Final = 0x80
KEY: Final = "AAAAAAAAAAAAAAAAAAAAAA=="  # of a handshake
# JSON that no page sends.
LITERALS: Final = (
    *("", "null", "true", "1", "NaN", "[]", "{}", '"ping"', "{", '{"type"', '{"type": null}', '{"type": ["ping"]}'),
    *("[" * 30_000, '{"a":' * 5000, "9" * 5000, " " * 60_000, "a" * 70_000, "\0", "\ufeff{}"),
    *(
        '{"type": "ping", "type": "nonsense"}',
        '{"type": "ack", "frame": -1}',
        '{"type": "ping", "id": 999999999999999}',
    ),
    *('{"type": "\\ud800"}', '{"type": "pin", "lane": "\\ud800", "request": 1}', '{"type": "scrub", "at": 1e999}'),
    '{"type": "seek", "to": ' + "9" * 4000 + "}",
)
NUMBERS: Final = (0, 1, 2, 5, -1, 1.5, 1e300, -0.0, 10**15, 10**14, 2**63, True, float("nan"), float("inf"))
HANDSHAKE: Final = {
    "Upgrade": ("websocket", "WebSocket", "websocket, x", "websocket\xff"),
    "Connection": ("keep-alive, Upgrade", "x", "close", ""),
    "Sec-WebSocket-Version": ("8", "99", "0", "x", "-1", "13, 8", "\xff", ""),
    "Sec-WebSocket-Key": ("", "x", "x" * 24, "é" * 12, f"{KEY}, {KEY}", "A" * 5000),
    "Sec-WebSocket-Protocol": ("x", "x, y", "", ",", "x, x", "\xff", "%ff", "%zz", "x y", "a" * 5000, "a\x7fb", '"'),
    "Sec-WebSocket-Extensions": ("permessage-deflate", "permessage-deflate; x=", ";", "x", "\xff", "x, " * 50),
    "Origin": ("null", "http://evil.example", "http://[", "", "\xff", "file://", "http://127.0.0.1:99999", "x" * 5000),
    "Host": ("evil.example", "", "[", "127.0.0.1:99999", "127.0.0.1:x", "\xff", "127.0.0.1"),
    "Content-Length": ("0", "-1", "x"),
}
METHODS: Final = ("POST", "HEAD", "PUT", "NONSENSE")


@dataclass(frozen=True, slots=True)
class Session:
    """A handshake, and the frames that follow when it is accepted."""

    handshake: bytes
    frames: tuple[bytes, ...]
    sound: bool  # the handshake is one of a page of the site


def session(dice: Random, known: Known) -> Session:
    """Any session."""
    headers = {
        "Host": known.host,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": KEY,
        "Origin": known.origin,
        **dict(cookies(dice, known, looks=True)),
    }
    spoilt = dice.random() < 0.5
    for _ in range(dice.choice((1, 1, 2)) if spoilt else 0):
        _spoil(dice, headers)
    method = dice.choice(METHODS) if spoilt and dice.random() < 0.1 else "GET"
    astray = dice.random() < 0.5
    path = f"/live/runs/{dice.choice(known.names['run'])}/?hold=0"
    where = target(dice, known, dice.choice(socket_routes())) if astray else path
    opening = head(f"{method} {where} HTTP/1.1", list(headers.items()))
    return Session(opening, () if spoilt else tuple(_frames(dice, known)), not spoilt and not astray)


def _spoil(dice: Random, headers: dict[str, str]) -> None:
    """One header is not what it should be."""
    kind = dice.random()
    if kind < 0.1:
        del headers[dice.choice(tuple(headers))]
    elif kind < 0.3:
        name, texts = dice.choice((*HEADERS, ("Content-Type", TYPES)))
        headers[name] = dice.choice(texts)
    else:
        name = dice.choice(tuple(HANDSHAKE))
        headers[name] = dice.choice(HANDSHAKE[name])


def _frames(dice: Random, known: Known) -> list[bytes]:
    many = dice.choice((1, 5, 20, 40, 60))
    shown = 0
    frames = []
    for _ in range(many):
        kind = dice.random()
        if kind < 0.3:  # frames are numbered from 1 on
            shown += 1
            frames.append(frame(TEXT, f'{{"type": "ack", "frame": {shown}}}'.encode()))
        elif kind < 0.9:
            frames.append(frame(TEXT, encoded(word(dice, known)), cut=dice.random() < 0.05))
        elif kind < 0.95:
            frames.append(frame(BINARY, dice.randbytes(dice.choice((0, 1, 200, 70_000)))))
        else:
            frames.append(frame(PING, dice.randbytes(dice.choice((0, 4, 125)))))
    return [*frames, _violation(dice)] if dice.random() < 0.2 else frames


def word(dice: Random, known: Known) -> str:
    """A message: of a kind and with fields that the site knows, or not."""
    if dice.random() < 0.1:
        return dice.choice(LITERALS)
    said: dict[str, Any] = {"type": dice.choice(KINDS) if dice.random() < 0.95 else strange(dice, known)[:300]}
    for name in FIELDS:
        if dice.random() < (0.2 if name == "id" else 0.8):
            said[name] = _field(dice, known, name)
    return json.dumps(said, ensure_ascii=dice.random() < 0.9)


def _field(dice: Random, known: Known, name: str) -> Any:
    kind = dice.random()
    if kind < 0.4:
        return value_for(dice, known, name, 0.9)
    if kind < 0.7:
        return dice.randrange(40)
    if kind < 0.85:
        return dice.choice(NUMBERS)
    return dice.choice((None, [], {}, [1], {"a": 1}, strange(dice, known)[:4000], "x" * 300))


def _violation(dice: Random) -> bytes:
    """What ends a connection, by the protocol or by its limits."""
    return dice.choice(
        (
            frame(CLOSE, dice.choice((b"", b"\x03\xe8", b"\x03", b"\x00\x00", b"\x03\xe8\xff\xff", b"\x0f\xa0bye"))),
            frame(TEXT, b"\xff\xfe"),
            frame(TEXT, "\ud800".encode("utf-8", "surrogatepass")),
            frame(3, b"reserved"),
            frame(PING, b"x" * 126),
            frame(0, b"goes on, and nothing has begun"),
            bytes((FINAL | 0x40 | TEXT, MASKED | 1)) + bytes(4) + b"x",  # compressed, which was not agreed
            bytes((FINAL | TEXT, 4)) + b"ping",  # not masked
            bytes((FINAL | TEXT, MASKED | 127)) + (2**63 - 1).to_bytes(8) + bytes(4),
            bytes((FINAL | TEXT, MASKED | 127)) + b"\xff" * 8 + bytes(4),
            frame(TEXT, b"a" * (1024 * 1024 + 1)),
            b"\xff" + dice.randbytes(40),
        )
    )


def frame(opcode: int, payload: bytes, *, cut: bool = False) -> bytes:
    """As a browser sends it, masked with zeros; cut into two, if asked."""
    if cut:
        half = len(payload) // 2
        return _frame(opcode, payload[:half], 0) + _frame(0, payload[half:], FINAL)
    return _frame(opcode, payload, FINAL)


def _frame(opcode: int, payload: bytes, final: int) -> bytes:
    size = len(payload)
    if size < 126:
        told = bytes((MASKED | size,))
    elif size < 65_536:
        told = bytes((MASKED | 126,)) + size.to_bytes(2)
    else:
        told = bytes((MASKED | 127,)) + size.to_bytes(8)
    return bytes((final | opcode,)) + told + bytes(4) + payload
