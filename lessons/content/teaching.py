"""What stands around the stage of a lesson: questions, examples, tasks, problems, a project, cards.

A `Markdown` text may use its inline and block syntax, but neither pictures nor HTML. Answers (`right`, `why`, `answer`,
`solution`) must not reach a browser before the learner has answered.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from lessons.content.analogy import Analogy
from lessons.content.constraints import (
    Count,
    InFolder,
    Items,
    OneOf,
    Options,
    Placeholders,
    Positive,
    Seconds,
    Short,
    Slug,
    Unique,
    WholeMarkdown,
    Within,
)

Markdown = Annotated[str, WholeMarkdown()]
Id = Annotated[str, Slug()]
LaneId = Annotated[str, OneOf("lane")]
SampleId = Annotated[str, OneOf("sample")]
MisconceptionId = Annotated[str, OneOf("misconception")]
ExampleId = Annotated[str, OneOf("example")]
TaskId = Annotated[str, Slug(), Short(40)]  # it is part of the ids of samples
Level = Literal["easy", "medium", "hard"]
Text = Literal["learn", "why", "deep"]
Number = Literal["requests", "wait", "workers"]
Formula = Literal["none", "wait", "sum", "share", "rounds"]
Comparison = Annotated[str, Placeholders(("predicted", "measured", "requests", "workers", "rounds", "wait"))]


@dataclass(frozen=True, slots=True)
class Misconception:
    """Something that learners believe and that is not so."""

    id: Id
    belief: str  # a sentence, as somebody would say it who believes it
    met: Annotated[tuple[ExampleId, ...], Unique()] = ()  # the runs that show it to be wrong; none yet: ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where in a run something can be seen."""

    lane: LaneId
    step: Annotated[int, Positive()]  # of the execution table


@dataclass(frozen=True, slots=True)
class KeyMoment:
    """A question that learners ask, and the place in a run that answers it."""

    question: str
    answer: Markdown
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer, or one possible filling of a blank."""

    text: str
    why: Markdown  # why this very option is right or wrong
    right: bool = False
    misconception: MisconceptionId | None = None  # that whoever chooses it is likely to have


Choice = Annotated[tuple[Option, ...], Options(2, 6), Unique(("text",))]


@dataclass(frozen=True, slots=True)
class Question:
    """A multiple-choice question. Exactly one option is right."""

    id: Id
    prompt: Markdown
    options: Choice
    hint: str
    evidence: Evidence | None = None  # "Check it in a run"
    level: Level = "medium"
    example: ExampleId | None = None  # the run that settles it; of two with the same one, a test asks one
    read: Text | None = None  # the text that explains it; None: the one in which its example stands


@dataclass(frozen=True, slots=True)
class Example:
    """A run that a text, a path or a problem can offer in place: a question, a guess, the run, and then the answer.

    `answer` must not reach a browser before its learner has run the example, or has asked to be shown.
    """

    id: Id
    title: str
    lanes: Annotated[tuple[LaneId, ...], Unique(), Count("lanes")]
    requests: Annotated[int, Within("requests")]
    wait: Annotated[float, Within("wait")]  # seconds
    workers: Annotated[int, Within("workers")]
    ask: LaneId  # one of `lanes`: how many seconds will it take in all?
    seconds: Annotated[float, Seconds()]  # that it takes, as the author claims; a lint measures it
    question: Markdown  # what there is to guess, in one or two sentences
    answer: Markdown  # what came out, and why
    vary: Number | None = None  # which number the learner may change in place
    every: Annotated[float, Within("every")] = 0.0  # seconds between two requests; by default all come at once
    goal: Annotated[float, Seconds()] | None = (
        None  # seconds in which the asked lane is to be done, by the number varied; the answer waits for that
    )


@dataclass(frozen=True, slots=True)
class PathStep:
    """One experiment of the guided path. It is done when its example was run, or its answer was asked for."""

    example: ExampleId
    story: Markdown  # what has changed since the one before, in a few words


@dataclass(frozen=True, slots=True)
class Quadrants:
    """Two things that can be one way or the other: four experiments, of which two neighbours differ in one of them."""

    caption: str
    rows: Annotated[tuple[str, ...], Items(2, 2), Unique()]
    columns: Annotated[tuple[str, ...], Items(2, 2), Unique()]
    cells: Annotated[tuple[ExampleId, ...], Items(4, 4), Unique()]  # row by row; the total of the asked lane


@dataclass(frozen=True, slots=True)
class GuidedPath:
    """A few short experiments, in an order in which one thing changes at a time."""

    steps: Annotated[tuple[PathStep, ...], Items(1, 12), Unique(("example",))]
    end: Markdown  # what was found out, said behind the last one
    grid: Quadrants | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a prediction near the total of one way of thinking tells of who made it."""

    formula: Formula
    says: Comparison
    waits: Annotated[int, Positive()] = 1  # in a row, within one request


