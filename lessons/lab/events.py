"""What happened in a run: a closed set of frozen dataclasses, and their plain form.

An `Event` is an envelope around one body. Times are seconds since the run began, read from the
machine's monotonic clock, which all processes of a run share. Lane "" and request 0 mean "the run as
a whole" and "the lane as a whole".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, ClassVar, Final, Literal

from lessons.lab.strict import is_number, is_whole, misfit_field
from lessons.text import short_repr

Plain = Any  # JSON-able: None, bool, int, float, str, list, dict with str keys
Outcome = Literal["done", "cancelled", "timed_out", "failed"]
MAX_PREDICTION: Final = 3600.0  # seconds


class EventError(ValueError):
    """A record that is not an event of the closed set."""


@dataclass(frozen=True, slots=True)
class Body:
    """Base of everything that can happen."""

    kind: ClassVar[str]


# The run


@dataclass(frozen=True, slots=True)
class RunCreated(Body):
    """A spec was accepted. Always the first event of a run."""

    kind: ClassVar[str] = "run.created"
    spec: Mapping[str, Plain]  # RunSpec.as_data()
    owner: str = ""  # hash that lets the learner who sent it cancel it; "" for nobody


@dataclass(frozen=True, slots=True)
class PredictionMade(Body):
    """What the learner expected before sending. Right behind `run.created`, if at all."""

    kind: ClassVar[str] = "prediction.made"
    lane: str  # SAMPLE@SERVER
    seconds: float  # that the lane would take in all; 0 to MAX_PREDICTION

    def __post_init__(self) -> None:
        number = isinstance(self.seconds, int | float) and not isinstance(self.seconds, bool)
        if not isinstance(self.lane, str) or not number or not 0 <= self.seconds <= MAX_PREDICTION:
            raise ValueError(f"a prediction is a lane and 0 to {MAX_PREDICTION:.0f} seconds")


@dataclass(frozen=True, slots=True)
class RunQueued(Body):
    """The lab is full; the run waits for its turn."""

    kind: ClassVar[str] = "run.queued"
    place: int  # 1 is next
    seconds: float | None = None  # until it is expected to begin; None: not known


@dataclass(frozen=True, slots=True)
class RunStarted(Body):
    """The lab began to start the run's processes. Time 0 of the run."""

    kind: ClassVar[str] = "run.started"
    at: float  # seconds since the Unix epoch, by the machine's wall clock
    time_box: float  # seconds after which the lab ends the run
    python: str
    django: str
    load: float | None = None  # processes of the machine that wanted to run, averaged over a minute; None: not known
    cores: int | None = None  # of the machine


@dataclass(frozen=True, slots=True)
class LoadStarted(Body):
    """Every lane is ready; the driver opens its requests now. The zero of the lanes' clocks."""

    kind: ClassVar[str] = "load.started"


@dataclass(frozen=True, slots=True)
class ClockTicked(Body):
    """The driver's beat, and the lab's until the load begins: nothing happened, but time has passed."""

    kind: ClassVar[str] = "clock.ticked"


@dataclass(frozen=True, slots=True)
class CancelRequested(Body):
    """The learner asked to stop."""

    kind: ClassVar[str] = "cancel.requested"


@dataclass(frozen=True, slots=True)
class ProcessDied(Body):
    """A process of the run that is not a lane ended before its work was done."""

    kind: ClassVar[str] = "process.died"
    process: str  # "driver" or "upstream"
    exit_code: int  # negative: the signal's number


@dataclass(frozen=True, slots=True)
class RunEnded(Body):
    """Every process of the run is gone. Always the last event of a run."""

    kind: ClassVar[str] = "run.ended"
    outcome: Outcome
    reason: str = ""  # one plain sentence unless done
    lanes: Mapping[str, Plain] = field(default_factory=dict)  # lane -> {total, done, failed}, seconds and counts


# The lane


@dataclass(frozen=True, slots=True)
class LaneStarted(Body):
    """The lane's server listens."""

    kind: ClassVar[str] = "lane.started"
    server: str  # "waitress" or "daphne"
    version: str  # of the server
    interface: str  # "WSGI" or "ASGI"
    capacity: int  # requests the server can run Python code for at once: worker threads, or 1 event loop
    pid: int


@dataclass(frozen=True, slots=True)
class LaneDone(Body):
    """The driver has an answer, or a failure, for every request of the lane."""

    kind: ClassVar[str] = "lane.done"
    total: float  # seconds from the first request sent to the last answer
    done: int
    failed: int
    mean: float | None = None  # seconds from a request to its answer, on average; None: nothing was answered


@dataclass(frozen=True, slots=True)
class LaneScheduled(Body):
    """What the machine gave to the lane's process while its requests were under way. Right before `lane.done`."""

    kind: ClassVar[str] = "lane.scheduled"
    ran: float  # seconds that its threads ran
    waited: float  # seconds that they were ready to run, and others had the processors


@dataclass(frozen=True, slots=True)
class LaneDied(Body):
    """The lane's process ended before its requests did."""

    kind: ClassVar[str] = "lane.died"
    exit_code: int  # negative: the signal's number


@dataclass(frozen=True, slots=True)
class ProbeSent(Body):
    """The driver asked the server: could you take one more right now?"""

    kind: ClassVar[str] = "probe.sent"
    number: int  # from 1, per lane


