"""A run as text: a page to read, and the same without any markup."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lessons.content.model import Lesson
from lessons.lab.events import Event
from lessons.offload import offload
from lessons.playback.clock import START
from lessons.playback.position import WHOLE, parse_position, position_faults
from lessons.stage.run_text import RunText, plain_text, write_run_text
from lessons.views import run_access
from lessons.views.error_replies import reply_as_text, reply_form
from lessons.views.modes import lesson_or_404
from lessons.views.turnstile import file_in_turn


@require_safe
@file_in_turn
async def run_text_page(request: HttpRequest, slug: str, run: str) -> HttpResponse:
    """The run in words, as far as it has got or up to the event numbered `cursor`."""
    lesson = lesson_or_404(slug)
    told, notice = await _told(request, lesson, run)
    context = {"lesson": lesson, "run": run, "told": told, "notice": notice, "query": request.GET.urlencode()}
    return render(request, "lessons/retelling.html", context)


@reply_form(reply_as_text)
@require_safe
@file_in_turn
async def run_text_file(request: HttpRequest, slug: str, run: str) -> HttpResponse:
    """The same as plain text."""
    told, notice = await _told(request, lesson_or_404(slug), run)
    content = (f"{notice}\n\n" if notice else "") + plain_text(told)
    return HttpResponse(content, content_type="text/plain; charset=utf-8")


async def _told(request: HttpRequest, lesson: Lesson, run: str) -> tuple[RunText, str]:
    """The run in words, and what to say about the address. Raises `RunUnknown`, `LogUnavailable`."""
    position = parse_position(request.GET.dict())
    events, notice = _cut(await run_access.run_history(lesson, run), request.GET.get("cursor", ""))
    stray = position_faults(lesson, run_access.spec_of(events), position)
    told = await offload(
        len(events), write_run_text, lesson, events, position.viewpoint.lane, position.viewpoint.request
    )
    return told, f"{stray} {notice}".strip()


def _cut(events: tuple[Event, ...], cursor: str) -> tuple[tuple[Event, ...], str]:
    """The events up to the cursor; all of them, and a sentence, if the run has no such cursor."""
    if not cursor:
        return events, ""
    if WHOLE.fullmatch(cursor) and int(cursor) <= len(events):
        return events[: max(START, int(cursor))], ""
    return events, f"This run has no such moment: they are numbered from 0 to {len(events)}. Here is all of it."