@dataclass(frozen=True, slots=True)
class Prediction:
    """A question asked before a run is sent: how many seconds will this lane take in all?

    A formula gives a total for `requests` (N), `workers` (W) and `waits` x `wait` (w): `none` 0, `wait` w, `sum` N x w,
    `share` N / W x w, `rounds` ceil(N / W) x w. What is right is measured; `formula` and `waits` say what
    gets there, and a lint sees to it.

    `right`, `other` and `says` may use {predicted}, {measured}, {requests} ("1 request", "10 requests"), {workers},
    {rounds} and {wait}; `exact` {requests}, {workers} and {wait}.
    """

    lane: LaneId
    question: str  # in general: "How long will all the requests of the sync view take?"
    exact: Annotated[str, Placeholders(("requests", "workers", "wait"))]  # the same with the numbers of the form
    formula: Formula  # that holds for the lane
    right: Comparison  # said of a prediction that was near
    other: Comparison  # of one that was far off, and that no reading explains
    readings: tuple[Reading, ...]
    waits: Annotated[int, Positive()] = 1  # in a row, within one request


@dataclass(frozen=True, slots=True)
class Line:
    """A line of code to put into its place, or one that has none."""

    text: str  # with its own indentation, beyond that of the blank
    place: Annotated[int, Positive()] | None = None  # from 1; None: it does not belong
    why: Markdown = ""  # why it does not belong
    misconception: MisconceptionId | None = None

    @property
    def shown(self) -> str:
        """With an indentation that a browser keeps."""
        bare = self.text.lstrip(" ")
        return "\N{NO-BREAK SPACE}" * (len(self.text) - len(bare)) + bare


@dataclass(frozen=True, slots=True)
class Task:
    """Try: a view with one blank, `____` in its code. Every option is really compiled and run.

    Either one of `options` goes into the blank, or some of `lines`, in order; `options` are then every way to do that.
    """

    id: TaskId
    title: str
    level: Level
    prompt: Markdown
    code: str  # of the whole sample; has `____` once
    server: Annotated[str, OneOf("server")]
    hint: str
    mistake: Markdown  # the common mistake, and what it looks like in a running site
    options: Choice = ()
    lines: Annotated[tuple[Line, ...], Items(3, 6), Unique(("text",))] = ()
    why: Markdown = ""  # with `lines`: why the right ones are right, in this order


@dataclass(frozen=True, slots=True)
class Draw:
    """Numbers of which one of each is drawn for a learner, anew each time. They replace those of the example."""

    requests: Annotated[tuple[Annotated[int, Within("requests")], ...], Unique()]
    wait: Annotated[tuple[Annotated[float, Within("wait")], ...], Unique()]
    workers: Annotated[tuple[Annotated[int, Within("workers")], ...], Unique()] = ()


@dataclass(frozen=True, slots=True)
class LaneShape:
    """The timeline of one lane of a recorded run, shown without its name: which lane made it?"""

    run: Annotated[Path, InFolder(".jsonl", exists=False)]
    lane: LaneId


@dataclass(frozen=True, slots=True)
class Problem:
    """Challenge: what happens? Either `options`, of which one is right, or a number of seconds that a run settles.

    The seconds are claimed (`seconds`), or follow from the law of the lane and the numbers drawn (`draw`). With `draw`,
    `prompt` and `why` may use {requests}, {wait}, {workers}, and `why` also {rounds} and {seconds}.
    """

    id: Id
    kind: Literal["concept", "behaviour", "syntax", "capacity", "prediction"]
    prompt: Markdown
    hint: str
    why: Markdown  # the explanation shown in the end
    example: ExampleId  # the run that settles it
    code: str = ""
    options: Choice = ()
    lane: str = ""  # of the example; with `seconds`: the lane whose total is asked for
    seconds: Annotated[float, Seconds()] = 0.0  # what the author claims; answers within 20 % count
    draw: Draw | None = None
    shape: LaneShape | None = None  # with `options`: shown above them
    level: Level = "medium"
    read: Text | None = None  # the text that explains it; None: the one in which its example stands


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the learner's code must have, or its view must do on every way; it is parsed, never run."""

    kind: Literal["function", "async-function", "constant", "awaits", "calls", "avoids", "returns", "imports"]
    name: str  # of the function, constant or module; awaited, called, avoided or returned: "asyncio.sleep"
    missing: str  # what to say when it is not there
    value: str = ""  # constant: its value, as Python; calls, returns: its first argument, as Python; "" any


@dataclass(frozen=True, slots=True)
class ProjectStep:
    """One of the steps of the project."""

    id: Id
    title: str
    task: Markdown
    hint: str
    checks: tuple[Check, ...]
    solution: SampleId  # runs live
    starter: str = ""  # code in the editor at first; "" goes on with the step before


