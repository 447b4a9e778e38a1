"""The ways to learn a lesson. A mode is one line of `MODES`, in the order of the tabs, of the map and of *Next*."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lessons.content.model import Lesson
from lessons.content.sections import Mark, MarkKind, marked_ids
from lessons.learning.pattern_tests import has_test


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to learn."""

    id: str
    title: str  # on its tab
    group: str  # of the tabs it stands among
    purpose: str  # what one gets there, in a sentence
    has_content: Callable[[Lesson], bool]  # has the lesson anything for it? If not, it has no tab, and cannot be opened
    read: bool = False  # is it a text?
    extra: bool = False  # may it be left out, and the lesson be done all the same?


MODES: Final = (
    Mode(
        "path",
        "Start here",
        "Begin",
        "Short experiments, a guess before each: the idea, one change at a time.",
        lambda lesson: lesson.teaching.path is not None,
        extra=True,
    ),
    Mode(
        "learn",
        "Learn",
        "Understand",
        "What it is, how to write it, when to use it.",
        lambda lesson: bool(lesson.teaching.learn),
        read=True,
    ),
    Mode(
        "why",
        "Why",
        "Understand",
        "Which problem it solves, and what it does not.",
        lambda lesson: bool(lesson.teaching.why),
        read=True,
    ),
    Mode(
        "deep",
        "Deep dive",
        "Understand",
        "What really happens inside: guess, run, compare.",
        lambda lesson: bool(lesson.teaching.deep),
        read=True,
    ),
    Mode(
        "visualize",
        "Visualize",
        "Watch",
        "Your own numbers, and every step of every request.",
        lambda lesson: True,
    ),
    Mode(
        "try",
        "Try",
        "Practise",
        "Code with a blank. Whatever you choose really runs.",
        lambda lesson: bool(lesson.teaching.tasks),
    ),
    Mode(
        "challenge",
        "Challenge",
        "Practise",
        "What happens? You say it first; a run settles it.",
        lambda lesson: bool(lesson.teaching.problems),
    ),
    Mode(
        "project",
        "Project",
        "Practise",
        "A small real task, in code of your own.",
        lambda lesson: lesson.teaching.project is not None,
    ),
    Mode(
        "review",
        "Review",
        "Remember",
        "Cards that come back just before you would forget them.",
        lambda lesson: lesson.teaching.review is not None,
    ),
    Mode("test", "Test", "Remember", "Ten questions, different each time: do you know it?", has_test, extra=True),
    Mode(
        "performance",
        "Performance",
        "Measure",
        "This server, measured: how the totals grow with the load.",
        lambda lesson: lesson.teaching.performance is not None,
    ),
)


def lesson_modes(lesson: Lesson) -> tuple[Mode, ...]:
    """The modes that the lesson has content for, in the order of the tabs."""
    return tuple(mode for mode in MODES if mode.has_content(lesson))


def text_examples(lesson: Lesson, mode: str) -> tuple[str, ...]:
    """The examples (ids) that a text runs in place; none of a mode that is no text."""
    return _marked(lesson, mode, "run")


def mode_of_mark(lesson: Lesson, mark: Mark) -> str:
    """The first text (id of the mode) in which this stands; "" for none."""
    return next((mode.id for mode in MODES if mark.id in _marked(lesson, mode.id, mark.kind)), "")


def _marked(lesson: Lesson, mode: str, kind: MarkKind) -> tuple[str, ...]:
    text = getattr(lesson.teaching, mode) if mode in [each.id for each in MODES if each.read] else ""
    return marked_ids(text, kind)


def find_mode(lesson: Lesson, id: str) -> Mode:
    """Raises `KeyError` for a mode that is none, or that the lesson has nothing for."""
    return {mode.id: mode for mode in lesson_modes(lesson)}[id]
