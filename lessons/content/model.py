"""A lesson as frozen data. Every text is plain unless it says Markdown; every id is a slug of [a-z0-9_-]."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sample:
    """One real Django view of the lesson, in its own file."""

    id: str
    name: str  # "Async view"
    summary: str  # one sentence under the code
    path: Path  # the .py file; it defines `view`
    source: str  # text of that file
    servers: tuple[str, ...]  # it may run on; the first is the default


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane the learner can choose."""

    sample: str  # id of a sample
    server: str
    name: str  # "Sync view", "Sync view under ASGI": the accessible name of the lane's region
    chosen: bool  # part of the default run?

    @property
    def id(self) -> str:
        """The lane's name in events and on the command line: `SAMPLE@SERVER`."""
        return f"{self.sample}@{self.server}"


@dataclass(frozen=True, slots=True)
class Node:
    """A station of the flow diagram. A request stands at the node whose event it had last."""

    id: str
    label: str  # at most two short lines, split at "|"
    on: tuple[str, ...]  # kinds of events that bring a request here


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow of the flow diagram."""

    source: str  # id of a node
    target: str


@dataclass(frozen=True, slots=True)
class Narration:
    """What is said of a step, chosen by what was measured.

    Sentences may use {lane}, {request}, {took}, {blocked}, {value} (the fetched value) and {server}.
    """

    plain: str
    suspended: str = ""  # instead, when the view was suspended within the step
    blocked: str = ""  # instead, when the server could not take another request in it


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the execution table."""

    number: int  # from 1
    action: str  # "Data received"
    on: str  # kind of the event that begins the step; a step ends where the next begins
    node: str  # id of the node that lights up with it
    narration: Narration
    actions: dict[str, str] = field(default_factory=dict)  # other wording of `action`, by sample id


@dataclass(frozen=True, slots=True)
class Moment:
    """A column of the variable tracker: the first values seen at or behind an event of this kind."""

    label: str  # "After await fetch_data()"
    on: str  # kind of event
    labels: dict[str, str] = field(default_factory=dict)  # other wording of `label`, by sample id


@dataclass(frozen=True, slots=True)
class Preset:
    """A choice of numbers that is one click away."""

    id: str
    label: str  # "A hundred at once"
    requests: int
    wait: float  # seconds
    workers: int


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """One folder of content. Equal only to itself, so that it can be the key of a cache."""

    slug: str
    title: str
    summary: str  # one sentence for the list and for search engines
    category: str  # "Django"
    kind: str  # "framework"
    minutes: int
    focus: str  # id (SAMPLE@SERVER) of the lane whose code is shown first
    samples: tuple[Sample, ...]
    lanes: tuple[Lane, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    steps: tuple[Step, ...]
    moments: tuple[Moment, ...]
    variables: tuple[str, ...]  # the local names the tracker shows, in this order
    presets: tuple[Preset, ...]  # the first one fills the form at first
    recorded: Path  # JSON Lines of the run that is shown before the learner's first

    def sample(self, id: str) -> Sample:
        """Raises `KeyError`."""
        return {each.id: each for each in self.samples}[id]

    def lane(self, id: str) -> Lane:
        """Raises `KeyError`."""
        return {each.id: each for each in self.lanes}[id]
