"""What is known of a run at one moment. Immutable, so a stage can be kept, shared and gone back to.

Named tuples: thousands of them a second are replaced by one with a changed field, which takes a dataclass five times as
long.

All times are seconds since the run began.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from lessons.content.model import Lesson
from lessons.lab.events import Outcome, Plain
from lessons.lab.spec import ORDINARY, LaneSpec, RunSpec

RunState = Literal["created", "queued", "starting", "running", "ended"]
LaneState = Literal["starting", "ready", "running", "done", "died"]
RequestState = Literal["idle", "queued", "running", "waiting", "ready", "done", "failed", "cancelled"]

BLOCK = 0.050  # seconds a probe may take before the server counts as blocked


class Span(NamedTuple):
    """A stretch of time; `end` None: it goes on."""

    start: float
    end: float | None = None

    def overlap(self, start: float, end: float, now: float) -> float:
        """Seconds that it shares with start..end, taken as going on until `now` while open."""
        mine = now if self.end is None else self.end
        return max(0.0, min(mine, end) - max(self.start, start))


class Reached(NamedTuple):
    """A line of the view, and when it was first about to run within a step."""

    line: int
    t: float


class RequestStage(NamedTuple):
    """One request of a lane."""

    number: int
    sent: float | None = None
    received: float | None = None
    handled: float | None = None
    response_sent: float | None = None
    ended: float | None = None  # the driver has the answer, or will not get one
    failure: str = ""
    cancelled: bool = False  # its learner cancelled the run before the answer came
    coroutine: bool | None = None  # is the view a coroutine function? None: not resolved yet
    thread: int = 0  # native id
    nodes: tuple[float | None, ...] = ()  # when each node of the lesson was reached
    line: int = 0  # of the sample's file; 0: not in the view
    entered: float | None = None  # the view's first instruction ran
    left: float | None = None  # the view returned or raised
    fetches: int = 0  # calls of fetch_data() under way
    suspended: tuple[Span, ...] = ()  # the view had given the event loop back
    waits: tuple[Span, ...] = ()  # fetch_data() under way or the view suspended
    begun: tuple[float | None, ...] = ()  # when each step of the lesson began
    lines: tuple[tuple[Reached, ...], ...] = ()  # of each step: where it began (line 0: at none), then those reached
    moments: tuple[Mapping[str, Plain] | None, ...] = ()  # values at each moment of the lesson
    moment_steps: tuple[int, ...] = ()  # the step in which each moment came; 0: none had begun
    due: frozenset[int] = frozenset()  # moments reached whose values come with the next event that has some
    value: Plain = None  # what fetch_data() returned, as bounded text
    streams: bool = False  # did the view return a streaming response?
    first: float | None = None  # seconds after which the first bytes of the answer had come
    hops: int | None = None  # how often it was handed to another thread; None: not known, or under WSGI

    @property
    def in_view(self) -> bool:
        """Has the view begun, and neither returned nor raised?"""
        return self.entered is not None and self.left is None

    @property
    def waiting(self) -> bool:
        """Is `fetch_data()` under way, or the view suspended?"""
        return bool(self.waits) and self.waits[-1].end is None

    @property
    def state(self) -> RequestState:
        """Sent, a request is "queued" until it is in the view; "ready" behind it, until its answer has come."""
        if self.ended is not None:
            return "cancelled" if self.cancelled else "failed" if self.failure else "done"
        if self.waiting:
            return "waiting"
        if self.in_view:
            return "running"
        if self.left is not None:
            return "ready"
        return "idle" if self.sent is None and self.received is None else "queued"

    @property
    def step(self) -> int:
        """The number of the last step that began; 0: none."""
        return max((number for number, t in enumerate(self.begun, 1) if t is not None), default=0)


class LaneStage(NamedTuple):
    """One lane: a server process of its own under its load."""

    id: str  # SAMPLE@SERVER
    requests: tuple[RequestStage, ...]
    sent: float | None = None  # when the first request was sent
    server: str = ""
    version: str = ""
    interface: str = ""  # WSGI or ASGI
    capacity: int = 0
    pid: int = 0
    exit_code: int | None = None  # of a process that died
    tracer_failure: str = ""
    total: float | None = None  # seconds from the first request sent to the last answer
    ran: float = 0.0  # seconds that its process had a processor meanwhile, as far as is known
    waited: float = 0.0  # seconds that it was ready to run meanwhile, and others had the processors
    probe: float | None = None  # when the probe under way was sent
    probe_took: float | None = None  # seconds of the last answered one
    probes: int = 0  # answered
    late: bool = False  # the probe under way is known to be late, from what came after
    calls: int = 0  # of fetch_data() under way
    most_calls: int = 0  # that were under way at once
    blocks: tuple[Span, ...] = ()  # stretches in which a probe was not answered within BLOCK
    threads: int | None = None  # of its process when the first answer left; None: not known yet

    @property
    def ordinary(self) -> bool:
        """Is it a project as people deploy them, and not only the view?"""
        return LaneSpec.parse(self.id).server in ORDINARY

    @property
    def state(self) -> LaneState:
        """How far the lane's process has come."""
        if self.exit_code is not None:
            return "died"
        if self.total is not None:
            return "done"
        if self.sent is not None:
            return "running"
        return "ready" if self.server else "starting"

    def blocked(self, now: float) -> tuple[Span, ...]:
        """Every blocked stretch up to `now`; the last is open while the probe under way is late."""
        if self.probe is not None and (self.late or now - self.probe > BLOCK):
            return (*self.blocks, Span(self.probe))
        return self.blocks


class LearnerPrediction(NamedTuple):
    """What the learner expected before sending."""

    lane: str  # id of a lane of the run
    seconds: float  # that it would take in all


class Stage(NamedTuple):
    """A run at one moment: the fold of its events up to `seq`."""

    lesson: Lesson
    seq: int = 0
    t: float = 0.0  # the latest time any event told
    state: RunState = "created"
    spec: RunSpec | None = None
    owner: str = ""
    prediction: LearnerPrediction | None = None
    place: int = 0  # in the queue
    turn_in: float | None = None  # seconds until its turn is expected; None: not known
    at: float = 0.0  # wall clock of the start, Unix time
    time_box: float = 0.0
    python: str = ""
    django: str = ""
    zero: float = 0.0  # when the load began: the zero of what is shown
    cancelled: float | None = None  # when its learner asked for its end
    died: tuple[str, ...] = ()  # processes other than lanes
    outcome: Outcome | None = None
    reason: str = ""
    lanes: tuple[LaneStage, ...] = ()
    past: bool = False  # an earlier moment of a run that has ended

    @property
    def cancelling(self) -> bool:
        """Has its learner asked for its end?"""
        return self.cancelled is not None

    @property
    def ended(self) -> bool:
        """Was `run.ended` told?"""
        return self.state == "ended"

    def lane(self, id: str) -> LaneStage:
        """Raises `KeyError`."""
        return {each.id: each for each in self.lanes}[id]