@dataclass(frozen=True, slots=True)
class Block:
    """One blank of a view that is put together, and the pieces of code of which one goes there."""

    label: str  # what it is about: "The time limit"
    pieces: Annotated[tuple[str, ...], Items(2, 4), Unique()]


@dataclass(frozen=True, slots=True)
class Goals:
    """What a run of the view has to measure, besides an answer with success for every request."""

    seconds: Annotated[float, Seconds()]  # until the last answer, at most
    calls: Annotated[int, Positive()] | None = None  # of fetch_data() under way at once, at most; None: any number


@dataclass(frozen=True, slots=True)
class Build:
    """A view that is put together from blocks and runs. What it is worth is measured; nothing else decides."""

    title: str
    task: Markdown
    code: str  # of the whole sample; has `____` once for each block, in their order
    server: Annotated[str, OneOf("server")]
    requests: Annotated[int, Within("requests")]
    wait: Annotated[float, Within("wait")]
    blocks: Annotated[tuple[Block, ...], Items(2, 5), Unique(("label",))]
    goals: Goals
    solution: tuple[Annotated[int, Positive()], ...]  # the number of a piece for each block: one way to get there
    hint: str
    why: Markdown  # said once the goals have been reached


@dataclass(frozen=True, slots=True)
class Project:
    """Scenario, goal and steps."""

    scenario: Markdown
    goal: str
    learn: tuple[str, ...]  # what the learner will have learnt
    steps: Annotated[tuple[ProjectStep, ...], Unique(("id",))]
    outlook: Markdown  # where this is met in real work
    build: Build | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """Review: one side asks, the other answers. It comes up once its topic was met."""

    id: Id
    level: Level
    front: Markdown
    back: Markdown
    after: Annotated[tuple[ExampleId, ...], Unique()] = ()  # one of them was tried; none: from the beginning
    example: ExampleId | None = None  # that is predicted and run on the card


@dataclass(frozen=True, slots=True)
class Explain:
    """An open question, with an answer to compare one's own with."""

    id: Id
    prompt: Markdown
    model: Markdown


@dataclass(frozen=True, slots=True)
class Review:
    """Cards, questions and prompts."""

    cards: Annotated[tuple[Card, ...], Unique(("id",))]
    questions: Annotated[tuple[Question, ...], Unique(("id",))]
    explain: Annotated[tuple[Explain, ...], Unique(("id",))]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way to write a view, judged."""

    name: str
    lane: LaneId
    verdict: Literal["good", "depends", "avoid"]
    why: Markdown


@dataclass(frozen=True, slots=True)
class Series:
    """One line of the chart: a lane, and for a WSGI lane its workers."""

    label: str
    lane: LaneId
    workers: Annotated[int, Within("workers")]


@dataclass(frozen=True, slots=True)
class Performance:
    """What is measured on demand, and what follows from it."""

    wait: Annotated[float, Within("wait")]
    requests: Annotated[tuple[Annotated[int, Within("requests")], ...], Unique()]  # 1, 2, 5, 10, 20, 50
    series: Annotated[tuple[Series, ...], Unique(("label",))]
    patterns: Annotated[tuple[Pattern, ...], Unique(("name",))]
    law: Markdown
    tips: tuple[Markdown, ...]


Tasks = Annotated[tuple[Task, ...], Unique(("id",))]
Problems = Annotated[tuple[Problem, ...], Unique(("id",))]


@dataclass(frozen=True, slots=True)
class Teaching:
    """All of a lesson that is not the stage. What a lesson does not have is empty, and its mode has no tab."""

    remark: str = ""  # closing remark of the execution table
    key_moments: tuple[KeyMoment, ...] = ()
    quiz: Annotated[tuple[Question, ...], Unique(("id",))] = ()
    snapshot: tuple[str, ...] = ()  # the concept in a few sentences
    transcript: Markdown = ""
    examples: Annotated[tuple[Example, ...], Unique(("id",))] = ()
    prediction: Prediction | None = None
    misconceptions: Annotated[tuple[Misconception, ...], Unique(("id",))] = ()
    path: GuidedPath | None = None
    analogies: Annotated[tuple[Analogy, ...], Unique(("id",))] = ()
    learn: str = (
        ""  # Markdown; a line `@run ID` alone stands for the example with that id, `@analogy ID` for an analogy
    )
    why: str = ""
    deep: str = ""
    tasks: Tasks = ()
    problems: Problems = ()
    project: Project | None = None
    review: Review | None = None
    performance: Performance | None = None

    def example(self, id: str) -> Example:
        """Raises `KeyError`."""
        return {each.id: each for each in self.examples}[id]
