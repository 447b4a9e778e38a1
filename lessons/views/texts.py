"""Learn, Why and Deep dive: a text in which examples run in place."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from lessons.content.sections import Mark
from lessons.htmx import HtmxHttpRequest
from lessons.learning import experiments
from lessons.learning.experiments import Tried
from lessons.rendering import markdown
from lessons.rendering.markdown import Section
from lessons.views.analogies import AnalogyCard, build_analogy
from lessons.views.experiments import ExampleCard, build_card
from lessons.views.mode_request import ModeRequest


@dataclass(frozen=True, slots=True)
class TextPassage:
    """Some of the text, and what stands behind it, if anything."""

    text: SafeString
    example: ExampleCard | None = None
    analogy: AnalogyCard | None = None


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
    sections = markdown.split_sections(getattr(asked.lesson.teaching, mode))
    passages = [await _passage(asked, each, tried) for each in sections]
    runs = any(each.example for each in passages)
    return await asked.page({"passages": passages, "runs": runs}, template="lessons/text.html")


async def _passage(asked: ModeRequest, section: Section, tried: Mapping[str, Tried]) -> TextPassage:
    match section.mark:
        case Mark("run", id):
            return TextPassage(section.html, example=build_card(asked.lesson, id, tried))
        case Mark("analogy", id):
            return TextPassage(section.html, analogy=await build_analogy(asked, id))
    return TextPassage(section.html)
