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
from lessons.learning.effort import Effort, mode_effort
from lessons.learning.modes import ORDER, find_mode, lesson_modes
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


@require_safe
async def map_page(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """The modes in the order in which they are worth taking up."""
    asked = ModeRequest.read(request, slug, "visualize")
    reached = await asked.ask(progress.lesson_progress)
    return await asked.page(_map_context(asked.lesson, reached), template="lessons/map.html")


def _map_context(lesson: Lesson, reached: Progress) -> dict[str, Any]:
    there = {each.id for each in lesson_modes(lesson)}
    ids = [each for each in ORDER if each in there]
    places = [_place(lesson, id, reached) for id in ids]
    efforts = (mode_effort(lesson, id) for id in ids)
    return {
        "tabs": mode_tabs(lesson, reached),  # none of which is current here
        "places": places,
        "next": next((each for each in places if not each.reached.done), None),
        "minutes": sum(efforts, Effort()).minutes,
        "learnt": _learnt(lesson) if reached.done else (),
        "others": [each for each in catalogue.all_lessons().values() if each is not lesson],
    }


def _place(lesson: Lesson, id: str, reached: Progress) -> Place:
    mode = find_mode(lesson, id)
    return Place(mode.title, mode.purpose, mode_address(lesson, id), mode_effort(lesson, id).minutes, reached.mode(id))


def _learnt(lesson: Lesson) -> tuple[SafeString, ...]:
    return tuple(map(markdown.render_inline, lesson.teaching.snapshot))
