"""The stage: a lesson's recorded run, runs sent, watched and cancelled."""

import re
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lessons import catalogue, identity
from lessons.content.model import Lesson
from lessons.lab.supervisor import LabFull
from lessons.log.protocol import LogUnavailable
from lessons.playback.opening import opening_context
from lessons.playback.position import Position, parse_position
from lessons.playback.timeline import Timeline
from lessons.rendering import markdown
from lessons.runs import composite_log
from lessons.runs.service import run_service
from lessons.stage import drawing
from lessons.stage.model import Stage
from lessons.stage.viewpoint import Viewpoint
from lessons.views import modes, preview, responses, run_access, run_form, visualize
from lessons.views.htmx import HtmxHttpRequest
from lessons.views.modes import lesson_or_404
from lessons.views.presses import pressed
from lessons.views.run_form import RunForm

STEP: Final = re.compile(r"\d{1,2}")
PLACE: Final = re.compile(r"place-\d{1,3}")  # id of an element that takes a small stage


@require_safe
async def lesson_page(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """A lesson with its recorded run on the stage."""
    found = lesson_or_404(slug)
    preset = {each.id: each for each in found.presets}.get(request.GET.get("preset", ""), found.presets[0])
    form = RunForm(found, initial=run_form.preset_initial(found, preset))
    return await _page(request, found, form, _recording(found), composite_log.recording_name(found))


@require_safe
async def run_page(request: HtmxHttpRequest, slug: str, run: str) -> HttpResponse:
    """A lesson with a run on the stage, at the place that the address asks for, or where the run is."""
    found = lesson_or_404(slug)
    timeline = await run_access.run_timeline(found, run)
    assert timeline.live.spec is not None  # its history begins with it
    form = RunForm(found, initial=run_form.spec_initial(found, timeline.live.spec))
    return await _page(request, found, form, timeline, run)


@require_POST
async def send_run(request: HtmxHttpRequest, slug: str) -> HttpResponseBase:
    """Start a run from the form; the stage of the new run, or the form with what to correct."""
    found = lesson_or_404(slug)
    form = RunForm(found, request.POST)
    if not form.is_valid():
        return await _controls(request, found, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    sender = identity.learner_name(request) or identity.new_learner()
    try:
        name, events = await run_service().begin(form.spec(), sender, form.predicted(), press=pressed(request))
    except LabFull:
        form.add_error(None, "The lab is full and so is its queue. Try again in a minute.")
        return await _controls(request, found, form, HTTPStatus.SERVICE_UNAVAILABLE)
    except LogUnavailable:
        form.add_error(None, "The site cannot reach its event log, so nothing was sent. Try again in a moment.")
        return await _controls(request, found, form, HTTPStatus.SERVICE_UNAVAILABLE)
    response = _sent(request, found, form, Timeline.of(found, events), name, sender)
    identity.remember_learner(response, sender, secure=request.is_secure())
    return response


def _sent(
    request: HtmxHttpRequest, lesson: Lesson, form: RunForm, timeline: Timeline, run: str, sender: str
) -> HttpResponse:
    """The stage of a new run: whole, small in the place of an example, or at the run's own address."""
    pin = request.POST.get("pin", "")
    address = reverse("lessons:run", args=[lesson.slug, run])
    if pin in [each.id for each in timeline.live.lanes]:
        address += f"?{urlencode({'lane': pin, 'request': 1})}"
    if not request.htmx or "open" in request.POST:
        step = request.POST.get("step", "")
        return redirect(address + (f"#step-{step}" if STEP.fullmatch(step) else ""))
    looked_at = Position(Viewpoint(pin, hold=form.spec().requests == 1))
    context = _context(request, lesson, form, timeline, run, looked_at, sender)
    place = request.POST.get("place", "")
    if PLACE.fullmatch(place):
        return render(request, "lessons/_sent_small.html", {**context, "place": place})
    context["form"] = RunForm(
        lesson, initial=run_form.spec_initial(lesson, form.spec())
    )  # the next run wants a new prediction
    response = render(request, "lessons/_sent.html", context)
    response["HX-Push-Url"] = address
    return response


@require_POST
async def cancel_run(request: HtmxHttpRequest, slug: str, run: str) -> HttpResponseBase:
    """Cancel a run of one's own."""
    await run_service().cancel(run, identity.learner_name(request))
    if request.htmx:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return redirect("lessons:run", slug, run)


async def _page(
    request: HtmxHttpRequest,
    lesson: Lesson,
    form: RunForm,
    timeline: Timeline,
    run: str,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The whole page: the stage, and what stands around it."""
    name = await sync_to_async(modes.note_visit)(request, lesson, "visualize")
    context = _context(request, lesson, form, timeline, run)
    context["preview"] = await preview.preview_of(request, context["stage"], run, context["viewpoint"])
    context |= await sync_to_async(_below)(lesson, name, timeline.live, run, request.GET.get("hint", ""))
    response = render(request, "lessons/lesson.html", context, status=status)
    modes.remember_visitor(request, response, lesson, "visualize", name)
    return response


def _below(lesson: Lesson, name: str, stage: Stage, run: str, hint: str) -> dict[str, Any]:
    """What stands around and below the stage, as far as the learner has got."""
    lanes = tuple(each.id for each in stage.lanes)
    return modes.mode_context(lesson, "visualize", name) | visualize.visualize_sections(
        lesson, name, lanes, hint, recorded=run == composite_log.recording_name(lesson)
    )


def _context(
    request: HtmxHttpRequest,
    lesson: Lesson,
    form: RunForm,
    timeline: Timeline,
    run: str,
    position: Position | None = None,
    viewer: str = "",
) -> dict[str, Any]:
    context = opening_context(timeline, position or parse_position(request.GET.dict()), run)
    recorded = run == composite_log.recording_name(lesson)
    stage = timeline.live  # whatever moment of it is shown
    return {
        **context,
        "lesson": lesson,
        "remark": markdown.render_inline(lesson.teaching.remark),
        "transcript": markdown.render_block(lesson.teaching.transcript),
        "form": form,
        "recorded": datetime.fromtimestamp(stage.at, UTC) if recorded else None,
        "mine": not recorded
        and not stage.ended
        and identity.owns_run(run, stage.owner, viewer or identity.learner_name(request)),
        "refresh": not stage.ended and context["playhead"].mode == "live",
        "notice": context["notice"] or _forecast(stage),
    }


@cache
def _recording(lesson: Lesson) -> Timeline:
    return Timeline.of(lesson, catalogue.recorded_events(lesson))


def _forecast(stage: Stage) -> str:
    """Say beforehand when a run cannot end within its time box."""
    if stage.ended or stage.spec is None:
        return ""
    needs = drawing.expected_seconds(stage.spec)
    box: float = settings.LAB_TIME_BOX
    if needs <= box:
        return ""
    return f"With these numbers the sync lane needs about {needs:.0f} s; a run is stopped after {box:.0f} s."


async def _controls(request: HtmxHttpRequest, lesson: Lesson, form: RunForm, status: HTTPStatus) -> HttpResponse:
    if request.htmx and not request.POST.keys().isdisjoint(("place", "open")):  # its form holds no field to correct
        return responses.plain_refusal(form.refusal, status)
    if request.htmx:
        response = render(request, "lessons/_controls.html", {"lesson": lesson, "form": form}, status=status)
        response["HX-Retarget"] = "#controls"
        response["HX-Reswap"] = "outerMorph"
        return response
    return await _page(request, lesson, form, _recording(lesson), composite_log.recording_name(lesson), status)
