"""Try: a blank is filled, and the view that comes of it is really compiled and run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from lessons.content.model import Lesson
from lessons.content.teaching import Option, Task
from lessons.content.variants import BLANK, fill_blank, lane_id, syntax_error
from lessons.errors import Refused
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.lab.supervisor import LabFull
from lessons.learning import exercises, item_runs
from lessons.learning.grading import Choice, Standing
from lessons.log.protocol import LogUnavailable
from lessons.rendering.highlighting import highlight_source
from lessons.views import responses, summary
from lessons.views.modes import lesson_or_404

REQUESTS: Final = 3
WAIT: Final = 0.5  # seconds; a blocked server takes 1.5 s instead
FULL: Final = "The answer is kept, but the lab is full: answer the next task, or run this one again in a minute."
NOTHING: Final = "There is nothing to run yet. Choose an answer first."
AWAY: Final = "The answer is kept, but the site cannot reach its event log, so nothing was run. Try again in a moment."


@dataclass(frozen=True, slots=True)
class Filling:
    """An option as the page shows it."""

    index: int
    text: str
    tried: bool
    right: bool | None  # None while it is not due


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task as the page shows it."""

    task: Task
    number: int
    standing: Standing
    fillings: tuple[Filling, ...]
    code: SafeString  # with the latest filling in the blank
    error: str = ""  # of compiling the latest filling
    message: str = ""  # why the answer was not taken, or not run
    run: Mapping[str, Any] = field(default_factory=dict)  # context of the report; empty for none


@require_safe
async def try_page(request: HttpRequest, slug: str) -> HttpResponse:
    """All tasks, each with what came of its latest answer; `?task=…&run=…` says which run shows that."""
    lesson, name = lesson_or_404(slug, "try"), responses.learner_or_new(request)
    task = request.GET.get("task", "")
    cards = await _cards(lesson, name, task, request.GET.get("run", ""))
    context = {"cards": cards, **_tally(cards), "again": responses.look_again_address(request, f"task-{task}")}
    return await responses.mode_page(request, lesson, "try", context, name)


@require_POST
async def answer_exercise(request: HttpRequest, slug: str, task: str) -> HttpResponseBase:
    """Fill the blank of one task, and run what came of it. `again` in the form runs the latest answer once more."""
    lesson, name = lesson_or_404(slug, "try"), responses.learner_or_new(request)
    run = message = ""
    status = HTTPStatus.OK
    try:
        standing, wanted = await sync_to_async(_answered)(request, lesson, task, name)
    except Refused as error:
        status, message = responses.refusal_status(error), error.message
    else:
        if wanted:
            run, message = await _run(lesson, _task(lesson, task), standing, name)
    if not responses.wants_fragment(request) and status == HTTPStatus.OK and not message:
        return responses.redirect_after_post(
            request, responses.mode_address(lesson, "try", f"task-{task}", task=task, run=run), name
        )
    cards = await _cards(lesson, name, task, run, message)
    if not responses.wants_fragment(request):
        return await responses.mode_page(request, lesson, "try", {"cards": cards, **_tally(cards)}, name, status)
    card = next(each for each in cards if each.task.id == task)
    context = {"each": card, "oob": True, **_tally(cards)}
    response = responses.render_fragment(request, lesson, "_task_answered.html", context, name, status)
    response["HX-Replace-Url"] = responses.mode_address(lesson, "try", task=task, run=run)
    return response


def _answered(request: HttpRequest, lesson: Lesson, task: str, name: str) -> tuple[Standing, bool]:
    """How the task stands now, and whether its answer is to be run: one that was given before is not, unless asked for.

    Raises `Refused`.
    """
    before = exercises.task_standings(name, lesson).get(task)
    if before and "again" in request.POST:
        if not before.given:
            raise Refused("out-of-turn", NOTHING)
        return before, True
    after = exercises.answer_task(name, lesson, task, Choice.read(request.POST))
    return after, before is None or after.attempts > before.attempts


async def _run(lesson: Lesson, task: Task, standing: Standing, name: str) -> tuple[str, str]:
    """Run the view with the latest filling: name of the run, and what to say when there is none."""
    index = standing.last.option if standing.last else None
    if index is None or syntax_error(fill_blank(task, task.options[index])):
        return "", ""
    spec = RunSpec(lesson.slug, (LaneSpec.parse(lane_id(task, index + 1)),), REQUESTS, WAIT, 1)
    try:
        return await item_runs.run_for_item(name, lesson, "task", task.id, spec), ""
    except LabFull:
        return "", FULL
    except LogUnavailable:
        return "", AWAY


async def _cards(lesson: Lesson, name: str, task: str, run: str, message: str = "") -> list[TaskCard]:
    standings = await sync_to_async(exercises.task_standings)(name, lesson)
    latest = await sync_to_async(item_runs.latest_item_runs)(name, lesson, "task")
    cards = []
    for number, each in enumerate(lesson.teaching.tasks, 1):
        mine = each.id == task
        shown: Mapping[str, Any] = await summary.summary_context(lesson, run) if mine and run else {}
        shown = shown or await _outcome(lesson, each, standings[each.id], latest.get(each.id, ""))
        cards.append(_card(each, number, standings[each.id], message if mine else "", shown))
    return cards


async def _outcome(lesson: Lesson, task: Task, standing: Standing, run: str) -> Mapping[str, Any]:
    """The context of the report of the latest run, if that is of the latest filling; else empty."""
    if not run or standing.last is None or standing.last.option is None:
        return {}
    found = await summary.summary_context(lesson, run)
    wanted = lane_id(task, standing.last.option + 1)
    return found if found and [lane.id for lane in found["report"].lanes] == [wanted] else {}


def _card(task: Task, number: int, standing: Standing, message: str, run: Mapping[str, Any]) -> TaskCard:
    last = standing.last.option if standing.last else None
    fillings = tuple(
        Filling(index, option.text, index in standing.tried, _right(standing, index))
        for index, option in enumerate(task.options)
    )
    option = None if last is None else task.options[last]
    error = syntax_error(fill_blank(task, option)) if option else ""
    return TaskCard(task, number, standing, fillings, _code(task, option), error, message, run)


def _right(standing: Standing, index: int) -> bool | None:
    given = {each.option: each.right for each in standing.given}
    return given.get(index, True if standing.solution == index else None)


def _code(task: Task, option: Option | None) -> SafeString:
    """The highlighted view; the filling is one piece, so that the page can put another one there."""
    filling = f'<mark class="blank" data-blank>{escape(option.text if option else BLANK)}</mark>'
    html = highlight_source(task.code).replace(BLANK, filling, 1)
    return mark_safe(html)  # noqa: S308  (the highlighter escapes, and so is the filling)


def _task(lesson: Lesson, id: str) -> Task:
    return next(each for each in lesson.teaching.tasks if each.id == id)


def _tally(cards: list[TaskCard]) -> dict[str, Any]:
    waiting = any(card.run and not card.run["report"].ended for card in cards)
    return {"done": sum(card.standing.right for card in cards), "total": len(cards), "waiting": waiting}
