"""Stage and playback for a frame in a page of another origin.

Such a page must not be able to act for the learner, who does not see whose buttons are pressed. So these pages are
rendered without the request: no cookie is read, none is set, there is no token in them, and no form that changes
anything. They are the only ones that may be framed.
"""

from datetime import UTC, datetime

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from lessons import catalogue
from lessons.log.protocol import RunUnknown
from lessons.playback.opening import opening_context
from lessons.playback.position import parse_position
from lessons.runs import composite_log, shares
from lessons.views import run_access
from lessons.views.error_replies import frameable
from lessons.views.run_access import RunMoment
from lessons.views.share import moment_of_share


@frameable
@require_safe
async def embedded_run(request: HttpRequest, slug: str, run: str) -> HttpResponse:
    """A run on the stage, at the place that the address asks for."""
    lesson = catalogue.all_lessons().get(slug)
    if lesson is None:
        raise RunUnknown(run)
    timeline = await run_access.run_timeline(lesson, run)
    context = opening_context(timeline, parse_position(request.GET.dict()), run)
    paused = context["playhead"].mode == "paused"
    seen = RunMoment(run, context["stage"].seq, context["viewpoint"].lane, context["viewpoint"].request)
    context |= {
        "lesson": lesson,
        "address": seen.address(slug) if paused else reverse("lessons:run", args=[slug, run]),
        "recorded": datetime.fromtimestamp(timeline.live.at, UTC)
        if run == composite_log.recording_name(lesson)
        else None,
        "refresh": not timeline.live.ended and not paused,
        "embedded": True,
        "linked": paused,
    }
    return HttpResponse(render_to_string("lessons/embed/run.html", context))


@frameable
@require_safe
async def embedded_share(request: HttpRequest, key: str) -> HttpResponseBase:
    """To the run at the shared moment."""
    found = await sync_to_async(shares.find_share)(key)
    return redirect(moment_of_share(found).address(found.lesson, "lessons:embed"))
