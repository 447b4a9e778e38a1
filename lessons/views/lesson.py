"""The stage: a lesson's recorded run, runs sent, watched and cancelled."""

import re
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from asgiref.sync import sync_to_async
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lessons import identity
from lessons.content.model import Lesson
from lessons.database import unless_away
from lessons.htmx import HtmxHttpRequest
from lessons.learning import experiments
from lessons.playback.position import Position, parse_position
from lessons.playback.timeline import Timeline
from lessons.runs.service import run_service
from lessons.stage.viewpoint import Viewpoint
from lessons.views import preview, run_access, run_form
from lessons.views.error_replies import say_plainly
from lessons.views.evidence import EvidenceScene
from lessons.views.experiments import example_place
from lessons.views.explanations import catch_trouble, say_when
from lessons.views.limits import RUN, limit_posts
from lessons.views.mode_request import ModeRequest
from lessons.views.presses import find_press
from lessons.views.run_form import RunForm
from lessons.views.staged_run import StagedRun, staged_run_context
from lessons.views.visualize import visualize_sections

STEP: Final = re.compile(r"\d{1,2}")
PLACE: Final = re.compile(r"place-\d{1,3}")  # id of an element that takes a small stage


@require_safe
async def lesson_page(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """A lesson with its recorded run on the stage."""
    asked = ModeRequest.read(request, slug, "visualize")
    presets = asked.lesson.presets
    preset = {each.id: each for each in presets}.get(request.GET.get("preset", ""), presets[0])
    form = RunForm(asked.lesson, initial=run_form.preset_initial(asked.lesson, preset))
    return await _show_page(asked, form, StagedRun.recorded_of(asked.lesson))


@require_safe
async def run_page(request: HtmxHttpRequest, slug: str, run: str) -> HttpResponse:
    """A lesson with a run on the stage, at the place that the address asks for, or where the run is."""
    asked = ModeRequest.read(request, slug, "visualize")
    staged = StagedRun(run, await run_access.run_timeline(asked.lesson, run))
    assert staged.stage.spec is not None  # its history begins with it
    form = RunForm(asked.lesson, initial=run_form.spec_initial(asked.lesson, staged.stage.spec))
    return await _show_page(asked, form, staged)


@require_POST
@limit_posts(RUN)
async def send_run(request: HtmxHttpRequest, slug: str) -> HttpResponseBase:
    """Start a run from the form; the stage of the new run, or the form with what to correct."""
    asked = ModeRequest.read(request, slug, "visualize")
    form = RunForm(asked.lesson, request.POST)
    if not form.is_valid():
        return await _show_form(asked, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    begun = run_service().begin(form.spec(), asked.learner, form.predicted(), press=find_press(request))
    started, trouble = await catch_trouble(begun)
    if trouble:
        form.add_error(None, trouble.sentence)
        return say_when(await _show_form(asked, form, trouble.status), trouble)
    assert started
    name, events = started
    await _note_sent(asked, form, name)
    return asked.keep_name(_show_sent(asked, form, StagedRun(name, Timeline.of(asked.lesson, events))))


@require_POST
async def cancel_run(request: HtmxHttpRequest, slug: str, run: str) -> HttpResponseBase:
    """Cancel a run of one's own."""
    await run_service().cancel(run, identity.learner_name(request))
    if request.htmx:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return redirect("lessons:run", slug, run)


async def _note_sent(asked: ModeRequest, form: RunForm, run: str) -> None:
    """Keep that an example was tried, or the stage used. The run goes on without the database, too."""

    def keep() -> None:
        if form.example:
            experiments.note_tried(asked.learner, asked.lesson, form.example.id, run)
        else:
            experiments.note_opened(asked.learner, asked.lesson)

    await sync_to_async(unless_away)(keep, lambda: None)


def _show_sent(asked: ModeRequest, form: RunForm, run: StagedRun) -> HttpResponse:
    """The stage of a new run: whole, small in the place of an example, or at the run's own address."""
    posted, lesson = asked.request.POST, asked.lesson
    pin = posted.get("pin", "")
    address = reverse("lessons:run", args=[lesson.slug, run.name])
    if pin in [each.id for each in run.stage.lanes]:
        address += f"?{urlencode({'lane': pin, 'request': 1})}"
    if not asked.request.htmx or "open" in posted:
        step = posted.get("step", "")
        return redirect(address + (f"#step-{step}" if STEP.fullmatch(step) else ""))
    place = posted.get("place", "")
    small = PLACE.fullmatch(place) is not None
    # A small stage has nothing with which one could go on from a step that is held.
    hold = form.spec().requests == 1 and not small
    context = staged_run_context(run, Position(Viewpoint(pin, hold=hold)), asked.learner)
    if small:
        context |= {"place": place, "example": form.example.id if form.example else ""}
        return render(asked.request, "lessons/_sent_small.html", context)
    fresh = RunForm(lesson, initial=run_form.spec_initial(lesson, form.spec()))  # the next run wants a new prediction
    response = render(asked.request, "lessons/_sent.html", {**context, "form": fresh})
    response["HX-Push-Url"] = address
    return response


async def _show_form(asked: ModeRequest, form: RunForm, status: HTTPStatus) -> HttpResponse:
    """The form with what to correct, where it was sent from."""
    request = asked.request
    if not request.htmx:
        return await _show_page(asked, form, StagedRun.recorded_of(asked.lesson), status)
    if not request.POST.keys().isdisjoint(("place", "open")):  # its form holds no field to correct
        return say_plainly(form.refusal, status)
    response = render(request, "lessons/_controls.html", {"lesson": asked.lesson, "form": form}, status=status)
    response["HX-Retarget"] = "#controls"
    response["HX-Reswap"] = "outerMorph"
    return response


async def _show_page(
    asked: ModeRequest, form: RunForm, run: StagedRun, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    """The whole page: the stage, and what stands around it."""
    position = parse_position(asked.request.GET.dict())
    linked = position.names_moment
    if run.recorded and not linked:
        position = replace(position, cursor=run.timeline.telling)
    context = staged_run_context(run, position, asked.learner)
    context["linked"] = linked
    if run.stage.spec and not run.recorded:
        context["asked_at"] = example_place(asked.lesson, run.stage.spec)
    context["form"] = form
    context["preview"] = await preview.preview_of(asked.request, context["stage"], run.name, context["viewpoint"])
    context |= await asked.ask(_sections, run, asked.request.GET.get("hint", ""))
    if context["covered"]:
        context |= {"transcript": "", "remark": ""}
    return await asked.page(context, status, template="lessons/lesson.html")


def _sections(learner: str, lesson: Lesson, run: StagedRun, hint: str) -> dict[str, Any]:
    """What stands below the stage, as far as the learner has got."""
    scene = EvidenceScene(tuple(each.id for each in run.stage.lanes), run.recorded)
    return visualize_sections(learner, lesson, scene, hint)
