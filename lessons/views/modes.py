"""The ways to learn a lesson: which there are, where they are, and what stands around each of them.

A mode is one line of `MODES`; their order is that of the tabs. A lesson has a tab for every mode it has content for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import pairwise
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from lessons import catalogue, identity
from lessons.content.model import Lesson
from lessons.learning import progress
from lessons.learning.progress import Progress


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to learn."""

    id: str
    title: str  # on its tab
    route: str  # name of its address, which takes the lesson's slug
    has_content: Callable[[Lesson], bool]

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
    done: bool  # nothing left to do in it?
    due: int  # cards that wait


MODES: Final = (
    Mode("learn", "Learn", "lessons:learn", lambda lesson: bool(lesson.teaching.learn)),
    Mode("why", "Why", "lessons:why", lambda lesson: bool(lesson.teaching.why)),
    Mode("deep", "Deep dive", "lessons:deep", lambda lesson: bool(lesson.teaching.deep)),
    Mode("visualize", "Visualize", "lessons:lesson", lambda lesson: True),
    Mode("try", "Try", "lessons:try", lambda lesson: bool(lesson.teaching.tasks)),
    Mode("challenge", "Challenge", "lessons:challenge", lambda lesson: bool(lesson.teaching.problems)),
    Mode("project", "Project", "lessons:project", lambda lesson: lesson.teaching.project is not None),
    Mode("review", "Review", "lessons:review", lambda lesson: lesson.teaching.review is not None),
    Mode("performance", "Performance", "lessons:performance", lambda lesson: lesson.teaching.performance is not None),
)


def lesson_or_404(slug: str, mode: str = "visualize") -> Lesson:
    """The lesson with this slug. Raises `Http404` when there is none, or when it has nothing for the mode."""
    try:
        lesson = catalogue.find_lesson(slug)
    except KeyError:
        raise Http404(f"There is no lesson {slug!r}.") from None
    if not any(each.id == mode and each.has_content(lesson) for each in MODES):
        raise Http404(f"The lesson {slug!r} has no mode {mode!r}.")
    return lesson


def show_mode(
    request: HttpRequest,
    lesson: Lesson,
    mode: str,
    template: str,
    context: Mapping[str, Any] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The page of a mode, which its learner has opened herewith; from now on the learner has a name."""
    name = note_visit(request, lesson, mode)
    response = render(request, template, {**mode_context(lesson, mode, name), **(context or {})}, status=status)
    remember_visitor(request, response, lesson, mode, name)
    return response


def note_visit(request: HttpRequest, lesson: Lesson, mode: str) -> str:
    """The name of the learner who opens a mode herewith; of somebody new nothing is kept yet. Asks the database."""
    if known := identity.learner_name(request):
        progress.record_visit(known, lesson, mode)
    return known or identity.new_learner()


def remember_visitor(request: HttpRequest, response: HttpResponse, lesson: Lesson, mode: str, name: str) -> None:
    """Keep the name in the browser, and for somebody new, what was opened."""
    first = () if identity.learner_name(request) else (lesson.slug, mode)
    identity.remember_learner(response, name, secure=request.is_secure(), first=first)


def mode_context(lesson: Lesson, mode: str, name: str = "") -> dict[str, Any]:
    """The context of `lessons/mode.html`: lesson, mode, tabs, the tab behind (or None), progress. Asks the database."""
    reached = progress.lesson_progress(name, lesson)
    done = {each.mode for each in reached.modes if each.done}
    tabs = [
        Tab(each.id, each.title, each.address(lesson), each.id == mode, each.id in done, _due(each, reached))
        for each in MODES
        if each.has_content(lesson)
    ]
    return {
        "lesson": lesson,
        "mode": next(each for each in MODES if each.id == mode),
        "tabs": tabs,
        "behind": next((later for tab, later in pairwise(tabs) if tab.current), None),
        "progress": reached,
    }


def _due(mode: Mode, reached: Progress) -> int:
    return reached.due if mode.id == "review" else 0
