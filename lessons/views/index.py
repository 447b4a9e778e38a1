"""The list of lessons."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lessons import learner
from lessons.content.model import Lesson
from lessons.progress import Progress
from lessons.stage import catalogue
from lessons.views import modes
from lessons.views.modes import Tab


@dataclass(frozen=True, slots=True)
class Entry:
    """A lesson in the list, and how far the learner has got in it."""

    lesson: Lesson
    progress: Progress
    tabs: list[Tab]

    @property
    def done(self) -> int:
        """Modes in which nothing is left to do."""
        return sum(each.done for each in self.tabs)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every lesson."""
    name = learner.name(request)
    return render(
        request, "lessons/index.html", {"entries": [_entry(each, name) for each in catalogue.lessons().values()]}
    )


def _entry(lesson: Lesson, name: str) -> Entry:
    around = modes.around(lesson, "visualize", name)
    return Entry(lesson, around["progress"], around["tabs"])
