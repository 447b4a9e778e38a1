"""How the text of an environment variable is read, and what is allowed in it."""

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

HOST_NAME: Final = re.compile(r"\*|\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?|\[[0-9A-Fa-f:.]+\]")
ORIGIN: Final = re.compile(r"https?://(\*\.)?([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
CONTACT: Final = re.compile(r"mailto:[^\s@]+@[A-Za-z0-9.-]+|https://[^\s/]+\S*|tel:\+[0-9-]+")
SHORTEST_KEY: Final = 32  # characters
ON: Final = ("1", "true", "yes", "on")
OFF: Final = ("0", "false", "no", "off")


@dataclass(frozen=True, slots=True)
class Format[T]:
    """One way to read a text: what comes of it, and the words that tell what may stand in it."""

    parse: Callable[[str], T]  # raises ValueError for what is not allowed
    allowed: str  # goes behind "Allowed:", without a full stop


@dataclass(frozen=True, slots=True)
class Database:
    """Where the tables are, in Django's terms."""

    engine: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""


def sqlite(path: str) -> Database:
    """The database in the file `path`."""
    return Database("django.db.backends.sqlite3", path)


def whole(low: int, high: int) -> Format[int]:
    """A whole number from `low` to `high`."""
    return Format(_between(int, low, high), f"a whole number from {low} to {high}")


def seconds(low: int, high: int) -> Format[float]:
    """A time from `low` to `high` seconds."""
    return Format(_between(float, low, high), f"seconds from {low} to {high}")


def number(low: int, high: int) -> Format[float]:
    """A number from `low` to `high`."""
    return Format(_between(float, low, high), f"a number from {low} to {high}")


def one_of(words: Sequence[str]) -> Format[str]:
    """One of `words`, which are in capitals; small letters will do."""
    return Format(lambda text: words[words.index(text.upper())], ", ".join(words))


def _between[N: (int, float)](kind: Callable[[str], N], low: int, high: int) -> Callable[[str], N]:
    def parse(text: str) -> N:
        number = kind(text)
        _demand(low <= number <= high)
        return number

    return parse


def _demand(holds: object) -> None:
    if not holds:
        raise ValueError


def _switch(text: str) -> bool:
    _demand(text.lower() in ON + OFF)
    return text.lower() in ON


def _secret(text: str) -> str:
    _demand(not text or len(text) >= SHORTEST_KEY)
    return text


def _parted(text: str, one: re.Pattern[str]) -> tuple[str, ...]:
    found = tuple(each.strip() for each in text.split(",") if each.strip())
    _demand(all(one.fullmatch(each) for each in found))
    return found


def _hosts(text: str) -> tuple[str, ...]:
    found = _parted(text, HOST_NAME)
    _demand(found)  # a site without a host would refuse everybody
    return found


def _folder(text: str) -> Path:
    try:
        path = Path.cwd() / Path(text).expanduser()
    except RuntimeError:  # ~nobody-we-know
        raise ValueError from None
    there = next(each for each in (path, *path.parents) if os.path.exists(each))  # Path.exists() may raise
    _demand(there.is_dir() and os.access(there, os.W_OK | os.X_OK))
    return path


def _database(text: str) -> Database | None:
    if not text:
        return None
    parts = urlsplit(text)
    _demand(len(parts.path) > 1 and not parts.query and not parts.fragment)
    if parts.scheme == "sqlite":
        _demand(not parts.netloc)
        return sqlite(unquote(parts.path))
    _demand(parts.scheme in ("postgres", "postgresql"))
    return _postgresql(parts)


def _postgresql(parts: SplitResult) -> Database:
    return Database(
        engine="django.db.backends.postgresql",
        name=unquote(parts.path[1:]),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=unquote(parts.hostname or ""),
        port="" if parts.port is None else str(parts.port),
    )


def _redis(text: str) -> str:
    parts = urlsplit(text)
    number = parts.path.removeprefix("/")
    if parts.scheme in ("redis", "rediss"):
        _demand(parts.hostname and parts.port != 0 and (not number or number.isdecimal()))
    else:
        _demand(not text or (parts.scheme == "unix" and number))
    return text


def _address(text: str) -> str:
    _demand(re.fullmatch(r"[0-9A-Za-z.:-]+", text))
    return text


def _contacts(text: str) -> tuple[str, ...]:
    return _parted(text, CONTACT)


SWITCH: Final = Format(_switch, "1 or 0")
SECRET: Final = Format(_secret, f"at least {SHORTEST_KEY} characters, or empty for a key generated into DATA_DIR")
HOSTS: Final = Format(_hosts, "host names without port, separated by commas")
ORIGINS: Final = Format(
    lambda text: _parted(text, ORIGIN), "origins such as https://example.org, without a path, separated by commas"
)
FOLDER: Final = Format(_folder, "a folder that can be written to, or one that can be made")
DATABASE: Final = Format(_database, "sqlite:///path or postgres://user:password@host:port/name, or empty for SQLite")
REDIS: Final = Format(_redis, "redis://host:port/number, rediss://…, unix://path, or empty for memory")
CONTACTS: Final = Format(
    _contacts, "mailto:somebody@example.org, https://… or tel:+…, parted by commas, or empty for no security.txt"
)
ADDRESS: Final = Format(_address, "an address to listen on, such as 127.0.0.1 or 0.0.0.0")