@dataclass(frozen=True, slots=True)
class ProbeAnswered(Body):
    """The server took the probe."""

    kind: ClassVar[str] = "probe.answered"
    number: int


@dataclass(frozen=True, slots=True)
class TracerFailed(Body):
    """The tracer switched itself off; the view goes on unobserved."""

    kind: ClassVar[str] = "tracer.failed"
    reason: str


# The request, in the order in which it is lived through


@dataclass(frozen=True, slots=True)
class RequestSent(Body):
    """The driver opened the request."""

    kind: ClassVar[str] = "request.sent"


@dataclass(frozen=True, slots=True)
class RequestReceived(Body):
    """The server called Django's handler."""

    kind: ClassVar[str] = "request.received"
    thread: int  # native id of the thread it was called in


@dataclass(frozen=True, slots=True)
class ViewResolved(Body):
    """Django found the view."""

    kind: ClassVar[str] = "view.resolved"
    coroutine: bool  # is the view a coroutine function?


@dataclass(frozen=True, slots=True)
class ViewStarted(Body):
    """The first instruction of the view runs."""

    kind: ClassVar[str] = "view.started"
    thread: int
    locals: Mapping[str, Plain] = field(default_factory=dict)  # name -> bounded text of the value


@dataclass(frozen=True, slots=True)
class LineReached(Body):
    """A line of the view is about to run."""

    kind: ClassVar[str] = "line.reached"
    line: int  # in the sample's file, from 1
    locals: Mapping[str, Plain] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FetchCalled(Body):
    """`fetch_data()` was entered."""

    kind: ClassVar[str] = "fetch.called"


@dataclass(frozen=True, slots=True)
class ViewSuspended(Body):
    """The view gave the event loop back: a real suspension."""

    kind: ClassVar[str] = "view.suspended"


@dataclass(frozen=True, slots=True)
class ViewResumed(Body):
    """The event loop went on with the view."""

    kind: ClassVar[str] = "view.resumed"


@dataclass(frozen=True, slots=True)
class FetchReturned(Body):
    """`fetch_data()` returned."""

    kind: ClassVar[str] = "fetch.returned"
    value: Plain = None  # bounded text


@dataclass(frozen=True, slots=True)
class FetchRaised(Body):
    """`fetch_data()` ended without a value: it was cancelled, by a time limit or by who awaited it, or it failed."""

    kind: ClassVar[str] = "fetch.raised"
    error: str  # name of the exception's type: "CancelledError"


@dataclass(frozen=True, slots=True)
class ViewReturned(Body):
    """The view returned."""

    kind: ClassVar[str] = "view.returned"
    value: Plain = None
    locals: Mapping[str, Plain] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ViewRaised(Body):
    """The view ended with an exception."""

    kind: ClassVar[str] = "view.raised"
    error: str  # name of the exception's type
    message: str


@dataclass(frozen=True, slots=True)
class ResponseSent(Body):
    """The last byte of the body was handed to the server."""

    kind: ClassVar[str] = "response.sent"
    status: int
    threads: int | None = None  # of the lane's process just then


@dataclass(frozen=True, slots=True)
class RequestHandled(Body):
    """Django's handler has finished and the response is closed."""

    kind: ClassVar[str] = "request.handled"
    hops: int | None = None  # how often the request was handed to another thread; None: WSGI, where it has one


@dataclass(frozen=True, slots=True)
class ResponseReceived(Body):
    """The driver has the whole response: the request is done."""

    kind: ClassVar[str] = "response.received"
    status: int
    size: int  # bytes of the body
    first: float | None = None  # seconds from the request to the first of them; None: there are none, or an old run


@dataclass(frozen=True, slots=True)
class RequestFailed(Body):
    """The driver will not get a response."""

    kind: ClassVar[str] = "request.failed"
    reason: str


KINDS: Final[Mapping[str, type[Body]]] = MappingProxyType({body.kind: body for body in Body.__subclasses__()})


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `seq` is given by the event log, dense from 1; 0 means not logged yet."""

    t: float  # seconds since the run began
    body: Body
    lane: str = ""  # SAMPLE@SERVER
    request: int = 0  # from 1
    seq: int = 0

    @property
    def kind(self) -> str:
        """What happened, in one word: the kind of the body."""
        return self.body.kind

    def as_record(self) -> dict[str, Plain]:
        """The event as plain data: seq, t, lane, request, kind, data."""
        data = {each.name: getattr(self.body, each.name) for each in fields(self.body)}
        return {
            "seq": self.seq,
            "t": self.t,
            "lane": self.lane,
            "request": self.request,
            "kind": self.kind,
            "data": data,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Plain]) -> "Event":
        """The inverse of `as_record`. Raises `EventError` on anything that is not an event."""
        try:
            kind, data = KINDS[record["kind"]], record["data"]
            if name := misfit_field(kind, data):
                raise ValueError(f"{name} of {kind.kind} must not be {short_repr(data[name])}")
            event = cls(record["t"], kind(**data), record["lane"], record["request"], record["seq"])
        except ValueError as error:
            raise EventError(f"not an event: {error}") from None
        except (KeyError, TypeError) as error:
            raise EventError(f"not an event: {error!r}") from None
        if not (is_number(event.t) and type(event.lane) is str and is_whole(event.request) and is_whole(event.seq)):
            raise EventError("not an event: t, lane, request or seq is no time, name or number")
        return event
