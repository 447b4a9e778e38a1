"""Project: code in an editor, step by step. It is parsed and checked, never run; the reference solution runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from lessons.content.model import Lane, Lesson
from lessons.content.teaching import Check, Project, ProjectStep
from lessons.errors import Refused
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.lab.supervisor import LabFull
from lessons.learning import item_runs, projects
from lessons.learning.projects import ProjectStanding, StepStanding
from lessons.log.protocol import LogUnavailable
from lessons.rendering.highlighting import highlight_source
from lessons.views import responses, summary
from lessons.views.modes import lesson_or_404

REQUESTS: Final = 10
WAIT: Final = 1.0  # seconds, for a solution that fetches data
FULL: Final = "The lab is full. Run the solution again in a minute."
AWAY: Final = "The site cannot reach its event log, so nothing was run. Try again in a moment."
NOT_YET: Final = "The solution runs once your own code has passed its checks."


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check, and what is to be said of it."""

    met: bool
    text: str


@dataclass(frozen=True, slots=True)
class StepSheet:
    """A step as the page shows it."""

    step: ProjectStep
    number: int
    standing: StepStanding
    code: str  # in the editor
    checks: tuple[CheckLine, ...]
    fault: str  # why the code cannot be parsed; "" when it can
    message: str
    solution: SafeString  # "" until the step is passed
    lane: Lane | None  # that runs the solution
    run: Mapping[str, Any] = field(default_factory=dict)  # context of the report; empty for none


