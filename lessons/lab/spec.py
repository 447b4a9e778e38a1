"""The validated wish of a run: which lanes, how many requests, how long each waits."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, get_args

ServerName = Literal["waitress", "daphne", "daphne-ordinary"]
SERVERS: Final[tuple[ServerName, ...]] = get_args(ServerName)
POOLED: Final[tuple[ServerName, ...]] = ("waitress",)  # have a pool of threads; the others a loop
ORDINARY: Final[tuple[ServerName, ...]] = ("daphne-ordinary",)  # run an ordinary project; the others a bare one

MIN_REQUESTS, MAX_REQUESTS = 1, 100
MIN_WAIT, MAX_WAIT = 0.1, 3.0  # seconds
MIN_WORKERS, MAX_WORKERS = 1, 16
MAX_EVERY = 0.5  # seconds
MAX_LANES = 4


class SpecError(ValueError):
    """A spec that cannot be run. `field` names what to correct, `code` is stable."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.code = code


@dataclass(frozen=True, slots=True)
class LaneSpec:
    """One sample on one server."""

    sample: str  # id of a sample of the lesson
    server: ServerName

    @property
    def lane(self) -> str:
        """The lane's name in events and on the command line: `SAMPLE@SERVER`."""
        return f"{self.sample}@{self.server}"

    @classmethod
    def parse(cls, lane: str) -> "LaneSpec":
        """The inverse of `lane`, which is also the id of a lesson's lane. Raises `SpecError` for an unknown server."""
        sample, _, server = lane.partition("@")
        return cls(sample, server_name(server))


@dataclass(frozen=True, slots=True)
class RunSpec:
    """What one press of Send asks for. Always valid: building a bad one raises `SpecError`."""

    lesson: str  # slug
    lanes: tuple[LaneSpec, ...]
    requests: int = 10  # of each lane
    wait: float = 1.0  # seconds the upstream takes to answer
    workers: int = 1  # threads of a WSGI lane
    every: float = 0.0  # seconds between two requests of a lane; 0: all are sent at once

    def __post_init__(self) -> None:
        _within("requests", self.requests, MIN_REQUESTS, MAX_REQUESTS, whole=True)
        _within("wait", self.wait, MIN_WAIT, MAX_WAIT)
        _within("workers", self.workers, MIN_WORKERS, MAX_WORKERS, whole=True)
        _within("every", self.every, 0, MAX_EVERY)
        if not self.lanes:
            raise SpecError("lanes", "no-lane", "Choose at least one lane.")
        if len(self.lanes) > MAX_LANES:
            raise SpecError("lanes", "too-many-lanes", f"Choose at most {MAX_LANES} lanes.")
        if len(set(self.lanes)) < len(self.lanes):
            raise SpecError("lanes", "repeated-lane", "Choose each lane once.")

    def as_data(self) -> dict[str, Any]:
        """Plain data for an event or a child process; `from_data` is its inverse."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "RunSpec":
        """Rebuild a spec from `as_data`; anything else raises `SpecError`."""
        try:
            lanes = tuple(LaneSpec(str(lane["sample"]), server_name(lane["server"])) for lane in data["lanes"])
            return cls(
                str(data["lesson"]), lanes, data["requests"], data["wait"], data["workers"], data.get("every", 0.0)
            )
        except (KeyError, TypeError) as error:
            raise SpecError("spec", "malformed", f"This is not a run's spec: {error!r}.") from None


def server_name(name: object) -> ServerName:
    """The name, known to be that of a server. Raises `SpecError`."""
    for known in SERVERS:
        if name == known:
            return known
    raise SpecError("lanes", "unknown-server", f"There is no server {name!r}; choose one of {', '.join(SERVERS)}.")


def _within(field: str, value: object, low: float, high: float, *, whole: bool = False) -> None:
    kinds = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
        noun = "a whole number" if whole else "a number"
        raise SpecError(field, "out-of-range", f"{field.capitalize()} must be {noun} from {low} to {high}.")
