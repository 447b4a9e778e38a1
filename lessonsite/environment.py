"""Everything the site takes from the environment, read once, each value checked.

A variable that is missing or empty has its default; a secret may stand in a file (`lessonsite/secret_files.py`).
Bad values, values that contradict each other and names that look like a variable of ours stop the start, all of them
told at once, each in one line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from lessonsite import formats, lookalikes, secret_files
from lessonsite.formats import Database, Format

ROOT: Final = Path(__file__).resolve().parent.parent
LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOG_FORMATS: Final = ("LINE", "JSON")
YEAR: Final = 31_536_000  # seconds; browsers' lists of sites to preload take no less
SHOWN: Final = 80  # characters of a bad value


class BadEnvironment(ValueError):
    """The environment asks for what cannot be. Its text has one line per fault, and no secret value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Variable:
    """What is known of an environment variable beside its name."""

    default: str  # as it would stand in the environment
    format: Format[Any]
    secret: bool  # its value is never shown
    common: bool  # a word that other programs use: names like it are not taken for ours


def variable[T](default: str, format: Format[T], *, secret: bool = False, common: bool = False) -> T:
    """A field of `Environment`; the variable has the field's name in capitals."""
    value: T = field(repr=not secret, metadata={"variable": Variable(default, format, secret, common)})
    return value


@dataclass(frozen=True, slots=True)
class Environment:
    """The site's whole configuration. Each field is an environment variable; README.md says what it is for."""

    debug: bool = variable("0", formats.SWITCH, common=True)
    secret_key: str = variable("", formats.SECRET, secret=True)  # empty: see lessonsite/secret.py
    allowed_hosts: tuple[str, ...] = variable("localhost,127.0.0.1,[::1]", formats.HOSTS)
    csrf_trusted_origins: tuple[str, ...] = variable("", formats.ORIGINS)
    data_dir: Path = variable(str(ROOT / "data"), formats.FOLDER)  # noqa: RUF009  # absolute
    database_url: Database | None = variable("", formats.DATABASE, secret=True)  # noqa: RUF009  # use `database`
    database_connections: int = variable("16", formats.whole(1, 1000))  # at once, to PostgreSQL
    redis_url: str = variable("", formats.REDIS, secret=True)  # empty: the event log is kept in memory
    secure: bool = variable("0", formats.SWITCH, common=True)  # HTTPS in front, told by X-Forwarded-Proto
    proxies: int = variable("0", formats.whole(0, 9), common=True)  # in front, that add to X-Forwarded-For
    hsts_seconds: int = variable("3600", formats.whole(0, 2 * YEAR))  # with `secure`; 0: no HSTS
    hsts_subdomains: bool = variable("0", formats.SWITCH)
    hsts_preload: bool = variable("0", formats.SWITCH)
    drain_seconds: float = variable("60", formats.seconds(0, 3600))  # that runs get to end when the process is to end
    host: str = variable("127.0.0.1", formats.ADDRESS, common=True)
    port: int = variable("8000", formats.whole(0, 65535), common=True)  # 0: a free one
    connections: int = variable("4000", formats.whole(10, 1_000_000), common=True)  # open at once, of one web process
    address_connections: int = variable("1000", formats.whole(1, 1_000_000))  # of these, from one address
    request_seconds: float = variable("20", formats.seconds(1, 600))  # in which a request must be there as a whole
    lab_apart: bool = variable("0", formats.SWITCH)  # runs are carried out by lab processes, not by the web processes
    lab_max_runs: int = variable("16", formats.whole(1, 1000))  # at once, of one lab
    lab_cores: float = variable("0", formats.number(0, 1000))  # for the runs of one lab; 0: all of the machine
    lab_max_queue: int = variable("64", formats.whole(0, 10_000))  # runs that may wait
    address_runs: int = variable("240", formats.whole(1, 100_000))  # runs that one address may send in a minute
    lab_time_box: float = variable("30", formats.seconds(1, 600))  # for one run
    run_ttl: float = variable("3600", formats.seconds(600, YEAR))  # the event log keeps an ended run
    archive_days: int = variable("90", formats.whole(1, 36_500))  # an ended run is kept
    archive_max_runs: int = variable("10000", formats.whole(1, 10_000_000))  # kept at once
    forget_days: int = variable("400", formats.whole(0, 36_500))  # learners who stay away are kept; 0: for ever
    security_contact: tuple[str, ...] = variable("", formats.CONTACTS)  # for security.txt; the best one first
    metrics: bool = variable("0", formats.SWITCH, common=True)  # show /metrics
    log_format: str = variable("LINE", formats.one_of(LOG_FORMATS), common=True)
    log_level: str = variable("INFO", formats.one_of(LOG_LEVELS), common=True)

    @property
    def database(self) -> Database:
        """That of DATABASE_URL, or else the one in DATA_DIR."""
        return self.database_url or formats.sqlite(str(self.data_dir / "db.sqlite3"))


VARIABLES: Final[Mapping[str, Variable]] = {
    each.name.upper(): each.metadata["variable"] for each in fields(Environment)
}
SECRETS: Final = tuple(name for name, each in VARIABLES.items() if each.secret)
FILES: Final = tuple(map(secret_files.file_name, SECRETS))
OWN: Final = frozenset(name for name, each in VARIABLES.items() if not each.common)


def read_environment(environ: Mapping[str, str]) -> Environment:
    """The configuration that `environ` asks for. Raises `BadEnvironment` with everything that is wrong."""
    values: dict[str, Any] = {}
    known = frozenset((*VARIABLES, *FILES))
    in_files, faults = secret_files.read_files(environ, SECRETS)
    faults += [_misnamed(name, meant) for name, meant in lookalikes.among(environ, OWN, known)]
    for name, each in VARIABLES.items():
        text = in_files.get(name) or environ.get(name, "").strip() or each.default
        try:
            values[name.lower()] = each.format.parse(text)
        except ValueError:
            faults.append(_bad_value(name, text))
    if not faults:
        environment = Environment(**values)
        faults.extend(_contradictions(environment))
    if faults:
        raise BadEnvironment(faults)
    return environment


def _bad_value(name: str, text: str) -> str:
    shown = "a value that is not shown" if VARIABLES[name].secret else f"the value {_shortened(text)!r}"
    return f"The environment variable {name} has {shown}. Allowed: {VARIABLES[name].format.allowed}."


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _misnamed(name: str, meant: str) -> str:
    return (
        f"The environment variable {name} is not read. Is {meant} meant? "
        f"If {name} is another program's, set {meant}, too; empty means its default."
    )


def _contradictions(environment: Environment) -> Iterator[str]:
    if environment.lab_apart and not environment.redis_url:
        yield "LAB_APART=1 needs REDIS_URL, over which lab processes are given their runs."
    hsts = environment.secure and environment.hsts_seconds
    if environment.hsts_subdomains and not hsts:
        yield "HSTS_SUBDOMAINS=1 has no effect without SECURE=1 and HSTS_SECONDS above 0."
    if environment.hsts_preload and not (hsts >= YEAR and environment.hsts_subdomains):
        yield f"HSTS_PRELOAD=1 needs SECURE=1, HSTS_SUBDOMAINS=1 and HSTS_SECONDS of {YEAR} or more."