@require_safe
async def project_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The step `?step=…` if it is open, else the first that is not passed; with `?run=…` the run of its solution."""
    lesson, name = lesson_or_404(slug, "project"), responses.learner_or_new(request)
    context = await _context(lesson, name, request.GET.get("step", ""), request.GET.get("run", ""))
    context["again"] = responses.look_again_address(request, "step")
    return await responses.mode_page(request, lesson, "project", context, name)


@require_POST
async def check_step(request: HttpRequest, slug: str, step: str) -> HttpResponseBase:
    """Keep the code of a step and say what is missing."""
    lesson, name = lesson_or_404(slug, "project"), responses.learner_or_new(request)
    code = request.POST.get("code", "")
    try:
        await sync_to_async(projects.submit_code)(name, lesson, step, code)
    except Refused as error:
        status = responses.refusal_status(error)
        return await _answer(request, lesson, name, step, message=error.message, code=code, status=status)
    return await _answer(request, lesson, name, step)


@require_POST
async def run_solution(request: HttpRequest, slug: str, step: str) -> HttpResponseBase:
    """Run the reference solution of a step that is passed."""
    lesson, name = lesson_or_404(slug, "project"), responses.learner_or_new(request)
    standing = await sync_to_async(projects.project_standing)(name, lesson)
    try:
        passed = standing.step(step).passed
    except KeyError:
        raise Http404(f"There is no step {step!r}.") from None
    if not passed:
        return await _answer(request, lesson, name, step, message=NOT_YET, status=HTTPStatus.CONFLICT)
    try:
        run = await item_runs.run_for_item(name, lesson, "step", step, _spec(lesson, _step(lesson, step)))
    except LabFull:
        return await _answer(request, lesson, name, step, message=FULL, status=HTTPStatus.SERVICE_UNAVAILABLE)
    except LogUnavailable:
        return await _answer(request, lesson, name, step, message=AWAY, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return await _answer(request, lesson, name, step, run=run)


async def _answer(
    request: HttpRequest,
    lesson: Lesson,
    name: str,
    step: str,
    *,
    run: str = "",
    message: str = "",
    code: str | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponseBase:
    if not responses.wants_fragment(request) and not message:
        return responses.redirect_after_post(
            request, responses.mode_address(lesson, "project", "step", step=step, run=run), name
        )
    context = await _context(lesson, name, step, run, message, code)
    if not responses.wants_fragment(request):
        return await responses.mode_page(request, lesson, "project", context, name, status)
    response = responses.render_fragment(request, lesson, "_step_checked.html", {**context, "oob": True}, name, status)
    response["HX-Replace-Url"] = responses.mode_address(lesson, "project", step=step, run=run)
    return response


async def _context(
    lesson: Lesson, name: str, wanted: str, run: str, message: str = "", code: str | None = None
) -> dict[str, Any]:
    standing = await sync_to_async(projects.project_standing)(name, lesson)
    steps = _project(lesson).steps
    place = _place(standing, wanted)
    passed = standing.steps[place].passed
    shown = {}
    if passed:
        latest = await sync_to_async(item_runs.latest_item_runs)(name, lesson, "step")
        run = run if wanted == steps[place].id and run else latest.get(steps[place].id, "")
        shown = await summary.summary_context(lesson, run)
    following = standing.steps[place + 1] if place + 1 < standing.total else None
    return {
        "project": _project(lesson),
        "each": _sheet(lesson, steps[place], place + 1, standing.steps[place], message, code, shown),
        "steps": [(step, standing.steps[index], index == place) for index, step in enumerate(steps)],
        "next": following if following and following.open else None,
        "passed": standing.passed,
        "total": standing.total,
        "waiting": bool(shown) and not shown["report"].ended,
    }


def _place(standing: ProjectStanding, wanted: str) -> int:
    for index, step in enumerate(standing.steps):
        if step.id == wanted and step.open:
            return index
    return next((index for index, step in enumerate(standing.steps) if not step.passed), standing.total - 1)


def _sheet(
    lesson: Lesson,
    step: ProjectStep,
    number: int,
    standing: StepStanding,
    message: str,
    code: str | None,
    run: Mapping[str, Any],
) -> StepSheet:
    found = standing.report if code is None else None
    fault = found.fault if found else ""
    if found and found.line:
        fault = f"Line {found.line}: {fault}"
    sample = lesson.sample(step.solution)
    solution = highlight_source(sample.source if standing.passed else "")
    return StepSheet(
        step=step,
        number=number,
        standing=standing,
        code=standing.code if code is None else code,
        checks=tuple(_lines(step.checks, found.met)) if found and not fault else (),
        fault=fault,
        message=message,
        solution=solution,
        lane=_solution_lane(lesson, step) if standing.passed else None,
        run=run,
    )


def _lines(checks: tuple[Check, ...], met: tuple[bool, ...]) -> list[CheckLine]:
    pairs = zip(checks, met, strict=True)
    return [CheckLine(is_met, _said(check) if is_met else check.missing) for check, is_met in pairs]


def _said(check: Check) -> str:
    """What is there, in words."""
    match check.kind:
        case "function":
            return f"There is a function {check.name}."
        case "async-function":
            return f"There is a coroutine function {check.name}: async def."
        case "constant":
            return f"{check.name} is {check.value}." if check.value else f"{check.name} is there."
        case "awaits":
            return f"{check.name} is awaited."
        case "calls":
            return f"{check.name} is called" + (f" with {check.value}." if check.value else ".")
        case "returns":
            return f"{check.name} is returned" + (f" with {check.value}." if check.value else ".")
        case _:
            return f"{check.name} is imported."


def _spec(lesson: Lesson, step: ProjectStep) -> RunSpec:
    lane = LaneSpec.parse(_solution_lane(lesson, step).id)
    return RunSpec(lesson.slug, (lane,), REQUESTS, WAIT, 1)


def _solution_lane(lesson: Lesson, step: ProjectStep) -> Lane:
    return next(lane for lane in lesson.lanes if lane.sample == step.solution)


def _step(lesson: Lesson, id: str) -> ProjectStep:
    return next(step for step in _project(lesson).steps if step.id == id)


def _project(lesson: Lesson) -> Project:
    assert lesson.teaching.project is not None  # `lesson_or_404` has looked
    return lesson.teaching.project
