"""A short address for a moment of a run: made, followed."""

from collections.abc import Mapping
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

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.errors import Refused
from lessons.log.protocol import LogUnavailable, RunUnknown
from lessons.models import Share
from lessons.runs import shares
from lessons.views import responses, run_access
from lessons.views.modes import lesson_or_404
from lessons.views.run_access import RunMoment

# The socket needs the frame to have our origin, the pinned request's form must be able to submit, and the link to
# the whole page opens in a window that is free again.
SANDBOX: Final = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"
STATUS: Final[Mapping[str, HTTPStatus]] = {
    "malformed": HTTPStatus.UNPROCESSABLE_ENTITY,
    "too-many": HTTPStatus.TOO_MANY_REQUESTS,
}
UNKNOWN: Final = "This run is not here any more, so it cannot be shared. Send a new one."
AWAY: Final = "The site cannot reach its event log. Try again in a moment."


@dataclass(frozen=True, slots=True)
class SharedAddress:
    """What the sharer gets."""

    address: str  # absolute
    until: datetime | None  # None: as long as the run is kept
    snippet: str  # HTML that embeds the run at this moment


@require_POST
async def share_moment(request: HttpRequest, slug: str, run: str) -> HttpResponse:
    """Give a moment of a run a short address: fields `cursor`, `lane`, `request`."""
    lesson = lesson_or_404(slug)
    context: dict[str, object] = {"lesson": lesson, "back": reverse("lessons:run", args=[slug, run])}
    status = HTTPStatus.OK
    try:
        moment = run_access.chosen_moment(request.POST, lesson, run, await run_access.run_history(lesson, run))
        context["back"] = moment.address(slug)
        context["shared"] = _shared(request, lesson, moment, moment.address(slug))
        made = await sync_to_async(shares.create_share)(run, slug, moment.cursor, moment.lane, moment.request)
        context["shared"] = _shared(request, lesson, moment, reverse("lessons:shared", args=[made.key]), made.expires)
    except Refused as refused:
        context["error"], status = refused.message, STATUS[refused.code]
    except RunUnknown:
        context["error"], status = UNKNOWN, HTTPStatus.NOT_FOUND
    except LogUnavailable:
        context["error"], status = AWAY, HTTPStatus.SERVICE_UNAVAILABLE
    whole = not responses.wants_fragment(request)
    return render(request, "lessons/share.html" if whole else "lessons/_shared.html", context, status=status)


@require_safe
async def follow_share(request: HttpRequest, key: str) -> HttpResponseBase:
    """To the run at the shared moment, or to the lesson when it is gone."""
    try:
        found = await sync_to_async(shares.find_share)(key)
    except shares.ShareGone as gone:
        return _gone(request, gone)
    return redirect(moment_of_share(found).address(found.lesson))


def moment_of_share(found: Share) -> RunMoment:
    """Where it leads."""
    return RunMoment(found.run, found.cursor, found.lane, found.request)


def _shared(
    request: HttpRequest, lesson: Lesson, moment: RunMoment, address: str, until: datetime | None = None
) -> SharedAddress:
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


def _gone(request: HttpRequest, gone: shares.ShareGone) -> HttpResponse:
    lesson = catalogue.all_lessons().get(gone.lesson)
    status = HTTPStatus.GONE if gone.lesson else HTTPStatus.NOT_FOUND
    return render(request, "lessons/share_gone.html", {"lesson": lesson}, status=status)
