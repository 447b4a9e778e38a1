"""Try: a blank is filled, and the view that comes of it is really compiled and run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from lessons.content.arrangements import orders, place_count
from lessons.content.model import Lesson
from lessons.content.teaching import Option, Task
from lessons.content.variants import BLANK, fill_blank, lane_id, put_in_blank, syntax_error
from lessons.errors import Refused
from lessons.htmx import HtmxHttpRequest
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.learning import exercises, item_runs
from lessons.learning.grading import Choice, Standing
from lessons.rendering.highlighting import highlight_source
from lessons.views import summary
from lessons.views.explanations import catch_trouble
from lessons.views.item_modes import ItemMode, ItemOutcome
from lessons.views.limits import RUN, limit_posts
from lessons.views.mode_request import ModeRequest

REQUESTS: Final = 3
WAIT: Final = 0.5  # seconds; a blocked server takes 1.5 s instead
NOTHING: Final = "There is nothing to run yet. Choose an answer first."


@dataclass(frozen=True, slots=True)
class Filling:
    """An option as the page shows it."""

    index: int
    text: str
    tried: bool
    right: bool | None  # None while it is not due


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line to put in order as the page shows it."""

    index: int
    text: str
    place: int | None  # in which it stands, from 1; None: in none


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
    picked: tuple[int | None, ...] = ()  # of lines to put in order: which one is in each place
    lines: tuple[PlacedLine, ...] = ()  # the same line by line; once settled, the right ones first and in order


