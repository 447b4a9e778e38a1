"""A run as a small picture, for the list of one's runs."""

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lessons.export.shown import Shown
from lessons.export.thumbnail import draw_thumbnail
from lessons.lab.events import RunEnded
from lessons.offload import offload
from lessons.views import run_access
from lessons.views.error_replies import reply_as_text, reply_form
from lessons.views.exports import NOTHING_RUNS
from lessons.views.modes import lesson_or_404
from lessons.views.turnstile import file_in_turn

DAY: Final = 24 * 3600  # s


@reply_form(reply_as_text)
@require_safe
@file_in_turn
async def run_thumbnail(request: HttpRequest, slug: str, run: str) -> HttpResponse:
    """Each lane's timeline as far as the run has got."""
    lesson = lesson_or_404(slug)
    events = await run_access.run_history(lesson, run)
    made = await offload(len(events), lambda: draw_thumbnail(Shown.of(lesson, events)))
    ended = bool(events) and isinstance(events[-1].body, RunEnded)
    return HttpResponse(
        made,
        "image/svg+xml; charset=utf-8",
        HTTPStatus.OK,
        headers={
            "Cache-Control": f"private, max-age={DAY}" if ended else "no-cache",
            "Content-Security-Policy": f"{NOTHING_RUNS}; frame-ancestors 'none'",
        },
    )
