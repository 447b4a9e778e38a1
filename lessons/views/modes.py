"""The ways to learn a lesson as pages: where they are, and what stands around each of them."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.learning import progress
from lessons.learning.modes import Mode, find_mode, lesson_modes, text_examples
from lessons.learning.progress import Progress


@dataclass(frozen=True, slots=True)
class Tab:
    """A mode in the navigation of a lesson."""

    id: str
    title: str
    group: str
    address: str
    current: bool
    done: bool  # nothing left to do in it?
    due: int  # cards that wait


def lesson_or_404(slug: str, mode: str = "visualize") -> Lesson:
    """The lesson with this slug. Raises `Http404` when there is none, or when it has nothing for the mode.

    Raises `ContentError` when it was left out because of a mistake in it.
    """
    try:
        lesson = catalogue.find_lesson(slug)
        find_mode(lesson, mode)
    except KeyError as error:
        if slug in (broken := catalogue.broken_lessons()):
            raise broken[slug] from None
        raise Http404(f"There is no lesson {slug!r} with something for {mode!r}: {error}.") from None
    return lesson


def mode_address(lesson: Lesson, mode: str, item: str = "", **query: str) -> str:
    """Of a mode's page, with its item in view."""
    sought = urlencode({key: value for key, value in query.items() if value})
    route = "lesson" if mode == "visualize" else mode
    return reverse(f"lessons:{route}", args=[lesson.slug]) + (f"?{sought}" if sought else "") + (item and f"#{item}")


def mode_context(learner: str, lesson: Lesson, mode: str) -> dict[str, Any]:
    """The context of `lessons/mode.html`: lesson, mode, tabs, the tab behind, progress. Asks the database."""
    reached = progress.lesson_progress(learner, lesson)
    tabs = mode_tabs(lesson, reached, mode)
    return {
        "lesson": lesson,
        "mode": find_mode(lesson, mode),
        "unread": find_mode(lesson, mode).read and not reached.mode(mode).done and not text_examples(lesson, mode),
        "tabs": tabs,
        "behind": next((later for tab, later in pairwise(tabs) if tab.current), None),
        "progress": reached,
    }


def mode_tabs(lesson: Lesson, reached: Progress, current: str = "") -> list[Tab]:
    """The tabs of a lesson in which the learner has got so far; `current` is the id of the mode that is open."""
    done = {each.mode for each in reached.modes if each.done}
    return [_tab(lesson, each, current, each.id in done, reached.due) for each in lesson_modes(lesson)]


def _tab(lesson: Lesson, mode: Mode, current: str, done: bool, due: int) -> Tab:
    address = mode_address(lesson, mode.id)
    waiting = due if mode.id == "review" else 0
    return Tab(mode.id, mode.title, mode.group, address, mode.id == current, done, waiting)