@require_safe
async def try_page(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """All tasks, each with what came of its latest answer; `?task=…&run=…` says which run shows that."""
    return await TASKS.show_page(request, slug)


@require_POST
@limit_posts(RUN)
async def answer_exercise(request: HtmxHttpRequest, slug: str, task: str) -> HttpResponseBase:
    """Fill the blank of one task, and run what came of it. `again` in the form runs what is in it once more."""
    asked, answered = ModeRequest.read(request, slug, "try"), "again" not in request.POST
    spec, trouble = await catch_trouble(asked.ask(_take_answer if answered else _spec_again, task, request.POST))
    if spec:
        return await TASKS.show_outcome(asked, await TASKS.run_answer(asked, task, spec, answered=answered))
    return await TASKS.show_outcome(asked, ItemOutcome(task, trouble=trouble))


def _take_answer(learner: str, lesson: Lesson, task: str, form: Mapping[str, str]) -> RunSpec | None:
    """What shows the answer, if it is new and Python can compile it. Raises `Refused`."""
    before = _task_standing(learner, lesson, task)
    each = next(each for each in lesson.teaching.tasks if each.id == task)
    if each.lines:
        form = {"attempt": form.get("attempt", ""), "option": exercises.option_of_lines(each, form)}
    after = exercises.answer_task(learner, lesson, task, Choice.read(form))
    return _spec(lesson, task, after.last.option if after.last else None) if after.attempts > before.attempts else None


def _spec_again(learner: str, lesson: Lesson, task: str, _: Mapping[str, str]) -> RunSpec | None:
    return _spec(lesson, task, _in_hand(_task_standing(learner, lesson, task)))


def _task_standing(learner: str, lesson: Lesson, task: str) -> Standing:
    """Raises `Refused` for a task that there is not."""
    try:
        return exercises.task_standings(learner, lesson)[task]
    except KeyError:
        raise Refused("unknown", "This lesson has no such task.") from None


def _in_hand(standing: Standing) -> int | None:
    """The option that is shown in the blank: the latest one, or the right one once that is known."""
    if standing.settled:
        return standing.solution
    return standing.last.option if standing.last else None


def _spec(lesson: Lesson, task: str, option: int | None) -> RunSpec | None:
    """The view with this option in its blank, if Python can compile that. Raises `Refused`."""
    if option is None:
        raise Refused("out-of-turn", NOTHING)
    each = next(each for each in lesson.teaching.tasks if each.id == task)
    if syntax_error(fill_blank(each, each.options[option])):
        return None
    return RunSpec(lesson.slug, (LaneSpec.parse(lane_id(each, option + 1)),), REQUESTS, WAIT, 1)


async def _context(asked: ModeRequest, outcome: ItemOutcome) -> dict[str, Any]:
    """The page: a card for every task, and in hand the one that was answered."""
    cards = await _cards(asked, outcome)
    return {
        "cards": cards,
        "each": next((card for card in cards if card.task.id == outcome.item), None),
        "done": sum(card.standing.right for card in cards),
        "total": len(cards),
        "waiting": any(card.run and not card.run["report"].ended for card in cards),
    }


TASKS: Final = ItemMode("try", "task", "task-{}", "lessons/modes/_task_answered.html", _context)


async def _cards(asked: ModeRequest, outcome: ItemOutcome) -> list[TaskCard]:
    lesson, standings = asked.lesson, await asked.ask(exercises.task_standings)
    latest = await asked.ask(item_runs.latest_item_runs, "task")
    cards = []
    for number, task in enumerate(lesson.teaching.tasks, 1):
        mine, standing = task.id == outcome.item, standings[task.id]
        shown: Mapping[str, Any] = await summary.find_summary(lesson, outcome.run) if mine else {}
        shown = shown or await _find_report(lesson, task, standing, latest.get(task.id, ""))
        cards.append(_card(task, number, standing, outcome.message if mine else "", shown))
    return cards


async def _find_report(lesson: Lesson, task: Task, standing: Standing, run: str) -> Mapping[str, Any]:
    """The context of the report of the latest run, if that is of the latest filling or the right one; else empty."""
    if not run or standing.last is None or standing.last.option is None:
        return {}
    found = await summary.find_summary(lesson, run)
    wanted = [lane_id(task, option + 1) for option in (standing.last.option, _in_hand(standing)) if option is not None]
    return found if found and found["report"].lanes[0].id in wanted else {}


def _card(task: Task, number: int, standing: Standing, message: str, run: Mapping[str, Any]) -> TaskCard:
    shown = _in_hand(standing)
    fillings = tuple(
        Filling(index, option.text, index in standing.tried, _right(standing, index))
        for index, option in enumerate(task.options)
    )
    option = None if shown is None else task.options[shown]
    latest = standing.last.option if standing.last else None
    error = "" if latest is None else syntax_error(fill_blank(task, task.options[latest]))
    picked = _picked(task, shown)
    lines = _placed(task, picked, settled=standing.settled)
    return TaskCard(task, number, standing, fillings, _code(task, option), error, message, run, picked, lines)


def _picked(task: Task, option: int | None) -> tuple[int | None, ...]:
    places = place_count(task.lines)
    return orders(len(task.lines), places)[option] if option is not None and task.lines else (None,) * places


def _placed(task: Task, picked: tuple[int | None, ...], *, settled: bool) -> tuple[PlacedLine, ...]:
    places = {index: place for place, index in enumerate(picked, 1)}
    lines = [PlacedLine(index, line.text, places.get(index)) for index, line in enumerate(task.lines)]
    return tuple(sorted(lines, key=lambda line: line.place or len(lines) + 1) if settled else lines)


def _right(standing: Standing, index: int) -> bool | None:
    given = {each.option: each.right for each in standing.given}
    return given.get(index, True if standing.solution == index else None)


def _code(task: Task, option: Option | None) -> SafeString:
    """The highlighted view; the filling is one piece, so that the page can put another one there."""
    inside = put_in_blank(task.code, option.text if option else BLANK).removeprefix(task.code.partition(BLANK)[0])
    inside = inside.removesuffix(task.code.partition(BLANK)[2])
    filling = f'<mark class="blank" data-blank="option">{escape(inside)}</mark>'
    html = highlight_source(task.code).replace(BLANK, filling, 1)
    return mark_safe(html)  # noqa: S308  (the highlighter escapes, and so is the filling)
