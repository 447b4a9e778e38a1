"""Challenge: what happens? One problem at a time; a live run settles each answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from lessons.content.model import Lesson
from lessons.content.teaching import Example, Problem
from lessons.errors import Refused
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.lab.supervisor import LabFull
from lessons.learning import challenges, item_runs
from lessons.learning.grading import Choice, Standing
from lessons.log.protocol import LogUnavailable
from lessons.rendering.highlighting import highlight_source
from lessons.views import responses, summary
from lessons.views.modes import lesson_or_404

CLOCK: Final = 120  # seconds on a problem's clock; nothing is lost when they are over
BADGE: Final = "Challenge mastered"
FULL: Final = "The answer is kept, but the lab is full. Press “Run it” in a minute to see what settles it."
AWAY: Final = "The answer is kept, but the site cannot reach its event log. Press “Run it” in a moment."


@dataclass(frozen=True, slots=True)
class ProblemOption:
    """An option, and what there is to say of it once it was chosen."""

    index: int
    text: str
    tried: bool
    right: bool | None  # None while it is not due
    why: str


@dataclass(frozen=True, slots=True)
class ProblemSheet:
    """A problem as the page shows it."""

    problem: Problem
    number: int
    standing: Standing
    options: tuple[ProblemOption, ...]
    code: SafeString
    example: Example
    lane: str  # name of the lane whose seconds are asked for
    message: str = ""
    run: Mapping[str, Any] = field(default_factory=dict)  # context of the report; empty for none


@require_safe
async def challenge_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The problem `?problem=…`, else the first one that is not settled; with `?run=…` the run that settles it."""
    lesson, name = lesson_or_404(slug, "challenge"), responses.learner_or_new(request)
    context = await _context(lesson, name, request.GET.get("problem", ""), request.GET.get("run", ""))
    context["again"] = responses.look_again_address(request, "problem")
    return await responses.mode_page(request, lesson, "challenge", context, name)


@require_POST
async def answer_challenge(request: HttpRequest, slug: str, problem: str) -> HttpResponseBase:
    """Take an answer; once it is settled, run what settles it. `settle` in the form runs that once more."""
    lesson, name = lesson_or_404(slug, "challenge"), responses.learner_or_new(request)
    run = message = ""
    status = HTTPStatus.OK
    try:
        if "settle" in request.POST:
            standing, new = (await sync_to_async(challenges.problem_standings)(name, lesson))[problem], True
        else:
            standing, new = await sync_to_async(_answered)(request, lesson, problem, name)
    except KeyError:
        raise Http404(f"There is no problem {problem!r}.") from None
    except Refused as error:
        status, message = responses.refusal_status(error), error.message
    else:
        if standing.settled and new:
            run, message = await _run(lesson, problem, name)
    if not responses.wants_fragment(request) and not message:
        address = responses.mode_address(lesson, "challenge", "problem", problem=problem, run=run)
        return responses.redirect_after_post(request, address, name)
    context = await _context(lesson, name, problem, run, message)
    if not responses.wants_fragment(request):
        return await responses.mode_page(request, lesson, "challenge", context, name, status)
    response = responses.render_fragment(
        request, lesson, "_problem_answered.html", {**context, "oob": True}, name, status
    )
    response["HX-Replace-Url"] = responses.mode_address(lesson, "challenge", problem=problem, run=run)
    return response


def _answered(request: HttpRequest, lesson: Lesson, problem: str, name: str) -> tuple[Standing, bool]:
    """How the problem stands after the answer, and whether it is a new one. Raises `Refused`."""
    before = challenges.problem_standings(name, lesson).get(problem)
    after = challenges.answer_problem(name, lesson, problem, Choice.read(request.POST))
    return after, before is None or after.attempts > before.attempts


async def _run(lesson: Lesson, problem: str, name: str) -> tuple[str, str]:
    """Run the example that settles the problem: name of the run, and what to say when there is none."""
    each = next(each for each in lesson.teaching.problems if each.id == problem)
    try:
        wish = example_spec(lesson, _example(lesson, each.example))
        return await item_runs.run_for_item(name, lesson, "problem", problem, wish), ""
    except LabFull:
        return "", FULL
    except LogUnavailable:
        return "", AWAY


def example_spec(lesson: Lesson, example: Example) -> RunSpec:
    """What an example runs."""
    lanes = tuple(map(LaneSpec.parse, example.lanes))
    return RunSpec(lesson.slug, lanes, example.requests, example.wait, example.workers)


async def _context(lesson: Lesson, name: str, wanted: str, run: str, message: str = "") -> dict[str, Any]:
    """The page: all problems for the list, one of them in full."""
    standings = await sync_to_async(challenges.problem_standings)(name, lesson)
    all_problems = lesson.teaching.problems
    first = next((each for each in all_problems if not standings[each.id].settled), all_problems[0])
    problem = next((each for each in all_problems if each.id == wanted), first)
    standing = standings[problem.id]
    guess = standing.last.number if standing.last else None
    shown = {}
    if standing.settled:
        latest = await sync_to_async(item_runs.latest_item_runs)(name, lesson, "problem")
        run = run if wanted == problem.id and run else latest.get(problem.id, "")
        shown = await summary.summary_context(lesson, run, guess, problem.lane)
    sheet = _sheet(lesson, problem, all_problems.index(problem) + 1, standing, message, shown)
    badge = await sync_to_async(challenges.has_badge)(name, lesson)
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
) -> ProblemSheet:
    given = {each.option: each for each in standing.given}
    options = tuple(
        ProblemOption(
            index,
            option.text,
            index in given,
            given[index].right if index in given else True if standing.solution == index else None,
            given[index].why if index in given else "",
        )
        for index, option in enumerate(problem.options)
    )
    lane = lesson.lane(problem.lane).name if problem.lane else ""
    return ProblemSheet(
        problem,
        number,
        standing,
        options,
        highlight_source(problem.code),
        _example(lesson, problem.example),
        lane,
        message,
        run,
    )


def _example(lesson: Lesson, id: str) -> Example:
    return next(each for each in lesson.teaching.examples if each.id == id)
