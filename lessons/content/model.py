"""A lesson as frozen data. Every text is plain unless it says Markdown; every id is a slug of [a-z0-9_-].

The type hints are also the format of `lesson.toml`: the loader reads what they say, constraints included.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, NamedTuple

from lessons.content.constraints import (
    Identifier,
    InFolder,
    Items,
    Lines,
    OneOf,
    Placeholders,
    Positive,
    Slug,
    Unique,
    Within,
)
from lessons.content.samples import lines_with
from lessons.content.teaching import Formula, Teaching

LINE_REACHED: Final = "line.reached"  # the kind of event that tells a line

Id = Annotated[str, Slug()]
SampleId = Annotated[str, OneOf("sample")]
LaneId = Annotated[str, OneOf("lane")]
NodeId = Annotated[str, OneOf("node")]
EventKind = Annotated[str, OneOf("event kind")]
Server = Annotated[str, OneOf("server")]
Sentence = Annotated[str, Placeholders(("lane", "request", "took", "blocked", "value", "server"))]
Variable = Annotated[str, Identifier()]


@dataclass(frozen=True, slots=True)
class Sample:
    """One real Django view of the lesson, in its own file."""

    id: Id
    name: str  # "Async view"
    summary: str  # one sentence under the code
    path: Annotated[Path, InFolder(".py")]  # the .py file; it defines `view`
    source: str  # text of that file; read, not written in lesson.toml
    servers: Annotated[tuple[Server, ...], Unique()]  # it may run on; the first is the default


@dataclass(frozen=True, slots=True)
class Lane:
    """A sample on a server: what a run is made of."""

    sample: SampleId  # id of a sample
    server: Server
    name: str  # "Sync view", "Sync view under ASGI": the accessible name of the lane's region
    chosen: bool  # part of the default run?
    listed: bool = True  # offered in the controls of the stage? Examples, tasks and the like may use it in any case
    formula: Formula | None = None  # of its total; by default rounds of workers on a pool of them, else one wait
    waits: Annotated[int, Positive()] = 1  # in a row, within one request
    fails: bool = False  # the author claims that its requests fail; a lint sees to it, as it does that others succeed

    @property
    def id(self) -> str:
        """The lane's name in events and on the command line: `SAMPLE@SERVER`."""
        return f"{self.sample}@{self.server}"


@dataclass(frozen=True, slots=True)
class Node:
    """A station on the way of a request. A request stands at the node whose event it had last."""

    id: Id
    label: Annotated[str, Lines(2)]  # at most two short lines, split at "|"
    on: tuple[EventKind, ...]  # kinds of events that bring a request here


@dataclass(frozen=True, slots=True)
class Narration:
    """What is said of a step, chosen by what was measured.

    Sentences may use {lane}, {request}, {took}, {blocked}, {value} (the fetched value) and {server}.
    """

    plain: Sentence
    suspended: Sentence = ""  # instead, when the view was suspended within the step
    blocked: Sentence = ""  # instead, when the server could not take another request in it


@dataclass(frozen=True, slots=True)
class Claim:
    """What the author says a step shows in a lane, when one request is alone there. A lint measures it."""

    async_wait: bool
    server_block: bool
    response_sent: bool


