"""The list of lessons."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lessons import catalogue, identity
from lessons.content.model import Lesson
from lessons.learning.progress import Progress
from lessons.views import modes
from lessons.views.modes import Tab


@dataclass(frozen=True, slots=True)
class LessonEntry:
    """A lesson in the list, and how far the learner has got in it."""

    lesson: Lesson
    progress: Progress
    tabs: list[Tab]

    @property
    def done(self) -> int:
        """Modes in which nothing is left to do."""
        return sum(each.done for each in self.tabs)


@require_safe
def lesson_list(request: HttpRequest) -> HttpResponse:
    """Every lesson."""
    name = identity.learner_name(request)
    return render(
        request, "lessons/index.html", {"entries": [_entry(each, name) for each in catalogue.all_lessons().values()]}
    )


def _entry(lesson: Lesson, name: str) -> LessonEntry:
    around = modes.mode_context(lesson, "visualize", name)
    return LessonEntry(lesson, around["progress"], around["tabs"])
