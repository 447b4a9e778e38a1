"""HTTP requests out of a seeded grammar: from those that a page of the site sends to those that nothing does."""

from dataclasses import dataclass
from random import Random
from typing import Final
from urllib.parse import quote_from_bytes

from tests.generated.headers import FORM, HOSTS, LENGTHS, TYPES, cookies, head, some_headers
from tests.generated.routes import PARAMETER, page_routes, staff_routes
from tests.generated.values import TOKEN, Known, encoded, strange, value_for
from tests.visiting import TOKEN_FIELD

OTHERS: Final = ("PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "NONSENSE")
METHODS: Final = ("GET",) * 8 + ("POST",) * 8 + ("HEAD",) * 2 + OTHERS
BOUNDARY: Final = "a-boundary"
FILES: Final = ("", "", '; filename="a.txt"', '; filename="../../x\0"', "; filename*=UTF-8''%ff", '; filename="')
PARTS: Final = ("", "\r\nContent-Type: text/plain; charset=nonsense", "\r\nContent-Transfer-Encoding: base64")


@dataclass(frozen=True, slots=True)
class Request:
    """What goes over the wire."""

    raw: bytes
    last: bool = False  # nothing can follow on its connection, since it does not say truly where it ends
    answered: bool = True  # the site knows that it has got all of it

    @property
    def method(self) -> str:
        """By which one knows whether a body follows."""
        return self.raw.split(b" ", 1)[0].decode("latin-1")


def request(dice: Random, known: Known) -> Request:
    """Any request."""
    method = dice.choice(METHODS)
    route = dice.choice(staff_routes() if dice.random() < 0.2 else page_routes())
    headers: list[tuple[str, str]] = [("Host", dice.choice(HOSTS) if dice.random() < 0.02 else known.host)]
    headers += cookies(dice, known, looks=method in ("GET", "HEAD"))
    if dice.random() < 0.4:
        headers.append(("HX-Request", "true"))
    if dice.random() < 0.6 and method not in ("GET", "HEAD"):
        headers.append(("X-CSRFToken", TOKEN))
    headers += some_headers(dice)
    kind, body = _body(dice, known) if method in ("POST", "PUT", "PATCH", "NONSENSE") else ("", b"")
    if kind or body:
        headers.append(("Content-Type", dice.choice(TYPES) if dice.random() < 0.05 else kind))
    return _framed(dice, f"{method} {target(dice, known, route)} HTTP/1.1", headers, body)


def target(dice: Random, known: Known, route: str) -> str:
    """A path and perhaps a query, in ASCII; rarely something else."""
    valid = 0.95 if dice.random() < 0.75 else 0.4
    path = PARAMETER.sub(lambda match: _quoted(value_for(dice, known, match[1], valid), dice), route)
    if dice.random() < 0.03:
        path = dice.choice((path + "/", path[:-1], path.upper(), f"/{path}", f"{path}%00%ff", "*", f"http://x{path}"))
    if dice.random() < 0.5:
        path += "?" + _pairs(dice, known, dice.choice((1, 1, 2, 3, 6)))
    return path[:60_000]


def _quoted(text: str, dice: Random) -> str:
    return quote_from_bytes(encoded(text[: dice.choice((40, 300, 4000))]), safe="@.-_~:+")


def _pairs(dice: Random, known: Known, many: int, first: tuple[str, ...] = ()) -> str:
    """Fields as a form and a query carry them."""
    pairs = list(first)
    for _ in range(many):
        name = dice.choice(known.fields) if dice.random() < 0.9 else strange(dice, known)[:300]
        if dice.random() < 0.15:
            name += dice.choice(("-1", "-2", "-10", "-99999999999999999999", "[]", "\0", "-\u0661"))
        pairs.append(f"{_quoted(name, dice)}={quote_from_bytes(encoded(value_for(dice, known, name)))}")
    if dice.random() < 0.2:
        pairs.append(dice.choice(("=", "&&", "a", "%", "%zz=%", "a=%ff%fe", "=x", "a=b=c", "a=%00")))
    return "&".join(pairs)


def _body(dice: Random, known: Known) -> tuple[str, bytes]:
    """A content type, and what is or is not of that type."""
    kind = dice.random()
    token = (f"{TOKEN_FIELD}={TOKEN}",) if dice.random() < 0.9 else ()
    if kind < 0.25:  # every field of the site, as far as a form may have so many
        filled = [f"{name}={quote_from_bytes(encoded(value_for(dice, known, name, 0.85)))}" for name in known.fields]
        return FORM, "&".join([*(each for each in filled if len(each) < 3000), *token]).encode()
    if kind < 0.75:
        return FORM, _pairs(dice, known, dice.choice((0, 1, 2, 4, 8, 120)), token).encode()
    if kind < 0.92:
        return f"multipart/form-data; boundary={BOUNDARY}", _parts(dice, known)
    if kind < 0.96:
        return "application/json", dice.choice((b'{"option": 1}', b"[" * 20_000, b"{", b"\xff", b"NaN"))
    return FORM, dice.randbytes(dice.choice((1, 100, 3000)))


def _parts(dice: Random, known: Known) -> bytes:
    """A form in parts, with files."""
    lines = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{TOKEN_FIELD}"\r\n\r\n{TOKEN}\r\n'.encode()]
    for _ in range(dice.choice((1, 2, 5, 110))):
        name = dice.choice(known.fields)
        file, more = dice.choice(FILES), dice.choice(PARTS)
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}{more}\r\n\r\n'
        lines.append(encoded(head) + encoded(value_for(dice, known, name)) + b"\r\n")
    end = dice.choice((f"--{BOUNDARY}--\r\n",) * 6 + ("", f"--{BOUNDARY}", "--", "\0"))
    return b"".join([*lines, end.encode()])


def _framed(dice: Random, first: str, headers: list[tuple[str, str]], body: bytes) -> Request:
    """The request, with what tells where it ends: in most cases truly."""
    kind = dice.random()
    if kind < 0.93:
        if body or first.startswith("POST"):
            headers.append(("Content-Length", str(len(body))))
        return Request(head(first, headers) + body, last=len(body) > 65_536)
    if kind < 0.96:
        cut = dice.randrange(len(body) + 1)
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in (body[:cut], body[cut:]) if each)
        return Request(head(first, [*headers, ("Transfer-Encoding", "chunked")]) + chunks + b"0\r\n\r\n", last=True)
    if kind < 0.98:
        text = dice.choice(LENGTHS)
        return Request(head(first, [*headers, ("Content-Length", text)]) + body, last=True, answered=False)
    if kind < 0.99:
        wrong = head(first, [*headers, ("Transfer-Encoding", dice.choice(("x", "chunked, chunked", "gzip", "\xff")))])
        return Request(wrong + body, last=True, answered=False)
    whole = head(first, headers) + body
    return Request(whole[: dice.randrange(1, len(whole))], last=True, answered=False)
