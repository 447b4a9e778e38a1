"""The stage: a lesson's recorded run, runs sent, watched and cancelled."""

import re
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lessons import forms, learner, markdown, runs
from lessons.content.model import Lesson
from lessons.forms import RunForm
from lessons.stage import catalogue, drawing, shelf
from lessons.stage.model import Stage
from lessons.stage.opening import opening
from lessons.stage.place import Place, asked
from lessons.stage.render import Viewpoint
from lessons.stage.tape import Tape
from lessons.views import modes, moments, preview, visualize
from lessons.views.modes import find

STEP: Final = re.compile(r"\d{1,2}")
PLACE: Final = re.compile(r"place-\d{1,3}")  # id of an element that takes a small stage


@require_safe
async def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """A lesson with its recorded run on the stage."""
    found = find(slug)
    preset = {each.id: each for each in found.presets}.get(request.GET.get("preset", ""), found.presets[0])
    form = RunForm(found, initial=forms.defaults(found, preset))
    return await _page(request, found, form, _recording(found), shelf.name(found))


@require_safe
async def run(request: HttpRequest, slug: str, run: str) -> HttpResponse:
    """A lesson with a run on the stage, at the place that the address asks for, or where the run is."""
    found = find(slug)
    try:
        tape = await moments.tape(found, run)
    except runs.RunUnknown:
        return moments.gone(request, found)
    except runs.LogUnavailable:
        return moments.unavailable(request, found)
    assert tape.live.spec is not None  # its history begins with it
    form = RunForm(found, initial=forms.of(found, tape.live.spec))
    return await _page(request, found, form, tape, run)


@require_POST
async def send(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Start a run from the form; the stage of the new run, or the form with what to correct."""
    found = find(slug)
    form = RunForm(found, request.POST)
    if not form.is_valid():
        return await _controls(request, found, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    sender = learner.name(request) or learner.new()
    try:
        name, events = await runs.service().begin(form.spec(), sender, form.predicted())
    except runs.LabFull:
        form.add_error(None, "The lab is full and so is its queue. Try again in a minute.")
        return await _controls(request, found, form, HTTPStatus.SERVICE_UNAVAILABLE)
    except runs.LogUnavailable:
        form.add_error(None, "The site cannot reach its event log, so nothing was sent. Try again in a moment.")
        return await _controls(request, found, form, HTTPStatus.SERVICE_UNAVAILABLE)
    response = _sent(request, found, form, Tape.of(found, events), name, sender)
    learner.remember(response, sender, secure=request.is_secure())
    return response


def _sent(request: HttpRequest, lesson: Lesson, form: RunForm, tape: Tape, run: str, sender: str) -> HttpResponse:
    """The stage of a new run: whole, small in the place of an example, or at the run's own address."""
    pin = request.POST.get("pin", "")
    address = reverse("lessons:run", args=[lesson.slug, run])
    if pin in [each.id for each in tape.live.lanes]:
        address += f"?{urlencode({'lane': pin, 'request': 1})}"
    if not request.headers.get("HX-Request"):
        step = request.POST.get("step", "")
        return redirect(address + (f"#step-{step}" if STEP.fullmatch(step) else ""))
    looked_at = Place(Viewpoint(pin, hold=form.spec().requests == 1))
    context = _context(request, lesson, form, tape, run, looked_at, sender)
    place = request.POST.get("place", "")
    if PLACE.fullmatch(place):
        return render(request, "lessons/_sent_small.html", {**context, "place": place})
    context["form"] = RunForm(lesson, initial=forms.of(lesson, form.spec()))  # the next run wants a new prediction
    response = render(request, "lessons/_sent.html", context)
    response["HX-Push-Url"] = address
    return response


@require_POST
async def cancel(request: HttpRequest, slug: str, run: str) -> HttpResponseBase:
    """Cancel a run of one's own."""
    try:
        await runs.service().cancel(run, learner.name(request))
    except runs.RunUnknown:
        return HttpResponse("There is no such run, or it has expired.", status=HTTPStatus.NOT_FOUND)
    except runs.NotYours:
        return HttpResponse("Only the learner who sent this run can cancel it.", status=HTTPStatus.FORBIDDEN)
    except runs.LogUnavailable:
        return HttpResponse("The site cannot reach its event log.", status=HTTPStatus.SERVICE_UNAVAILABLE)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return redirect("lessons:run", slug, run)


async def _page(
    request: HttpRequest,
    lesson: Lesson,
    form: RunForm,
    tape: Tape,
    run: str,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The whole page: the stage, and what stands around it."""
    name = await sync_to_async(modes.visitor)(request, lesson, "visualize")
    context = _context(request, lesson, form, tape, run)
    context["preview"] = await preview.of(request, context["stage"], run, context["viewpoint"])
    context |= await sync_to_async(_below)(lesson, name, tape.live, run, request.GET.get("hint", ""))
    response = render(request, "lessons/lesson.html", context, status=status)
    modes.welcome(request, response, lesson, "visualize", name)
    return response


def _below(lesson: Lesson, name: str, stage: Stage, run: str, hint: str) -> dict[str, Any]:
    """What stands around and below the stage, as far as the learner has got."""
    lanes = tuple(each.id for each in stage.lanes)
    return modes.around(lesson, "visualize", name) | visualize.sections(
        lesson, name, lanes, hint, recorded=run == shelf.name(lesson)
    )


def _context(
    request: HttpRequest,
    lesson: Lesson,
    form: RunForm,
    tape: Tape,
    run: str,
    place: Place | None = None,
    viewer: str = "",
) -> dict[str, Any]:
    context = opening(tape, place or asked(request.GET.dict()), run)
    recorded = run == shelf.name(lesson)
    stage = tape.live  # whatever moment of it is shown
    return {
        **context,
        "lesson": lesson,
        "remark": markdown.inline(lesson.teaching.remark),
        "transcript": markdown.render(lesson.teaching.transcript),
        "form": form,
        "recorded": datetime.fromtimestamp(stage.at, UTC) if recorded else None,
        "mine": not recorded and not stage.ended and learner.owns(run, stage.owner, viewer or learner.name(request)),
        "refresh": not stage.ended and context["playhead"].mode == "live",
        "notice": context["notice"] or _forecast(stage),
    }


@cache
def _recording(lesson: Lesson) -> Tape:
    return Tape.of(lesson, catalogue.recorded(lesson))


def _forecast(stage: Stage) -> str:
    """Say beforehand when a run cannot end within its time box."""
    if stage.ended or stage.spec is None:
        return ""
    needs = drawing.expected(stage.spec)
    box: float = settings.LAB_TIME_BOX
    if needs <= box:
        return ""
    return f"With these numbers the sync lane needs about {needs:.0f} s; a run is stopped after {box:.0f} s."


async def _controls(request: HttpRequest, lesson: Lesson, form: RunForm, status: HTTPStatus) -> HttpResponse:
    if request.headers.get("HX-Request") and "place" in request.POST:
        return render(request, "lessons/_not_sent.html", {"form": form}, status=status)
    if request.headers.get("HX-Request"):
        response = render(request, "lessons/_controls.html", {"lesson": lesson, "form": form}, status=status)
        response["HX-Retarget"] = "#controls"
        response["HX-Reswap"] = "outerMorph"
        return response
    return await _page(request, lesson, form, _recording(lesson), shelf.name(lesson), status)