@dataclass(frozen=True, slots=True)
class Start:
    """Where a step or a moment begins in one sample, when that is elsewhere than in the others."""

    on: EventKind  # kind of event
    nth: Annotated[int, Positive()] = 1  # event of this kind within the request
    line: str = ""  # with "line.reached": in place of `nth`, the line of the view that contains this text


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the execution table."""

    number: int  # from 1; the place in the list, not written in lesson.toml
    action: str  # "Data received"
    on: EventKind  # kind of the event that begins the step; a step ends where the next begins
    node: NodeId  # that lights up with it
    narration: Narration
    claims: dict[LaneId, Claim]  # by lane id; a listed lane without a claim never reaches the step
    nth: Annotated[int, Positive()] = 1  # event of this kind within the request
    line: str = ""  # with "line.reached": in place of `nth`, the line of the view that contains this text
    actions: dict[SampleId, str] = field(default_factory=dict)  # other wording of `action`, by sample id
    starts: dict[SampleId, Start] = field(default_factory=dict)  # other beginning than `on` and `nth`, by sample id
    nodes: dict[SampleId, NodeId] = field(default_factory=dict)  # other node than `node`, by sample id
    narrations: dict[SampleId, Narration] = field(default_factory=dict)  # other sentences, by sample id

    def start(self, sample: str) -> Start:
        """Where it begins in this sample."""
        return self.starts.get(sample) or Start(self.on, self.nth, self.line)

    def at(self, sample: str) -> str:
        """Id of the node that lights up with it in this sample."""
        return self.nodes.get(sample, self.node)

    def said(self, sample: str) -> Narration:
        """What is said of it in this sample."""
        return self.narrations.get(sample, self.narration)


@dataclass(frozen=True, slots=True)
class Moment:
    """A column of the variable tracker: the first values seen at or behind an event of this kind."""

    label: str  # "After await fetch_data()"
    on: EventKind  # kind of event
    nth: Annotated[int, Positive()] = 1  # event of this kind within the request
    line: str = ""  # with "line.reached": in place of `nth`, the line of the view that contains this text
    labels: dict[SampleId, str] = field(default_factory=dict)  # other wording of `label`, by sample id
    starts: dict[SampleId, Start] = field(default_factory=dict)  # other place than `on` and `nth`, by sample id

    def start(self, sample: str) -> Start:
        """Where it is in this sample."""
        return self.starts.get(sample) or Start(self.on, self.nth, self.line)


@dataclass(frozen=True, slots=True)
class Preset:
    """A choice of numbers that is one click away."""

    id: Id
    label: str  # "A hundred at once"
    requests: Annotated[int, Within("requests")]
    wait: Annotated[float, Within("wait")]  # seconds
    workers: Annotated[int, Within("workers")]


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """One folder of content. Equal only to itself, so that it can be the key of a cache."""

    slug: str  # the name of the folder, not written in lesson.toml
    title: str
    summary: str  # one sentence for the list and for search engines
    category: str  # "Django"
    kind: str  # "framework"
    focus: LaneId  # id (SAMPLE@SERVER) of the lane whose code is shown first
    samples: Annotated[tuple[Sample, ...], Unique(("id",)), Unique(("name",))]
    lanes: Annotated[tuple[Lane, ...], Unique(("sample", "server")), Unique(("name",))]
    nodes: Annotated[tuple[Node, ...], Items(2, 5), Unique(("id",)), Unique(("on",))]  # more would not fit side by side
    steps: tuple[Step, ...]
    moments: tuple[Moment, ...]
    variables: Annotated[tuple[Variable, ...], Unique()]  # the local names the tracker shows, in this order
    presets: Annotated[tuple[Preset, ...], Unique(("id",)), Unique(("label",))]  # the first one fills the form at first
    recorded: Annotated[Path, InFolder(".jsonl", exists=False)]  # JSON Lines of the run shown before any other
    teaching: Teaching  # what stands around the stage: keys of lesson.toml, and files beside it
    place: Annotated[int, Positive()] = 100  # in the list of lessons, the least first; equal ones by their slugs

    def sample(self, id: str) -> Sample:
        """Raises `KeyError`."""
        return {each.id: each for each in self.samples}[id]

    def lane(self, id: str) -> Lane:
        """Raises `KeyError`."""
        return {each.id: each for each in self.lanes}[id]


class Beginnings(NamedTuple):
    """Which of a lesson's steps, or moments, an event begins in one of its samples; they are told by their indexes."""

    turns: dict[str, tuple[int, ...]]  # kind of event -> those that its first, second, … event begins (`nth`)
    lines: dict[int, int]  # line of the sample's file -> the one that begins where the view comes to it

    def at(self, kind: str, line: int) -> tuple[int, ...]:
        """Those that an event of this kind may begin, at this line (0: none): the first that has not begun yet."""
        there = self.lines.get(line) if kind == LINE_REACHED else None
        turns = self.turns.get(kind, ())
        return turns if there is None else (there, *turns)


def beginnings(them: Iterable[Step | Moment], sample: str, source: str) -> Beginnings:
    """Of steps or moments, in the sample with this id and source."""
    found = Beginnings({}, {})
    for index, each in enumerate(them):
        start = each.start(sample)
        if not start.line:
            found.turns[start.on] = (*found.turns.get(start.on, ()), index)
        elif places := lines_with(source, start.line):
            found.lines[places[0]] = index
    return found
