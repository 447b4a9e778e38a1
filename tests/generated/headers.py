"""The lines before a body: what stands in them, from a browser's to what no program sends."""

from random import Random
from typing import Final

from tests.generated.values import TOKEN, Known, encoded

FORM: Final = "application/x-www-form-urlencoded"
TYPES: Final = (
    *("text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary=", "nonsense", ""),
    *(f"{FORM}; charset={name}" for name in ("utf-16", "latin-1", "idna", "\xff", "")),
    *(f"multipart/form-data; boundary={text}" for text in ("x" * 300, '"', "é")),
)
# Headers that something on the way of a request looks at, with what may stand in them.
HEADERS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("HX-Request", ("true", "false", "1")),
    ("HX-Target", ("stage", "", "a b")),
    ("HX-Current-URL", ("http://127.0.0.1/lessons/?a=%ff", "::", "http://[", "%zz")),
    ("HX-Current-URL-URI-AutoEncoded", ("true",)),
    ("HX-Trigger", ("x", "%7b")),
    ("HX-Boosted", ("true",)),
    ("HX-History-Restore-Request", ("true",)),
    ("Triggering-Event", ("{}", "{", "[1")),
    ("Accept", ("*/*", "text/html", "application/json", "q=", ";;;,,,", "text/event-stream")),
    ("Accept-Encoding", ("gzip", "br", "gzip;q=nan", "identity;q=0", "*;q=0, \xff")),
    ("Accept-Language", ("de", "xx-" * 300, "*;q=2")),
    ("Range", ("bytes=0-10", "bytes=-1", "bytes=9-1", "bytes=0-0,1-1", "bytes=" + "9" * 400, "x=1", "bytes=")),
    ("If-None-Match", ('"x"', "*", "W/", '"' * 300)),
    ("If-Modified-Since", ("Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 99 Xxx 9999 99:99:99 GMT", "1e99")),
    ("If-Match", ("*", '"x"')),
    ("If-Range", ("x", '"x"')),
    ("Referer", ("", "http://evil.example/", "http://[", "x")),
    ("Origin", ("null", "http://evil.example", "http://[", "", "http://127.0.0.1:99999")),
    ("Sec-Fetch-Site", ("same-origin", "cross-site", "none", "")),
    ("Idempotency-Key", ("k" * 20, "k" * 100, "é" * 20, "")),
    ("X-CSRFToken", (TOKEN, "t" * 64, "short", "\xff" * 32)),
    ("X-Requested-With", ("XMLHttpRequest",)),
    ("X-Forwarded-Proto", ("https", "http", "gopher")),
    ("X-Forwarded-Host", ("evil.example", "[", "")),
    ("X-Forwarded-Port", ("443", "x")),
    ("X-HTTP-Method-Override", ("DELETE", "\xff")),
    ("Daphne-Root-Path", ("/elsewhere", "%ff", "\xff", "//evil.example")),
    ("Upgrade", ("h2c", "websockets", "")),
    ("Expect", ("100-continue", "x")),
    ("Connection", ("close", "keep-alive", "Upgrade", "x, y")),
    ("Transfer_Encoding", ("chunked",)),
    ("Content-Encoding", ("gzip", "x")),
    ("Purpose", ("prefetch",)),
    ("Authorization", ("Basic x", "Bearer " + "x" * 500, "\xff")),
    ("User-Agent", ("", "x" * 4000, "\xff", "%n")),
    ("X-Long", ("x" * 9000,)),
    ("X-\xff", ("x",)),
    ("X Space", ("x",)),
    ("", ("x",)),
)
HOSTS: Final = ("evil.example", "", "[", "127.0.0.1:x", "127.0.0.1:99999", "localhost", "\xff", "a" * 300, "a,b")
# Few, so that the limits of an address are met.
ADDRESSES: Final = ("192.0.2.1, 192.0.2.2", "fe80::1%eth0", "\xff", ",")
ROTTEN: Final = ("learner=x", "learner=a:b:c", "learner=", "=", ";;;", "csrftoken=x", 'a="\\777"', "sessionid=x")
LENGTHS: Final = ("-1", "abc", "1, 2", "+5", "9" * 30, "0x5", "", "65537", "99999999")


def cookies(dice: Random, known: Known, *, looks: bool) -> list[tuple[str, str]]:
    """A header with what a browser of some learner sends, or with what none does. Staff only looks."""
    jar = [f"csrftoken={TOKEN}"] if dice.random() < 0.95 else []
    if dice.random() < 0.7:
        jar.append(known.cookies[0] if dice.random() < 0.6 else dice.choice(known.cookies))
    if looks and dice.random() < 0.5:
        jar.append(known.staff)
    if dice.random() < 0.1:
        jar.append(dice.choice(ROTTEN))
    if dice.random() < 0.03:
        jar.append("a=" + dice.choice(("x" * 8000, "é", "\xff", "\x7f")))
    return [("Cookie", "; ".join(jar))] if jar else []


def some_headers(dice: Random) -> list[tuple[str, str]]:
    """None to three that matter to somebody, and where the request claims to come from."""
    found = []
    for _ in range(dice.choice((0, 0, 0, 1, 1, 2, 3))):
        name, values = dice.choice(HEADERS)
        found.append((name, dice.choice(values)))
    if dice.random() < 0.3:
        found.append(("X-Forwarded-For", dice.choice(ADDRESSES)))
    return found


def head(first: str, headers: list[tuple[str, str]]) -> bytes:
    """The lines before a body; a character stands for the byte of its number, others are encoded."""
    lines = [first, *(f"{name}: {text}" for name, text in headers)]
    return b"".join(_line(each) + b"\r\n" for each in lines) + b"\r\n"


def _line(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return encoded(text)
