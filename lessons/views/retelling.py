"""A run as text: a page to read, and the same without any markup."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lessons import runs
from lessons.aside import aside
from lessons.content.model import Lesson
from lessons.lab.events import Event
from lessons.stage.place import WHOLE, amiss, asked
from lessons.stage.playback import START
from lessons.stage.retelling import Retelling, plain, retell
from lessons.views import moments
from lessons.views.modes import find


@require_safe
async def page(request: HttpRequest, slug: str, run: str) -> HttpResponse:
    """The run in words, as far as it has got or up to the event numbered `cursor`."""
    lesson = find(slug)
    try:
        told, notice = await _told(request, lesson, run)
    except runs.RunUnknown:
        return moments.gone(request, lesson)
    except runs.LogUnavailable:
        return moments.unavailable(request, lesson)
    context = {"lesson": lesson, "run": run, "told": told, "notice": notice, "query": request.GET.urlencode()}
    return render(request, "lessons/retelling.html", context)


@require_safe
async def text(request: HttpRequest, slug: str, run: str) -> HttpResponse:
    """The same as plain text."""
    try:
        told, notice = await _told(request, find(slug), run)
    except runs.RunUnknown:
        return _plain("There is no such run, or it has expired.\n", HTTPStatus.NOT_FOUND)
    except runs.LogUnavailable:
        return _plain("The site cannot reach its event log.\n", HTTPStatus.SERVICE_UNAVAILABLE)
    return _plain((f"{notice}\n\n" if notice else "") + plain(told))


def _plain(content: str, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(content, content_type="text/plain; charset=utf-8", status=status)


async def _told(request: HttpRequest, lesson: Lesson, run: str) -> tuple[Retelling, str]:
    """The run in words, and what to say about the address. Raises `RunUnknown`, `LogUnavailable`."""
    place = asked(request.GET.dict())
    events, notice = _cut(await moments.history(lesson, run), request.GET.get("cursor", ""))
    stray = amiss(lesson, moments.wanted(events), place)
    told = await aside(len(events), retell, lesson, events, place.viewpoint.lane, place.viewpoint.request)
    return told, f"{stray} {notice}".strip()


def _cut(events: tuple[Event, ...], cursor: str) -> tuple[tuple[Event, ...], str]:
    """The events up to the cursor; all of them, and a sentence, if the run has no such cursor."""
    if not cursor:
        return events, ""
    if WHOLE.fullmatch(cursor) and int(cursor) <= len(events):
        return events[: max(START, int(cursor))], ""
    return events, f"This run has no such moment: they are numbered from 0 to {len(events)}. Here is all of it."
