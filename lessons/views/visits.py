"""That a learner has opened a mode: told by the page once its reader stirs. Looking at an address changes nothing."""

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST

from lessons import identity
from lessons.htmx import HtmxHttpRequest
from lessons.learning import progress
from lessons.views.mode_request import ModeRequest


@require_POST
async def note_visit(request: HtmxHttpRequest, slug: str, mode: str) -> HttpResponseBase:
    """Keep the visit of a learner whose browser brings the name that it was given; of nobody else anything is kept.

    `marked` is in the form of those who press a button, for want of scripts: they see the page again.
    """
    asked = ModeRequest.read(request, slug, mode)
    if identity.learner_name(request):
        await asked.ask(progress.record_visit, mode)
    return asked.redirect() if "marked" in request.POST else HttpResponse(status=HTTPStatus.NO_CONTENT)
