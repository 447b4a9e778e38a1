"""Project, its end: a view is put together from blocks and runs, and what the run measured decides."""

from typing import Final

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from lessons.content import builds
from lessons.content.builds import BUILD
from lessons.htmx import HtmxHttpRequest
from lessons.learning import builds as building
from lessons.learning import item_runs
from lessons.log.protocol import RunUnknown
from lessons.views import run_access
from lessons.views.build_card import build_context
from lessons.views.explanations import catch_trouble
from lessons.views.item_modes import ItemMode, ItemOutcome
from lessons.views.limits import RUN, limit_posts
from lessons.views.mode_request import ModeRequest
from lessons.views.projects import project_context

BUILDS: Final = ItemMode("project", BUILD, "build", "lessons/modes/_build.html", project_context)


@require_POST
@limit_posts(RUN)
async def run_build(request: HtmxHttpRequest, slug: str) -> HttpResponseBase:
    """Take the pieces, and run what comes of them."""
    asked = _ask_for_build(request, slug)
    spec, trouble = await catch_trouble(asked.ask(building.choose_pieces, request.POST))
    if spec:
        return await BUILDS.show_outcome(asked, await BUILDS.run_answer(asked, BUILD, spec, answered=True))
    return await BUILDS.show_outcome(asked, ItemOutcome(BUILD, trouble=trouble))


@require_safe
async def build_fragment(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """How the latest run of what was put together stands."""
    asked = _ask_for_build(request, slug)
    return asked.piece("lessons/modes/_build.html#result", await build_context(asked))


@require_POST
async def settle_build(request: HtmxHttpRequest, slug: str) -> HttpResponseBase:
    """Keep what the latest run of what was put together has shown."""
    asked = _ask_for_build(request, slug)
    _, trouble = await catch_trouble(_settle(asked))
    return await BUILDS.show_outcome(asked, ItemOutcome(BUILD, trouble=trouble))


def _ask_for_build(request: HtmxHttpRequest, slug: str) -> ModeRequest:
    """Raises `Http404` for a lesson that has nothing to put together."""
    asked = ModeRequest.read(request, slug, "project")
    if builds.build_of(asked.lesson) is None:
        raise Http404
    return asked


async def _settle(asked: ModeRequest) -> None:
    """Raises `Refused`, `RunUnknown`, `LogUnavailable`."""
    run = (await asked.ask(item_runs.latest_item_runs, BUILD)).get(BUILD, "")
    if not run:
        raise RunUnknown(run)
    await asked.ask(building.note_reached, await run_access.run_stage(asked.lesson, run))
