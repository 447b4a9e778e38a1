"""The one place that turns a domain error into a reply: as a page, in a frame or as plain text.

Whatever a view lets go comes here, whether the view is async or not. A view that wants another form than a page, or for
htmx than plain text, says so with `reply_form`.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from lessons import catalogue, metrics
from lessons.content.faults import ContentError
from lessons.content.model import Lesson
from lessons.database import is_away, note_away
from lessons.htmx import HtmxHttpRequest
from lessons.views.explanations import Explanation, explain_error, say_when

FRAMEABLE: Final[dict[str, Any]] = {**settings.SECURE_CSP, "frame-ancestors": ["*"]}

log = logging.getLogger(__name__)

type ReplyForm = Callable[[HtmxHttpRequest, Explanation, Lesson | None], HttpResponse]
type View = Callable[..., Any]


def reply_form[V: View](form: ReplyForm) -> Callable[[V], V]:
    """Have the domain errors of a view told in this form."""

    def mark(view: V) -> V:
        view.__dict__["reply_form"] = form
        return view

    return mark


def frameable[V: View](view: V) -> V:
    """Let any page frame what the view shows, its errors too. The view must not know the learner."""
    exempt: V = xframe_options_exempt(csp_override(FRAMEABLE)(reply_form(reply_in_frame)(view)))
    return exempt


class DomainErrorMiddleware(MiddlewareMixin):
    """Asked by Django for a reply to what a view has raised."""

    def process_exception(self, request: HtmxHttpRequest, error: Exception) -> HttpResponse | None:
        """The reply; None for what is no domain error, but a fault."""
        if (explanation := explain_error(error)) is None:
            return None
        if is_away(error):
            note_away(error)
        if isinstance(error, ContentError):
            log.error("%s cannot be shown: %s", request.path, error.faults[0])
        metrics.REFUSALS.labels(getattr(error, "code", type(error).__name__)).inc()
        assert request.resolver_match  # a view has raised it
        form = getattr(request.resolver_match.func, "reply_form", reply_as_text if request.htmx else reply_as_page)
        response: HttpResponse = form(request, explanation, _lesson(request, error))
        return say_when(response, explanation)


def reply_as_page(request: HttpRequest, explanation: Explanation, lesson: Lesson | None) -> HttpResponse:
    """A page that leads back to the lesson."""
    context = {"explanation": explanation, "lesson": lesson}
    return render(request, "lessons/trouble.html", context, status=explanation.status)


def reply_as_text(request: HttpRequest, explanation: Explanation, lesson: Lesson | None) -> HttpResponse:
    """For what is no page."""
    return say_plainly(f"{explanation.sentence}\n", explanation.status)


def say_plainly(sentence: str, status: HTTPStatus) -> HttpResponse:
    """A refusal as plain text; scripts say it beside the control that was pressed (static/js/answers.js)."""
    return HttpResponse(sentence, "text/plain; charset=utf-8", status)


@xframe_options_exempt
@csp_override(FRAMEABLE)
def reply_in_frame(request: HttpRequest, explanation: Explanation, lesson: Lesson | None) -> HttpResponse:
    """A page for a frame, rendered without the request: it knows no learner."""
    context = {"explanation": explanation, "lesson": lesson}
    return HttpResponse(render_to_string("lessons/embed/trouble.html", context), status=explanation.status)


def _lesson(request: HttpRequest, error: Exception) -> Lesson | None:
    """The lesson that the address names, or the error."""
    assert request.resolver_match
    slug = request.resolver_match.kwargs.get("slug") or getattr(error, "lesson", "")
    return catalogue.all_lessons().get(str(slug))
