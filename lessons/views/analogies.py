"""Analogies: the learner's own run of an example, drawn as something from everyday life."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from lessons.content.analogy import Analogy
from lessons.content.model import Lesson
from lessons.content.sections import Mark
from lessons.htmx import HtmxHttpRequest
from lessons.learning import experiments
from lessons.learning.modes import mode_of_mark, text_examples
from lessons.stage.analogy import AnalogyPicture, draw_analogy
from lessons.views import run_access
from lessons.views.explanations import catch_trouble
from lessons.views.mode_request import ModeRequest
from lessons.views.modes import mode_address


@dataclass(frozen=True, slots=True)
class AnalogyCard:
    """An analogy as one learner sees it."""

    analogy: Analogy
    title: str  # of the example
    place: str  # address of the example in its text
    picture: AnalogyPicture | None  # None: there is no run of the learner's own yet, or none that can be shown


@require_safe
async def analogy_fragment(request: HtmxHttpRequest, slug: str, analogy: str) -> HttpResponse:
    """The analogy as it is now: a run may have come since the page was opened."""
    asked = ModeRequest.read(request, slug, "visualize")
    if analogy not in [each.id for each in asked.lesson.teaching.analogies]:
        raise Http404("This lesson has no such analogy.")
    card = await build_analogy(asked, analogy)
    return asked.piece("lessons/_analogy.html", {"card": card, "again": True})


async def build_analogy(asked: ModeRequest, id: str) -> AnalogyCard:
    """The card of an analogy, for whoever asks. Raises `KeyError`."""
    lesson = asked.lesson
    analogy = {each.id: each for each in lesson.teaching.analogies}[id]
    example = lesson.teaching.example(analogy.example)
    run = await asked.ask(experiments.latest_run, example.id)
    stage, _ = await catch_trouble(run_access.run_stage(lesson, run)) if run else (None, None)
    picture = draw_analogy(analogy, stage) if stage else None
    return AnalogyCard(analogy, example.title, _where_to_run(lesson, analogy), picture)


def _where_to_run(lesson: Lesson, analogy: Analogy) -> str:
    """Where its example can be run: in the text in which it stands itself, if possible."""
    mode = mode_of_mark(lesson, Mark("analogy", analogy.id))
    if analogy.example not in text_examples(lesson, mode):
        mode = mode_of_mark(lesson, Mark("run", analogy.example))
    return mode_address(lesson, mode or "visualize", f"example-{analogy.example}")
