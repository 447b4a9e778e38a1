"""The list of lessons."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lessons import catalogue, identity
from lessons.content.faults import ContentError
from lessons.content.model import Lesson
from lessons.database import unless_away
from lessons.htmx import HtmxHttpRequest
from lessons.learning.effort import lesson_minutes, mode_effort
from lessons.learning.progress import Progress, lessons_progress
from lessons.views.modes import Tab, mode_address, mode_tabs
from lessons.views.staged_run import StagedRun, hero_context


@dataclass(frozen=True, slots=True)
class LessonEntry:
    """A lesson in the list, and how far the learner has got in it."""

    lesson: Lesson
    progress: Progress
    tabs: list[Tab]

    @property
    def minutes(self) -> int:
        """Of all its modes."""
        return lesson_minutes(self.lesson)

    @property
    def path_minutes(self) -> int:
        """Of the guided path; 0 without one."""
        return mode_effort(self.lesson, "path").minutes if self.lesson.teaching.path else 0

    @property
    def start(self) -> str:
        """Where to go on: the first tab, which is the path where there is one, until it is done; then the stage."""
        first = self.tabs[0]
        return first.address if first.id == "path" and not first.done else mode_address(self.lesson, "visualize")

    @property
    def done(self) -> int:
        """Modes in which nothing is left to do."""
        return sum(each.done for each in self.tabs)


@require_safe
def lesson_list(request: HtmxHttpRequest) -> HttpResponse:
    """Every lesson."""
    lessons = tuple(catalogue.all_lessons().values())
    learner = identity.learner_name(request)
    reached, known = unless_away(lambda: lessons_progress(learner, lessons), lambda: lessons_progress("", lessons))
    request.unknown_progress = not known
    entries = [LessonEntry(each, reached[each.slug], mode_tabs(each, reached[each.slug])) for each in lessons]
    broken = catalogue.broken_lessons() if settings.DEBUG else {}
    return render(request, "lessons/index.html", {**_hero(entries), "entries": entries, "broken": broken})


def _hero(entries: Iterable[LessonEntry]) -> dict[str, Any]:
    """The first lesson that has a recorded run which can be read, that run, and where its learner goes on."""
    for entry in entries:
        with suppress(ContentError):
            run = hero_context(StagedRun.recorded_of(entry.lesson))
            return {"hero": entry.lesson, "begin": _beginning(entry), **run}
    return {}


def _beginning(entry: LessonEntry) -> dict[str, str]:
    """The words and the address of the button that leads into a lesson."""
    word = f"Begin: {entry.lesson.title}"
    if entry.lesson.teaching.path:
        way = entry.progress.mode("path")
        if way.done:
            word = "Go on: Visualize"
        elif way.done_items:
            word = f"Continue: experiment {way.done_items + 1} of {way.items}"
    return {"word": word, "address": entry.start}
