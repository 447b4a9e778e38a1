"""The ways to learn a lesson. A mode is one line of `MODES`, in the order of the tabs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lessons.content.model import Lesson
from lessons.content.sections import split_examples
from lessons.learning.pattern_tests import has_test


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to learn."""

    id: str
    title: str  # on its tab
    group: str  # of the tabs it stands among
    has_content: Callable[[Lesson], bool]  # has the lesson anything for it? If not, it has no tab, and cannot be opened
    read: bool = False  # is it a text?
    extra: bool = False  # may it be left out, and the lesson be done all the same?


MODES: Final = (
    Mode("path", "Start here", "Begin", lambda lesson: lesson.teaching.path is not None, extra=True),
    Mode("learn", "Learn", "Understand", lambda lesson: bool(lesson.teaching.learn), read=True),
    Mode("why", "Why", "Understand", lambda lesson: bool(lesson.teaching.why), read=True),
    Mode("deep", "Deep dive", "Understand", lambda lesson: bool(lesson.teaching.deep), read=True),
    Mode("visualize", "Visualize", "Watch", lambda lesson: True),
    Mode("try", "Try", "Practise", lambda lesson: bool(lesson.teaching.tasks)),
    Mode("challenge", "Challenge", "Practise", lambda lesson: bool(lesson.teaching.problems)),
    Mode("project", "Project", "Practise", lambda lesson: lesson.teaching.project is not None),
    Mode("review", "Review", "Remember", lambda lesson: lesson.teaching.review is not None),
    Mode("test", "Test", "Remember", has_test, extra=True),
    Mode("performance", "Performance", "Measure", lambda lesson: lesson.teaching.performance is not None),
)


def lesson_modes(lesson: Lesson) -> tuple[Mode, ...]:
    """The modes that the lesson has content for, in the order of the tabs."""
    return tuple(mode for mode in MODES if mode.has_content(lesson))


def text_examples(lesson: Lesson, mode: str) -> tuple[str, ...]:
    """The examples (ids) that a text runs in place; none of a mode that is no text."""
    text = getattr(lesson.teaching, mode) if mode in [each.id for each in MODES if each.read] else ""
    return tuple(id for _, id in split_examples(text) if id)


def mode_of_example(lesson: Lesson, example: str) -> str:
    """The first text (id of the mode) that runs this example in place; "" for none."""
    return next((mode.id for mode in MODES if example and example in text_examples(lesson, mode.id)), "")


def find_mode(lesson: Lesson, id: str) -> Mode:
    """Raises `KeyError` for a mode that is none, or that the lesson has nothing for."""
    return {mode.id: mode for mode in lesson_modes(lesson)}[id]
