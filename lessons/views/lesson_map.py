"""The map of a lesson: what was done, what is next and why, and how long it takes."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.htmx import HtmxHttpRequest
from lessons.learning import progress
from lessons.learning.effort import lesson_minutes, mode_effort
from lessons.learning.modes import Mode, lesson_modes
from lessons.learning.progress import ModeProgress, Progress
from lessons.rendering import markdown
from lessons.views.mode_request import ModeRequest
from lessons.views.modes import mode_address, mode_tabs


@dataclass(frozen=True, slots=True)
class Place:
    """A mode on the map."""

    title: str
    purpose: str
    address: str
    minutes: int
    reached: ModeProgress
    first: bool  # is it the one to begin with?


@require_safe
async def map_page(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """The modes in the order of the tabs."""
    asked = ModeRequest.read(request, slug, "visualize")
    reached = await asked.ask(progress.lesson_progress)
    return await asked.page(_map_context(asked.lesson, reached), template="lessons/map.html")


def _map_context(lesson: Lesson, reached: Progress) -> dict[str, Any]:
    places = [_place(lesson, each, reached) for each in lesson_modes(lesson)]
    return {
        "tabs": mode_tabs(lesson, reached),  # none of which is current here
        "places": places,
        "next": next((each for each in places if not each.reached.done), None),
        "minutes": lesson_minutes(lesson),
        "learnt": _learnt(lesson) if reached.done else (),
        "others": [each for each in catalogue.all_lessons().values() if each is not lesson],
    }


def _place(lesson: Lesson, mode: Mode, reached: Progress) -> Place:
    address, minutes = mode_address(lesson, mode.id), mode_effort(lesson, mode.id).minutes
    return Place(mode.title, mode.purpose, address, minutes, reached.mode(mode.id), mode.id == "path")


def _learnt(lesson: Lesson) -> tuple[SafeString, ...]:
    return tuple(map(markdown.render_inline, lesson.teaching.snapshot))
