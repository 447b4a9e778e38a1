"""A short address for a moment of a run: made, followed."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from lessons.addresses import client_address
from lessons.content.model import Lesson
from lessons.htmx import HtmxHttpRequest
from lessons.models import Share
from lessons.runs import shares
from lessons.views import run_access
from lessons.views.explanations import catch_trouble
from lessons.views.limits import SHARE, limit_posts
from lessons.views.modes import lesson_or_404
from lessons.views.run_access import RunMoment

# The socket needs the frame to have our origin, the pinned request's form must be able to submit, and the link to
# the whole page opens in a window that is free again.
SANDBOX: Final = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"


@dataclass(frozen=True, slots=True)
class SharedAddress:
    """What the sharer gets."""

    address: str  # absolute
    until: datetime | None  # None: as long as the run is kept
    snippet: str  # HTML that embeds the run at this moment


@require_POST
@limit_posts(SHARE)
async def share_moment(request: HtmxHttpRequest, slug: str, run: str) -> HttpResponse:
    """Give a moment of a run a short address: fields `cursor`, `lane`, `request`."""
    lesson = lesson_or_404(slug)
    moment = run_access.chosen_moment(request.POST, lesson, run, await run_access.run_history(lesson, run))
    create = sync_to_async(shares.create_share)
    made, trouble = await catch_trouble(
        create(run, slug, moment.cursor, moment.lane, moment.request, client_address(request))
    )
    shared = _shared_address(request, lesson, moment, made)
    context = {"lesson": lesson, "back": moment.address(slug), "shared": shared, "trouble": trouble}
    template = "lessons/_shared.html" if request.htmx else "lessons/share.html"
    return render(request, template, context, status=trouble.status if trouble else HTTPStatus.OK)


@require_safe
async def follow_share(request: HttpRequest, key: str) -> HttpResponseBase:
    """To the run at the shared moment, or to the lesson when it is gone."""
    found = await sync_to_async(shares.find_share)(key)
    return redirect(moment_of_share(found).address(found.lesson))


def moment_of_share(found: Share) -> RunMoment:
    """Where it leads."""
    return RunMoment(found.run, found.cursor, found.lane, found.request)


def _shared_address(request: HttpRequest, lesson: Lesson, moment: RunMoment, made: Share | None) -> SharedAddress:
    """The short address that was made, else the long one."""
    address = reverse("lessons:shared", args=[made.key]) if made else moment.address(lesson.slug)
    until = made.expires if made else None
    return SharedAddress(request.build_absolute_uri(address), until, _snippet(request, lesson, moment))


def _snippet(request: HttpRequest, lesson: Lesson, moment: RunMoment) -> str:
    """It has the run's own address: that one does not end while the run is kept."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="760" style="border: 0" loading="lazy" allow=""'
        ' sandbox="{}"></iframe>',
        request.build_absolute_uri(moment.address(lesson.slug, "lessons:embed")),
        f"{lesson.title}: a recorded run",
        SANDBOX,
    )
