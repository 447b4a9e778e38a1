"""Everything the site takes from the environment, read once, each value checked.

A variable that is missing or empty has its default. A bad one stops the start with its name, the value
and what is allowed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

ROOT: Final = Path(__file__).resolve().parent.parent
LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
HOST: Final = re.compile(r"\*|\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?|\[[0-9A-Fa-f:.]+\]")


class BadEnvironment(ValueError):
    """An environment variable has a value that is not allowed."""

    def __init__(self, name: str, value: str, allowed: str) -> None:
        shown = "(not shown)" if name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL") else repr(value)
        super().__init__(f"The environment variable {name} has the value {shown}. Allowed: {allowed}.")
        self.name = name


@dataclass(frozen=True, slots=True)
class Database:
    """Where the tables are, in Django's terms."""

    engine: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""


@dataclass(frozen=True, slots=True)
class Environment:
    """The site's whole configuration. One field per variable of the same name in capitals."""

    debug: bool
    secret_key: str  # empty: generated into data_dir at first start
    allowed_hosts: tuple[str, ...]
    csrf_trusted_origins: tuple[str, ...]
    data_dir: Path  # absolute; database, key, collected static files
    database_url: Database
    redis_url: str  # empty: the event log is kept in memory
    secure: bool  # HTTPS in front: redirect to it, HSTS, secure cookies, trust X-Forwarded-Proto
    host: str  # where to listen
    port: int  # 0: a free one
    lab_max_runs: int  # at once, of this process
    lab_max_queue: int  # runs that may wait
    lab_time_box: float  # seconds a run may take
    run_ttl: float  # seconds the event log keeps an ended run, which the archive has by then
    archive_days: int  # an ended run is kept
    archive_max_runs: int  # kept at once
    log_level: str


def read(environ: Mapping[str, str]) -> Environment:
    """The configuration that `environ` asks for. Raises `BadEnvironment` for the first bad value."""
    given = {name: environ.get(name, "").strip() or default for name, (default, _, _) in VARIABLES.items()}
    values: dict[str, Any] = {}
    for name, (_, parse, allowed) in VARIABLES.items():
        try:
            values[name.lower()] = parse(given[name])
        except ValueError:
            raise BadEnvironment(name, given[name], allowed) from None
    if not given["DATABASE_URL"]:
        values["database_url"] = Database("django.db.backends.sqlite3", str(values["data_dir"] / "db.sqlite3"))
    return Environment(**values)


def _switch(text: str) -> bool:
    return {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}[
        _known(text.lower(), ("1", "true", "yes", "on", "0", "false", "no", "off"))
    ]


def _known(text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise ValueError(text)
    return text


def _secret(text: str) -> str:
    if text and len(text) < 32:
        raise ValueError("too short")
    return text


def _listed(one: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    return lambda text: tuple(one(each.strip()) for each in text.split(",") if each.strip())


def _host(text: str) -> str:
    if not HOST.fullmatch(text):
        raise ValueError(text)
    return text


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query:
        raise ValueError(text)
    return text


def _folder(text: str) -> Path:
    path = Path(text).expanduser()
    path = path if path.is_absolute() else Path.cwd() / path
    if path.exists() and not path.is_dir():
        raise ValueError(text)
    return path


def _database(text: str) -> Database | None:
    parts = urlsplit(text)
    if not text:
        return None
    if parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1:
        return Database("django.db.backends.sqlite3", unquote(parts.path))
    if parts.scheme in ("postgres", "postgresql") and len(parts.path) > 1:
        port = "" if parts.port is None else str(parts.port)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return Database(
            "django.db.backends.postgresql",
            unquote(parts.path[1:]),
            user,
            password,
            unquote(parts.hostname or ""),
            port,
        )
    raise ValueError("not a database")


def _redis(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("redis", "rediss", "unix") or not (parts.netloc or parts.path)):
        raise ValueError("not Redis")
    return text


def _number[N: (int, float)](kind: Callable[[str], N], low: N, high: N) -> Callable[[str], N]:
    def parse(text: str) -> N:
        number = kind(text)
        if not low <= number <= high:
            raise ValueError(text)
        return number

    return parse


def _listen_host(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z.:-]+", text):
        raise ValueError(text)
    return text


# name -> default, how it is read, what is allowed
VARIABLES: Final[Mapping[str, tuple[str, Callable[[str], Any], str]]] = {
    "DEBUG": ("0", _switch, "1 or 0"),
    "SECRET_KEY": ("", _secret, "at least 32 characters, or empty for a key generated into DATA_DIR"),
    "ALLOWED_HOSTS": ("localhost,127.0.0.1,[::1]", _listed(_host), "host names without port, parted by commas"),
    "CSRF_TRUSTED_ORIGINS": ("", _listed(_origin), "origins such as https://example.org, parted by commas"),
    "DATA_DIR": (str(ROOT / "data"), _folder, "a folder, or one that can be made"),
    "DATABASE_URL": ("", _database, "sqlite:///path or postgres://user:password@host:port/name, or empty for SQLite"),
    "REDIS_URL": ("", _redis, "redis://host:port/number, rediss://…, unix://path, or empty for memory"),
    "SECURE": ("0", _switch, "1 or 0"),
    "HOST": ("127.0.0.1", _listen_host, "an address to listen on, such as 127.0.0.1 or 0.0.0.0"),
    "PORT": ("8000", _number(int, 0, 65535), "a whole number from 0 to 65535; 0 takes a free port"),
    "LAB_MAX_RUNS": ("16", _number(int, 1, 1000), "a whole number from 1 to 1000"),
    "LAB_MAX_QUEUE": ("64", _number(int, 0, 10000), "a whole number from 0 to 10000"),
    "LAB_TIME_BOX": ("30", _number(float, 1, 600), "seconds from 1 to 600"),
    "RUN_TTL": ("3600", _number(float, 600, 31536000), "seconds from 600 to 31536000"),
    "ARCHIVE_DAYS": ("90", _number(int, 1, 36500), "a whole number from 1 to 36500"),
    "ARCHIVE_MAX_RUNS": ("10000", _number(int, 1, 10_000_000), "a whole number from 1 to 10000000"),
    "LOG_LEVEL": ("INFO", lambda text: _known(text.upper(), LOG_LEVELS), ", ".join(LOG_LEVELS)),
}

assert [each.name.upper() for each in fields(Environment)] == list(VARIABLES)
