"""Learn, Why and Deep dive: a text in which examples run in place."""

from dataclasses import dataclass
from functools import cache

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from lessons.content.model import Lesson, Sample
from lessons.content.teaching import Example
from lessons.htmx import HtmxHttpRequest
from lessons.rendering import markdown
from lessons.rendering.highlighting import highlight_source
from lessons.stage import wording
from lessons.views.evidence import RunWish
from lessons.views.mode_request import ModeRequest


@dataclass(frozen=True, slots=True)
class ExampleCode:
    """A view that runs in an example."""

    name: str
    html: SafeString  # highlighted


@dataclass(frozen=True, slots=True)
class ExampleOffer:
    """An example that can be run in place."""

    title: str
    look: SafeString  # what to look at
    lane_names: str  # "Sync view and Async view"
    waits: bool  # does any of its views fetch data?
    pooled: bool  # has it a lane whose workers are counted?
    run: RunWish
    codes: tuple[ExampleCode, ...]  # of its lanes, each once


@dataclass(frozen=True, slots=True)
class TextPassage:
    """Some of the text, and the example that stands behind it."""

    text: SafeString
    offer: ExampleOffer | None


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
    return await asked.page({"passages": _passages(asked.lesson, mode)}, template="lessons/text.html")


@cache
def _passages(lesson: Lesson, mode: str) -> tuple[TextPassage, ...]:
    examples = {each.id: each for each in lesson.teaching.examples}
    text: str = getattr(lesson.teaching, mode)
    return tuple(
        TextPassage(each.html, _offer(lesson, examples[each.example]) if each.example else None)
        for each in markdown.split_sections(text)
    )


def _offer(lesson: Lesson, example: Example) -> ExampleOffer:
    lanes = [lesson.lane(each) for each in example.lanes]
    samples = [lesson.sample(each) for each in dict.fromkeys(lane.sample for lane in lanes)]
    return ExampleOffer(
        title=example.title,
        look=markdown.render_inline(example.look),
        lane_names=wording.join_words([each.name for each in lanes]),
        waits=any("import fetch_data" in each.source for each in samples),
        pooled=any(each.server == "waitress" for each in lanes),
        run=RunWish(example.requests, example.wait, example.workers, example.lanes),
        codes=tuple(_code(each) for each in samples),
    )


def _code(sample: Sample) -> ExampleCode:
    return ExampleCode(sample.name, highlight_source(sample.source))
