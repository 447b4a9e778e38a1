"""Two runs of a lesson beside each other."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from asgiref.sync import sync_to_async
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from lessons import archive, learner, runs
from lessons.content.model import Lesson
from lessons.stage import narration, shelf
from lessons.stage.comparison import compare, wish
from lessons.stage.model import Stage
from lessons.views import mine, moments
from lessons.views.modes import find


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs."""

    letter: str  # "A" or "B"
    run: str
    recorded: bool  # is it the one that comes with the lesson?
    at: datetime | None  # when it began; None: it has not yet
    wish: str  # what was asked for, in words
    situation: str


class Missing(LookupError):
    """There is no such run of the lesson. The text says which one."""


@require_safe
async def choose(request: HttpRequest, slug: str, run: str) -> HttpResponse:
    """Which run to compare with: the learner's own of this lesson, and the recorded one."""
    lesson = find(slug)
    try:
        side = _side("A", run, await _stage(lesson, run))
    except Missing as error:
        return _missing(request, lesson, error)
    except runs.LogUnavailable:
        return moments.unavailable(request, lesson)
    context = await sync_to_async(_choice)(request, lesson, run)
    recorded = "" if run == shelf.name(lesson) else shelf.name(lesson)
    return render(
        request, "lessons/runs/choose.html", {"lesson": lesson, "side": side, "recorded": recorded, **context}
    )


@require_safe
async def page(request: HttpRequest, slug: str, run: str, other: str) -> HttpResponseBase:
    """Both runs: lanes on one time axis, totals, and what was different."""
    lesson = find(slug)
    if run == other:
        return redirect("lessons:compare", slug, run)
    try:
        a, b = await _stage(lesson, run), await _stage(lesson, other)
    except Missing as error:
        return _missing(request, lesson, error)
    except runs.LogUnavailable:
        return moments.unavailable(request, lesson)
    context = {"lesson": lesson, "sides": (_side("A", run, a), _side("B", other, b)), "found": compare(a, b)}
    return render(request, "lessons/runs/compare.html", context)


async def _stage(lesson: Lesson, run: str) -> Stage:
    """The run as it stands. Raises `Missing`, `LogUnavailable`."""
    try:
        stage = await runs.service().stage(run)
    except runs.RunUnknown:
        raise Missing(run) from None
    if stage.lesson is not lesson:
        raise Missing(run)
    return stage


def _side(letter: str, run: str, stage: Stage) -> Side:
    assert stage.spec is not None  # its history begins with it
    at = datetime.fromtimestamp(stage.at, UTC) if stage.at else None
    recorded = run == shelf.name(stage.lesson)
    return Side(letter, run, recorded, at, wish(stage.spec), narration.situation(stage))


def _choice(request: HttpRequest, lesson: Lesson, run: str) -> dict[str, Any]:
    others = archive.of(learner.name(request), lesson.slug).exclude(run=run)
    found = Paginator(others, mine.PER_PAGE).get_page(request.GET.get("page"))
    return {"page": found, "lines": mine.lines(found)}


def _missing(request: HttpRequest, lesson: Lesson, error: Missing) -> HttpResponse:
    context = {"lesson": lesson, "run": str(error)[:80]}
    return render(request, "lessons/runs/not_compared.html", context, status=HTTPStatus.NOT_FOUND)
