"""What other sites show of an address of ours: words and a picture of what was measured."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.database import unless_away
from lessons.export import captions
from lessons.export.preview_cache import NotDrawn, previews
from lessons.lab.events import Event
from lessons.runs import composite_log, shares
from lessons.runs.service import run_service
from lessons.stage import narration
from lessons.stage.model import Stage
from lessons.stage.viewpoint import Viewpoint
from lessons.views.error_replies import reply_as_text, reply_form
from lessons.views.modes import lesson_or_404
from lessons.views.run_access import RunMoment

log = logging.getLogger(__name__)

DAY: Final = 24 * 3600


@dataclass(frozen=True, slots=True)
class Preview:
    """Of a shared moment."""

    title: str
    description: str
    address: str  # path and query of the page that shows it
    image: str  # path


async def preview_of(request: HttpRequest, stage: Stage, run: str, viewpoint: Viewpoint) -> Preview | None:
    """What to tell of the page of a run that stands at a shared moment; None for any other page.

    `viewpoint` is settled.
    """
    if "cursor" not in request.GET:
        return None
    moment = run, stage.seq, viewpoint.lane, viewpoint.request
    found, _ = await sync_to_async(unless_away)(lambda: shares.share_of_moment(*moment), lambda: None)
    if found is None:
        return None
    return Preview(
        title=f"{stage.lesson.title}: {captions.true_time_caption(stage)} into a run",
        description=stage_in_sentences(stage),
        address=RunMoment(run, stage.seq, viewpoint.lane, viewpoint.request).address(stage.lesson.slug),
        image=reverse("lessons:shared-picture", args=[found.key]),
    )


def stage_in_sentences(stage: Stage) -> str:
    """The stage in some sentences: who was faster, and how far each lane has got."""
    name = stage.lesson.lane
    lanes = [
        f"{name(each.id).name} ({captions.server_caption(stage, each)}): {narration.state_tally(each)}."
        for each in stage.lanes
    ]
    return " ".join(filter(None, [narration.race_verdict(stage), *lanes, "Measured on real servers, not simulated."]))


@reply_form(reply_as_text)
@require_safe
async def shared_picture(request: HttpRequest, key: str) -> HttpResponseBase:
    """The picture of a shared moment."""
    found = await sync_to_async(shares.find_share)(key)
    lesson, events = await run_service().history(found.run)
    return await _png(request, lesson, found.run, (events, found.cursor), Viewpoint(found.lane, found.request))


@reply_form(reply_as_text)
@require_safe
async def lesson_picture(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The picture of a lesson: the end of its recorded run."""
    lesson = lesson_or_404(slug)
    events = catalogue.recorded_events(lesson)
    return await _png(request, lesson, composite_log.recording_name(lesson), (events, len(events)), Viewpoint())


async def _png(
    request: HttpRequest, lesson: Lesson, run: str, moment: tuple[Sequence[Event], int], viewpoint: Viewpoint
) -> HttpResponseBase:
    try:
        png = await previews().png(lesson, run, *moment, viewpoint)
    except NotDrawn as error:
        log.warning("A picture of run %s was not drawn.", run, exc_info=error)
        raise
    etag = f'"{sha256(png).hexdigest()[:32]}"'
    headers = {"Cache-Control": f"public, max-age={DAY}", "ETag": etag}
    response = HttpResponse(png, content_type="image/png", headers=headers)
    return get_conditional_response(request, etag, response=response) or response
