"""Challenge: what happens? One problem at a time; a live run settles each answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from lessons import problems, runs, showing
from lessons.answers import Choice, Standing
from lessons.content.model import Lesson
from lessons.content.teaching import Example, Problem
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.refusal import Refused
from lessons.stage.source import highlighted
from lessons.views import answering, report
from lessons.views.modes import find

CLOCK: Final = 120  # seconds on a problem's clock; nothing is lost when they are over
BADGE: Final = "Challenge mastered"
FULL: Final = "The answer is kept, but the lab is full. Press “Run it” in a minute to see what settles it."
AWAY: Final = "The answer is kept, but the site cannot reach its event log. Press “Run it” in a moment."


@dataclass(frozen=True, slots=True)
class OptionLine:
    """An option, and what there is to say of it once it was chosen."""

    index: int
    text: str
    tried: bool
    right: bool | None  # None while it is not due
    why: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A problem as the page shows it."""

    problem: Problem
    number: int
    standing: Standing
    options: tuple[OptionLine, ...]
    code: SafeString
    example: Example
    lane: str  # name of the lane whose seconds are asked for
    message: str = ""
    run: Mapping[str, Any] = field(default_factory=dict)  # context of the report; empty for none


@require_safe
async def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The problem `?problem=…`, else the first one that is not settled; with `?run=…` the run that settles it."""
    lesson, name = find(slug, "challenge"), answering.who(request)
    context = await _context(lesson, name, request.GET.get("problem", ""), request.GET.get("run", ""))
    context["again"] = answering.again(request, "problem")
    return await answering.page(request, lesson, "challenge", context, name)


@require_POST
async def answer(request: HttpRequest, slug: str, problem: str) -> HttpResponseBase:
    """Take an answer; once it is settled, run what settles it. `settle` in the form runs that once more."""
    lesson, name = find(slug, "challenge"), answering.who(request)
    run = message = ""
    status = HTTPStatus.OK
    try:
        if "settle" in request.POST:
            standing, new = (await sync_to_async(problems.standings)(name, lesson))[problem], True
        else:
            standing, new = await sync_to_async(_answered)(request, lesson, problem, name)
    except KeyError:
        raise Http404(f"There is no problem {problem!r}.") from None
    except Refused as error:
        status, message = answering.refused(error), error.message
    else:
        if standing.settled and new:
            run, message = await _run(lesson, problem, name)
    if not answering.wants_fragment(request) and not message:
        address = answering.address(lesson, "challenge", "problem", problem=problem, run=run)
        return answering.back(request, address, name)
    context = await _context(lesson, name, problem, run, message)
    if not answering.wants_fragment(request):
        return await answering.page(request, lesson, "challenge", context, name, status)
    response = answering.fragment(request, lesson, "_problem_answered.html", {**context, "oob": True}, name, status)
    response["HX-Replace-Url"] = answering.address(lesson, "challenge", problem=problem, run=run)
    return response


def _answered(request: HttpRequest, lesson: Lesson, problem: str, name: str) -> tuple[Standing, bool]:
    """How the problem stands after the answer, and whether it is a new one. Raises `Refused`."""
    before = problems.standings(name, lesson).get(problem)
    after = problems.answer(name, lesson, problem, Choice.read(request.POST))
    return after, before is None or after.attempts > before.attempts


async def _run(lesson: Lesson, problem: str, name: str) -> tuple[str, str]:
    """Run the example that settles the problem: name of the run, and what to say when there is none."""
    each = next(each for each in lesson.teaching.problems if each.id == problem)
    try:
        wish = spec(lesson, _example(lesson, each.example))
        return await showing.show(name, lesson, "problem", problem, wish), ""
    except runs.LabFull:
        return "", FULL
    except runs.LogUnavailable:
        return "", AWAY


def spec(lesson: Lesson, example: Example) -> RunSpec:
    """What an example runs."""
    lanes = (lesson.lane(id) for id in example.lanes)
    chosen = tuple(LaneSpec(lane.sample, lane.server) for lane in lanes)  # type: ignore[arg-type]
    return RunSpec(lesson.slug, chosen, example.requests, example.wait, example.workers)


async def _context(lesson: Lesson, name: str, wanted: str, run: str, message: str = "") -> dict[str, Any]:
    """The page: all problems for the list, one of them in full."""
    standings = await sync_to_async(problems.standings)(name, lesson)
    all_problems = lesson.teaching.problems
    first = next((each for each in all_problems if not standings[each.id].settled), all_problems[0])
    problem = next((each for each in all_problems if each.id == wanted), first)
    standing = standings[problem.id]
    guess = standing.last.number if standing.last else None
    shown = {}
    if standing.settled:
        latest = await sync_to_async(showing.latest)(name, lesson, "problem")
        run = run if wanted == problem.id and run else latest.get(problem.id, "")
        shown = await report.of(lesson, run, guess, problem.lane)
    sheet = _sheet(lesson, problem, all_problems.index(problem) + 1, standing, message, shown)
    badge = await sync_to_async(problems.has_badge)(name, lesson)
    later = all_problems[sheet.number :] + all_problems
    return {
        "each": sheet,
        "list": [(each, standings[each.id], each is problem) for each in all_problems],
        "next": next((each for each in later if not standings[each.id].settled and each is not problem), None),
        "clock": CLOCK,
        "badge": BADGE if badge else "",
        "done": sum(each.right for each in standings.values()),
        "total": len(standings),
        "waiting": bool(shown) and not shown["report"].ended,
    }


def _sheet(
    lesson: Lesson, problem: Problem, number: int, standing: Standing, message: str, run: Mapping[str, Any]
) -> Sheet:
    given = {each.option: each for each in standing.given}
    options = tuple(
        OptionLine(
            index,
            option.text,
            index in given,
            given[index].right if index in given else True if standing.solution == index else None,
            given[index].why if index in given else "",
        )
        for index, option in enumerate(problem.options)
    )
    code = mark_safe("\n".join(highlighted(problem.code)) if problem.code else "")  # made by the highlighter
    lane = lesson.lane(problem.lane).name if problem.lane else ""
    return Sheet(problem, number, standing, options, code, _example(lesson, problem.example), lane, message, run)


def _example(lesson: Lesson, id: str) -> Example:
    return next(each for each in lesson.teaching.examples if each.id == id)
