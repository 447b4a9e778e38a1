"""Learn, Why and Deep dive: a text in which examples run in place."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from lessons.content.model import Lesson
from lessons.htmx import HtmxHttpRequest
from lessons.learning import experiments
from lessons.learning.experiments import Tried
from lessons.rendering import markdown
from lessons.views.experiments import ExampleCard, build_card
from lessons.views.mode_request import ModeRequest


@dataclass(frozen=True, slots=True)
class TextPassage:
    """Some of the text, and the example that stands behind it."""

    text: SafeString
    card: ExampleCard | None


@require_safe
async def learn_page(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """What it is, when to use it, how it is written."""
    return await _show_text(request, slug, "learn")


@require_safe
async def why_page(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """The problem and the solution."""
    return await _show_text(request, slug, "why")


@require_safe
async def deep_page(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """What really happens inside."""
    return await _show_text(request, slug, "deep")


async def _show_text(request: HtmxHttpRequest, slug: str, mode: str) -> HttpResponse:
    asked = ModeRequest.read(request, slug, mode)
    tried = await asked.ask(experiments.tried_examples)
    return await asked.page({"passages": _passages(asked.lesson, mode, tried)}, template="lessons/text.html")


def _passages(lesson: Lesson, mode: str, tried: Mapping[str, Tried]) -> list[TextPassage]:
    sections = markdown.split_sections(getattr(lesson.teaching, mode))
    return [
        TextPassage(each.html, build_card(lesson, each.example, tried) if each.example else None) for each in sections
    ]
