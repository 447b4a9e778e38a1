"""How long a way to learn takes: the words that are read, at a steady pace, and the runs, by what they take.

Thinking and typing are not counted: nobody has measured them.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from lessons.content.model import Lesson
from lessons.content.sections import marked_ids
from lessons.content.teaching import Build, Example, Option, Performance, Problem, Question, Task
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.learning.modes import lesson_modes
from lessons.learning.pattern_tests import QUESTIONS
from lessons.stage import law

PACE: Final = 200.0  # words a minute; silent reading is some 240 (Brysbaert 2019), and here is code between
TRIED: Final = 1.0  # seconds that the run of a Try task takes, about
WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Effort:
    """What there is to read and to watch."""

    words: int = 0
    seconds: float = 0.0  # of runs

    def __add__(self, other: "Effort") -> "Effort":
        return Effort(self.words + other.words, self.seconds + other.seconds)

    @property
    def minutes(self) -> int:
        """Rounded up, at least 1."""
        return max(1, -int(-(self.words / PACE + self.seconds / 60) // 1))


@cache
def mode_effort(lesson: Lesson, mode: str) -> Effort:
    """Of one mode of a lesson."""
    return _total(EFFORTS[mode](lesson)) if mode in EFFORTS else Effort()


@cache
def lesson_minutes(lesson: Lesson) -> int:
    """Of a whole lesson: the sum of what is said of its modes."""
    return sum(mode_effort(lesson, each.id).minutes for each in lesson_modes(lesson))


def _read(*texts: str) -> Effort:
    return Effort(sum(len(WORD.findall(text)) for text in texts))


def _total(parts: Iterable[Effort]) -> Effort:
    return sum(parts, Effort())


def _example(each: Example) -> Effort:
    return _read(each.title, each.question, each.answer) + Effort(0, each.seconds)


def _path(lesson: Lesson) -> list[Effort]:
    path = lesson.teaching.path
    examples = {each.id: each for each in lesson.teaching.examples}
    steps = path.steps if path else ()
    return [_read(each.story) + _example(examples[each.example]) for each in steps] + [_read(path.end if path else "")]


def _text(field: str) -> Callable[[Lesson], list[Effort]]:
    def parts(lesson: Lesson) -> list[Effort]:
        text: str = getattr(lesson.teaching, field)
        examples = {each.id: each for each in lesson.teaching.examples}
        run = [_example(examples[id]) for id in marked_ids(text, "run")]
        return [_read(text), *run]

    return parts


def _choices(options: tuple[Option, ...]) -> Effort:
    """All are read, and why the right one is right."""
    return _total(_read(each.text, each.why if each.right else "") for each in options)


def _question(each: Question) -> Effort:
    return _read(each.prompt) + _choices(each.options)


def _visualize(lesson: Lesson) -> list[Effort]:
    teaching, preset = lesson.teaching, lesson.presets[0]
    lanes = tuple(LaneSpec.parse(each.id) for each in lesson.lanes if each.chosen)
    spec = RunSpec(lesson.slug, lanes, preset.requests, preset.wait, preset.workers)
    moments = [_read(each.question, each.answer) for each in teaching.key_moments]
    told = _read(teaching.transcript, teaching.remark, *teaching.snapshot)
    return [Effort(0, law.expected_seconds(lesson, spec)), told, *moments, *map(_question, teaching.quiz)]


def _task(each: Task) -> Effort:
    choices = _read(each.why, *(line.text for line in each.lines)) if each.lines else _choices(each.options)
    return _read(each.prompt, each.code, each.mistake) + choices + Effort(0, TRIED)


def _problem(each: Problem, examples: Mapping[str, Example]) -> Effort:
    return _read(each.prompt, each.code, each.why) + _choices(each.options) + Effort(0, examples[each.example].seconds)


def _problems(lesson: Lesson) -> list[Effort]:
    examples = {each.id: each for each in lesson.teaching.examples}
    return [_problem(each, examples) for each in lesson.teaching.problems]


def _project(lesson: Lesson) -> list[Effort]:
    project = lesson.teaching.project
    if project is None:
        return []
    source = {each.id: each.source for each in lesson.samples}
    steps = [_read(each.task, each.starter, source[each.solution]) for each in project.steps]
    built = [_build(project.build)] if project.build else []
    return [_read(project.scenario, project.goal, project.outlook, *project.learn), *steps, *built]


def _build(build: Build) -> Effort:
    """With one run that reaches the goals."""
    pieces = (piece for block in build.blocks for piece in block.pieces)
    return _read(build.task, build.code, build.why, *pieces) + Effort(0, build.goals.seconds)


def _review(lesson: Lesson) -> list[Effort]:
    review = lesson.teaching.review
    if review is None:
        return []
    cards = [_read(each.front, each.back) for each in review.cards]
    return [*cards, *map(_question, review.questions), *(_read(each.prompt, each.model) for each in review.explain)]


def _test(lesson: Lesson) -> list[Effort]:
    """Ten of all that is asked, on average."""
    review = lesson.teaching.review
    pool = [*map(_question, lesson.teaching.quiz), *map(_question, review.questions if review else ())]
    pool += [_read(each.prompt, each.code, each.why) + _choices(each.options) for each in lesson.teaching.problems]
    words = sum(each.words for each in pool) * QUESTIONS // max(1, len(pool))
    return [Effort(words)]


def _performance(lesson: Lesson) -> list[Effort]:
    found = lesson.teaching.performance
    return [] if found is None else [_read(found.law, *found.tips), Effort(0, _measuring(lesson, found))]


def _measuring(lesson: Lesson, found: Performance) -> float:
    """Seconds of all points of the chart, one after another."""
    specs = (
        RunSpec(lesson.slug, (LaneSpec.parse(series.lane),), requests, found.wait, series.workers)
        for series in found.series
        for requests in found.requests
    )
    return sum(law.expected_seconds(lesson, each) for each in specs)


EFFORTS: Final[Mapping[str, Callable[[Lesson], list[Effort]]]] = {
    "path": _path,
    "learn": _text("learn"),
    "why": _text("why"),
    "deep": _text("deep"),
    "visualize": _visualize,
    "try": lambda lesson: list(map(_task, lesson.teaching.tasks)),
    "challenge": _problems,
    "project": _project,
    "review": _review,
    "test": _test,
    "performance": _performance,
}
