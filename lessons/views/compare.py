"""Two runs of a lesson beside each other."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from lessons import identity
from lessons.content.model import Lesson
from lessons.log.protocol import RunUnknown
from lessons.runs import archive, composite_log
from lessons.stage import narration
from lessons.stage.comparison import compare_stages, spec_in_words
from lessons.stage.model import Stage
from lessons.views import my_runs, run_access
from lessons.views.modes import lesson_or_404


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """One of the two runs."""

    letter: str  # "A" or "B"
    run: str
    recorded: bool  # is it the one that comes with the lesson?
    at: datetime | None  # when it began; None: it has not yet
    wish: str  # what was asked for, in words
    situation: str


@require_safe
async def choose_run(request: HttpRequest, slug: str, run: str) -> HttpResponse:
    """Which run to compare with: the learner's own of this lesson, and the recorded one."""
    lesson = lesson_or_404(slug)
    side = _side("A", run, await run_access.run_stage(lesson, run))
    context = await sync_to_async(_choice)(request, lesson, run)
    recorded = "" if run == composite_log.recording_name(lesson) else composite_log.recording_name(lesson)
    return render(
        request, "lessons/runs/choose.html", {"lesson": lesson, "side": side, "recorded": recorded, **context}
    )


@require_safe
async def compare_page(request: HttpRequest, slug: str, run: str, other: str) -> HttpResponseBase:
    """Both runs: lanes on one time axis, totals, and what was different."""
    lesson = lesson_or_404(slug)
    if run == other:
        return redirect("lessons:compare", slug, run)
    try:
        a, b = await run_access.run_stage(lesson, run), await run_access.run_stage(lesson, other)
    except RunUnknown:
        raise run_access.OtherRunUnknown(run, other) from None
    context = {"lesson": lesson, "sides": (_side("A", run, a), _side("B", other, b)), "found": compare_stages(a, b)}
    return render(request, "lessons/runs/compare.html", context)


def _side(letter: str, run: str, stage: Stage) -> ComparedRun:
    assert stage.spec is not None  # its history begins with it
    at = datetime.fromtimestamp(stage.at, UTC) if stage.at else None
    recorded = run == composite_log.recording_name(stage.lesson)
    return ComparedRun(letter, run, recorded, at, spec_in_words(stage.spec), narration.run_situation(stage))


def _choice(request: HttpRequest, lesson: Lesson, run: str) -> dict[str, Any]:
    others = archive.runs_of_learner(identity.learner_name(request), lesson.slug).exclude(run=run)
    found = Paginator(others, my_runs.PER_PAGE).get_page(request.GET.get("page"))
    return {"page": found, "lines": my_runs.run_lines(found)}
