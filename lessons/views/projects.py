"""Project: code in an editor, step by step. It is parsed and checked, never run; the reference solution runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from lessons.content.builds import BUILD
from lessons.content.model import Lane, Lesson
from lessons.content.teaching import Check, Project, ProjectStep
from lessons.errors import Refused
from lessons.htmx import HtmxHttpRequest
from lessons.lab.events import PredictionMade
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.learning import item_runs, projects
from lessons.learning.grading import parse_seconds
from lessons.learning.projects import ProjectStanding, StepStanding
from lessons.rendering.highlighting import highlight_source
from lessons.views import summary
from lessons.views.build_card import build_context
from lessons.views.explanations import catch_trouble
from lessons.views.item_modes import ItemMode, ItemOutcome
from lessons.views.limits import RUN, limit_posts
from lessons.views.mode_request import ModeRequest

REQUESTS: Final = 10
WAIT: Final = 1.0  # seconds, for a solution that fetches data
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
    guess: str  # of its seconds, as it was sent and not taken
    run: Mapping[str, Any] = field(default_factory=dict)  # context of the report; empty for none


@require_safe
async def project_page(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """The step `?step=…` if it is open, else the first that is not passed; with `?run=…` the run of its solution."""
    return await STEPS.show_page(request, slug)


@require_POST
async def check_step(request: HtmxHttpRequest, slug: str, step: str) -> HttpResponseBase:
    """Keep the code of a step and say what is missing."""
    asked, code = ModeRequest.read(request, slug, "project"), request.POST.get("code", "")
    _, trouble = await catch_trouble(asked.ask(projects.submit_code, step, code, request.POST.get("seen")))
    return await STEPS.show_outcome(asked, ItemOutcome(step, trouble=trouble, typed={"code": code} if trouble else {}))


@require_POST
@limit_posts(RUN)
async def run_solution(request: HtmxHttpRequest, slug: str, step: str) -> HttpResponseBase:
    """Run the reference solution of a step that is passed."""
    asked = ModeRequest.read(request, slug, "project")
    guess = request.POST.get("guess", "").strip()
    found, trouble = await catch_trouble(asked.ask(_solution_run, step, guess))
    if found:
        spec, predicted = found
        outcome = await STEPS.run_answer(asked, step, spec, answered=False, predicted=predicted)
        return await STEPS.show_outcome(asked, outcome)
    return await STEPS.show_outcome(asked, ItemOutcome(step, trouble=trouble, typed={"guess": guess}))


def _solution_run(learner: str, lesson: Lesson, step: str, guess: str) -> tuple[RunSpec, PredictionMade | None]:
    """What runs the solution of a step, and the guess of its total; "" for none. Raises `Refused`."""
    try:
        passed = projects.project_standing(learner, lesson).step(step).passed
    except KeyError:
        raise Refused("unknown", "This project has no such step.") from None
    if not passed:
        raise Refused("out-of-turn", NOT_YET)
    each = next(each for each in _project(lesson).steps if each.id == step)
    lane = _solution_lane(lesson, each).id
    predicted = PredictionMade(lane, parse_seconds(guess)) if guess else None
    return RunSpec(lesson.slug, (LaneSpec.parse(lane),), REQUESTS, WAIT, 1), predicted


async def project_context(asked: ModeRequest, outcome: ItemOutcome) -> dict[str, Any]:
    """The page: all steps for the list, one of them in full, and what is put together in the end."""
    if outcome.item == BUILD:
        built, outcome = await build_context(asked, outcome.trouble, outcome.run), ItemOutcome()
    else:
        built = await build_context(asked)
    standing = await asked.ask(projects.project_standing)
    project = _project(asked.lesson)
    place = _place(standing, outcome.item)
    shown = await _find_report(asked, standing.steps[place], outcome)
    following = standing.steps[place + 1] if place + 1 < standing.total else None
    return {
        "project": project,
        "each": _sheet(asked.lesson, project.steps[place], standing.steps[place], outcome, shown),
        "steps": [(step, standing.steps[index], index == place) for index, step in enumerate(project.steps)],
        "next": following if following and following.open else None,
        "passed": standing.passed,
        "total": standing.total,
        "requests": REQUESTS,
        "waiting": (bool(shown) and not shown["report"].ended) or bool(built["built"] and built["built"].waiting),
        **built,
    }


STEPS: Final = ItemMode("project", "step", "step", "lessons/modes/_step_checked.html", project_context)


async def _find_report(asked: ModeRequest, standing: StepStanding, outcome: ItemOutcome) -> Mapping[str, Any]:
    """The context of the report of the solution's run; empty until the step is passed and it has run."""
    if not standing.passed:
        return {}
    latest = await asked.ask(item_runs.latest_item_runs, "step")
    run = outcome.run if outcome.item == standing.id and outcome.run else latest.get(standing.id, "")
    return await summary.find_summary(asked.lesson, run)


def _place(standing: ProjectStanding, wanted: str) -> int:
    for index, step in enumerate(standing.steps):
        if step.id == wanted and step.open:
            return index
    return next((index for index, step in enumerate(standing.steps) if not step.passed), standing.total - 1)


def _sheet(
    lesson: Lesson, step: ProjectStep, standing: StepStanding, outcome: ItemOutcome, run: Mapping[str, Any]
) -> StepSheet:
    found = standing.report if "code" not in outcome.typed else None
    fault = found.fault if found else ""
    if found and found.line:
        fault = f"Line {found.line}: {fault}"
    source = lesson.sample(step.solution).source if standing.passed else ""
    return StepSheet(
        step=step,
        number=_project(lesson).steps.index(step) + 1,
        code=outcome.typed.get("code", standing.code),
        guess=outcome.typed.get("guess", ""),
        standing=standing,
        checks=tuple(_check_lines(step.checks, found.met)) if found and not fault else (),
        fault=fault,
        message=outcome.message,
        solution=highlight_source(source),
        lane=_solution_lane(lesson, step) if standing.passed else None,
        run=run,
    )


def _check_lines(checks: tuple[Check, ...], met: tuple[bool, ...]) -> list[CheckLine]:
    pairs = tuple(zip(checks, met, strict=True))
    absent = {check.name for check, is_met in pairs if not is_met and not check.value}
    return [
        CheckLine(is_met, _check_in_words(check) if is_met else check.missing)
        for check, is_met in pairs
        if is_met or not check.value or check.name not in absent  # what is not there at all has no wrong argument
    ]


def _check_in_words(check: Check) -> str:
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
        case "avoids":
            return f"{check.name} is not called."
        case "returns":
            return f"{check.name} is returned" + (f" with {check.value}." if check.value else ".")
        case _:
            return f"{check.name} is imported."


def _solution_lane(lesson: Lesson, step: ProjectStep) -> Lane:
    return next(lane for lane in lesson.lanes if lane.sample == step.solution)


def _project(lesson: Lesson) -> Project:
    assert lesson.teaching.project is not None  # `lesson_or_404` has looked
    return lesson.teaching.project
