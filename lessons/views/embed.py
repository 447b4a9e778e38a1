"""Stage and playback for a frame in a page of another origin.

Such a page must not be able to act for the learner, who does not see whose buttons are pressed. So these pages are
rendered without the request: no cookie is read, none is set, there is no token in them, and no form that changes
anything. They are the only ones that may be framed.
"""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.log.protocol import LogUnavailable, RunUnknown
from lessons.playback.opening import opening_context
from lessons.playback.position import parse_position
from lessons.runs import composite_log, shares
from lessons.views import run_access
from lessons.views.run_access import RunMoment
from lessons.views.share import moment_of_share

FRAMED: Final[dict[str, Any]] = {**settings.SECURE_CSP, "frame-ancestors": ["*"]}


@xframe_options_exempt
@csp_override(FRAMED)
@require_safe
async def embedded_run(request: HttpRequest, slug: str, run: str) -> HttpResponse:
    """A run on the stage, at the place that the address asks for."""
    lesson = catalogue.all_lessons().get(slug)
    if lesson is None:
        return _gone("")
    try:
        timeline = await run_access.run_timeline(lesson, run)
    except RunUnknown:
        return _gone(slug)
    except LogUnavailable:
        return _unavailable(lesson)
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
    }
    return _frame("run", context)


@xframe_options_exempt
@csp_override(FRAMED)
@require_safe
async def embedded_share(request: HttpRequest, key: str) -> HttpResponseBase:
    """To the run at the shared moment."""
    try:
        found = await sync_to_async(shares.find_share)(key)
    except shares.ShareGone as gone:
        return _gone(gone.lesson, HTTPStatus.GONE if gone.lesson else HTTPStatus.NOT_FOUND)
    return redirect(moment_of_share(found).address(found.lesson, "lessons:embed"))


def _gone(slug: str, status: HTTPStatus = HTTPStatus.NOT_FOUND) -> HttpResponse:
    lesson = catalogue.all_lessons().get(slug)
    context = {
        "heading": "This run is not here any more",
        "sentence": "A run, and the address of a moment of it, are kept for a limited time.",
        "lesson": lesson,
        "address": reverse("lessons:lesson", args=[slug]) if lesson else reverse("lessons:index"),
    }
    return _frame("gone", context, status)


def _unavailable(lesson: Lesson) -> HttpResponse:
    context = {
        "heading": "The run cannot be read right now",
        "sentence": "The site cannot reach its event log. The run is not lost: load this page again in a moment.",
        "lesson": lesson,
        "address": reverse("lessons:lesson", args=[lesson.slug]),
    }
    return _frame("gone", context, HTTPStatus.SERVICE_UNAVAILABLE)


def _frame(template: str, context: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(render_to_string(f"lessons/embed/{template}.html", context), status=status)
