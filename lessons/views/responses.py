"""What the pages with something to answer share: who answers, what is refused, how one card or a whole page is sent."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from lessons import identity
from lessons.content.model import Lesson
from lessons.errors import Refused
from lessons.views.modes import mode_address, mode_context, note_visit, remember_visitor

__all__ = ["mode_address"]

STATUS: Final[Mapping[str, HTTPStatus]] = {
    "learner": HTTPStatus.FORBIDDEN,
    "malformed": HTTPStatus.BAD_REQUEST,
    "too-long": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "out-of-turn": HTTPStatus.CONFLICT,
    "repeated": HTTPStatus.CONFLICT,
    "settled": HTTPStatus.CONFLICT,
    "not-due": HTTPStatus.CONFLICT,
}


def learner_or_new(request: HttpRequest) -> str:
    """The name of this learner, or one for a new learner; `send` keeps it in the browser."""
    return identity.learner_name(request) or identity.new_learner()


def refusal_status(error: Refused) -> HTTPStatus:
    """The status of an answer that was not taken. Raises `Http404` when what was answered does not exist."""
    if error.code == "unknown":
        raise Http404(error.message)
    return STATUS.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)


def wants_fragment(request: HttpRequest) -> bool:
    """Did htmx ask, and not a form or a link?"""
    return bool(request.headers.get("HX-Request"))


def plain_refusal(sentence: str, status: HTTPStatus) -> HttpResponse:
    """A refusal in a sentence, which a script says beside the control that was pressed."""
    return HttpResponse(sentence, "text/plain; charset=utf-8", status)


async def mode_page(
    request: HttpRequest,
    lesson: Lesson,
    mode: str,
    context: Mapping[str, Any],
    name: str,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The whole page of a mode; opening it counts as a visit of this learner, once the learner is known."""
    if request.method == "GET":
        await sync_to_async(note_visit)(request, lesson, mode)
    frame = await sync_to_async(mode_context)(lesson, mode, name)
    response = render(request, f"lessons/modes/{mode}.html", {**frame, **context}, status=status)
    remember_visitor(request, response, lesson, mode, name)
    return response


def render_fragment(
    request: HttpRequest,
    lesson: Lesson,
    template: str,
    context: Mapping[str, Any],
    name: str,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """A part of a page, for htmx."""
    response = render(request, f"lessons/modes/{template}", {"lesson": lesson, **context}, status=status)
    return with_learner_cookie(request, response, name)


def redirect_after_post(request: HttpRequest, address: str, name: str) -> HttpResponseBase:
    """To the page that shows what came of a plain post."""
    return with_learner_cookie(request, redirect(address, permanent=False), name)


def look_again_address(request: HttpRequest, item: str) -> str:
    """Where a page without scripts looks again. A browser loads an address with a `#` anew only if it has changed."""
    query = request.GET.copy()
    query["look"] = "2" if query.get("look") == "1" else "1"
    return f"?{query.urlencode()}#{item}"


def with_learner_cookie[R: HttpResponse](request: HttpRequest, response: R, name: str) -> R:
    """The response, with the learner's name kept in the browser for another year."""
    identity.remember_learner(response, name, secure=request.is_secure())
    return response
