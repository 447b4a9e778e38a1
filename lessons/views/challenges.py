"""Challenge: what happens? One problem at a time; a live run settles each answer."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from lessons import catalogue
from lessons.content.faults import ContentError
from lessons.content.model import Lesson
from lessons.content.teaching import Problem
from lessons.errors import Refused
from lessons.htmx import HtmxHttpRequest
from lessons.lab.spec import RunSpec
from lessons.learning import challenges, item_runs
from lessons.learning.grading import Choice, Standing, parse_whole_number
from lessons.rendering.highlighting import highlight_source
from lessons.stage.drawing import TimeAxis
from lessons.stage.fold import fold_events
from lessons.stage.summary import LaneSummary, summarize
from lessons.stage.wording import seconds_text
from lessons.views import summary
from lessons.views.explanations import catch_trouble
from lessons.views.item_modes import ItemMode, ItemOutcome
from lessons.views.limits import RUN, limit_posts
from lessons.views.mode_request import ModeRequest

CLOCK: Final = 120  # seconds on a problem's clock; nothing is lost when they are over
BADGE: Final = "Challenge mastered"
NOT_SURE: Final = "Say how sure you are, too."
LEVELS: Final = ("a guess", "rather unsure", "rather sure", "certain")  # by confidence, from 1


@dataclass(frozen=True, slots=True)
class ProblemOption:
    """An option, and what there is to say of it once it was chosen."""

    index: int
    text: str
    tried: bool
    right: bool | None  # None while it is not due
    why: str


@dataclass(frozen=True, slots=True)
class NamelessLane:
    """The timeline of a lane in a recorded run, without what would tell whose it is."""

    drawn: LaneSummary
    axis: TimeAxis
    ends: tuple[str, ...]  # "0.51 s": when each answer came, the first one first


@dataclass(frozen=True, slots=True)
class ProblemSheet:
    """A problem as the page shows it."""

    problem: Problem
    prompt: str  # Markdown, with the numbers that were drawn
    seed: int | None  # of these; None where none are drawn
    number: int
    standing: Standing
    options: tuple[ProblemOption, ...]
    code: SafeString
    run_title: str  # of the run that settles it
    lane: str  # name of the lane whose seconds are asked for
    shape: "NamelessLane | None" = None  # whose is it?
    typed: Mapping[str, str] = field(default_factory=dict)  # the fields of an answer that was not taken
    message: str = ""
    run: Mapping[str, Any] = field(default_factory=dict)  # context of the report; empty for none


@require_safe
async def challenge_page(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """The problem `?problem=…`, else the first one that is not settled; with `?run=…` the run that settles it."""
    return await PROBLEMS.show_page(request, slug)


@require_POST
@limit_posts(RUN)
async def answer_challenge(request: HtmxHttpRequest, slug: str, problem: str) -> HttpResponseBase:
    """Take an answer; once it is settled, run what settles it. `settle` in the form runs that once more."""
    asked, answered = ModeRequest.read(request, slug, "challenge"), "settle" not in request.POST
    spec, trouble = await catch_trouble(asked.ask(_take_answer if answered else _settling_spec, problem, request.POST))
    if spec:
        return await PROBLEMS.show_outcome(asked, await PROBLEMS.run_answer(asked, problem, spec, answered=answered))
    typed = request.POST.dict() if trouble else {}
    return await PROBLEMS.show_outcome(asked, ItemOutcome(problem, trouble=trouble, typed=typed))


def _take_answer(learner: str, lesson: Lesson, problem: str, form: Mapping[str, str]) -> RunSpec | None:
    """What settles the problem, if the answer is new and it is settled now. Raises `Refused`."""
    before = _problem_standing(learner, lesson, problem)
    seed, choice = parse_whole_number(form.get("seed", "") or "0"), Choice.read(form)
    if not before.given and choice.confidence is None:
        raise Refused("malformed", NOT_SURE)
    after = challenges.answer_problem(learner, lesson, problem, choice, seed)
    is_new = after.attempts > before.attempts
    return _settling_spec(learner, lesson, problem, form) if is_new and after.settled else None


def _settling_spec(learner: str, lesson: Lesson, problem: str, form: Mapping[str, str]) -> RunSpec | None:
    """What settles the problem; None as long as its learner has attempts left. Raises `Refused`."""
    standing = _problem_standing(learner, lesson, problem)
    each = next(each for each in lesson.teaching.problems if each.id == problem)
    seed = standing.given[0].seed if standing.given else None
    return challenges.problem_spec(lesson, each, seed or 0) if standing.settled else None


def _problem_standing(learner: str, lesson: Lesson, problem: str) -> Standing:
    """Raises `Refused` for a problem that there is not."""
    try:
        return challenges.problem_standings(learner, lesson)[problem]
    except KeyError:
        raise Refused("unknown", "This lesson has no such problem.") from None


async def _context(asked: ModeRequest, outcome: ItemOutcome) -> dict[str, Any]:
    """The page: all problems for the list, one of them in full."""
    lesson, standings = asked.lesson, await asked.ask(challenges.problem_standings)
    problems = lesson.teaching.problems
    first = next((each for each in problems if not standings[each.id].settled), problems[0])
    problem = next((each for each in problems if each.id == outcome.item), first)
    shown = await _find_report(asked, problem, standings[problem.id], outcome)
    number = problems.index(problem) + 1
    later = problems[number:] + problems
    return {
        "each": _sheet(lesson, problem, standings[problem.id], _seed(asked, standings[problem.id]), outcome, shown),
        "levels": list(enumerate(LEVELS, 1)),
        "calibration": [(LEVELS[each.confidence - 1], each) for each in challenges.calibrate(standings)],
        "list": [(each, standings[each.id], each is problem) for each in problems],
        "next": next((each for each in later if not standings[each.id].settled and each is not problem), None),
        "clock": CLOCK,
        "attempts": challenges.ATTEMPTS,
        "badge": BADGE if await asked.ask(challenges.has_badge) else "",
        "done": sum(each.right for each in standings.values()),
        "total": len(standings),
        "waiting": bool(shown) and not shown["report"].ended,
    }


async def _find_report(
    asked: ModeRequest, problem: Problem, standing: Standing, outcome: ItemOutcome
) -> Mapping[str, Any]:
    """The context of the report of the run that settles a problem; empty while there is none."""
    if not standing.settled:
        return {}
    latest = await asked.ask(item_runs.latest_item_runs, "problem")
    run = outcome.run if outcome.item == problem.id and outcome.run else latest.get(problem.id, "")
    return await summary.find_summary(asked.lesson, run, standing.last.number if standing.last else None, problem.lane)


PROBLEMS: Final = ItemMode("challenge", "problem", "problem", "lessons/modes/_problem_answered.html", _context)


def _seed(asked: ModeRequest, standing: Standing) -> int:
    """What draws the numbers of the page: the first attempt's, the form's that was just refused, or a new one."""
    if standing.given:
        return standing.given[0].seed or 0
    with suppress(Refused):
        return parse_whole_number(asked.request.POST.get("seed", ""))
    return secrets.randbelow(challenges.SEEDS)


def _sheet(
    lesson: Lesson, problem: Problem, standing: Standing, seed: int, outcome: ItemOutcome, run: Mapping[str, Any]
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
    number = lesson.teaching.problems.index(problem) + 1
    return ProblemSheet(
        problem,
        next(each.prompt for each in challenges.problem_items(lesson, {problem.id: seed}) if each.id == problem.id),
        seed if problem.draw else None,
        number,
        standing,
        options,
        highlight_source(problem.code),
        challenges.run_title(lesson, problem, seed),
        lane,
        _draw_shape(lesson, problem),
        outcome.typed,
        outcome.message,
        run,
    )


@cache
def _draw_shape(lesson: Lesson, problem: Problem) -> NamelessLane | None:
    if problem.shape is None:
        return None
    try:
        stage = fold_events(lesson, catalogue.read_recording(lesson, problem.shape.run))
    except ContentError:
        return None  # `check` tells it, and of a lane that is not there
    report = summarize(stage)
    drawn = next((each for each in report.lanes if each.id == problem.shape.lane), None)
    if drawn is None:
        return None
    ends = sorted(each.ended - stage.zero for each in stage.lane(drawn.id).requests if each.ended is not None)
    return NamelessLane(drawn, report.axis, tuple(map(seconds_text, ends)))
