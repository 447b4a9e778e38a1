"""The ways to learn a lesson: which there are, where they are, and what stands around each of them.

A mode is one line of `MODES`; their order is that of the tabs. A lesson has a tab for every mode it has content for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404
from django.urls import reverse

from lessons.content.model import Lesson
from lessons.content.teaching import Teaching
from lessons.stage import catalogue


def _none_due(lesson: Lesson, learner: str) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to learn."""

    id: str
    title: str  # on its tab
    route: str  # name of its address, which takes the lesson's slug
    has_content: Callable[[Lesson], bool]
    due: Callable[[Lesson, str], int] = _none_due  # how much waits for this learner (by name); asks the database

    def address(self, lesson: Lesson) -> str:
        """Where it is."""
        return reverse(self.route, args=[lesson.slug])


@dataclass(frozen=True, slots=True)
class Tab:
    """A mode in the navigation of a lesson."""

    id: str
    title: str
    address: str
    current: bool
    due: int


def _teaching(lesson: Lesson) -> Teaching:
    return getattr(lesson, "teaching", None) or Teaching()


MODES: Final = (Mode("visualize", "Visualize", "lessons:lesson", lambda lesson: True),)


def find(slug: str, mode: str = "visualize") -> Lesson:
    """The lesson with this slug. Raises `Http404` when there is none, or when it has nothing for the mode."""
    try:
        lesson = catalogue.lesson(slug)
    except KeyError:
        raise Http404(f"There is no lesson {slug!r}.") from None
    if not any(each.id == mode and each.has_content(lesson) for each in MODES):
        raise Http404(f"The lesson {slug!r} has no mode {mode!r}.")
    return lesson


def around(lesson: Lesson, mode: str, learner: str = "") -> dict[str, Any]:
    """The context of `lessons/mode.html`: lesson, mode, tabs. Asks the database: async views call it in a thread."""
    tabs = [
        Tab(each.id, each.title, each.address(lesson), each.id == mode, each.due(lesson, learner))
        for each in MODES
        if each.has_content(lesson)
    ]
    current = next(each for each in MODES if each.id == mode)
    return {"lesson": lesson, "mode": current, "tabs": tabs}
