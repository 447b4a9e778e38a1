"""My runs: what this learner has sent, to open, to compare and to delete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lessons import catalogue, identity
from lessons.content.model import Lesson
from lessons.export import thumbnail
from lessons.lab.spec import RunSpec, SpecError
from lessons.models import ArchivedRun
from lessons.runs import archive
from lessons.runs.service import run_service
from lessons.stage.comparison import spec_in_words
from lessons.stage.prediction import typed_seconds

PER_PAGE: Final = 20
OUTCOMES: Final[Mapping[str, str]] = {
    "done": "Done",
    "cancelled": "Cancelled",
    "timed_out": "Stopped: its time was up",
    "failed": "Failed",
}


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in a list."""

    run: str
    at: datetime
    title: str  # of its lesson
    lesson: Lesson | None  # None: it is not here any more, and then the run cannot be shown
    wish: str  # what was asked for, in words
    totals: tuple[tuple[str, float | None], ...]  # each lane's name and seconds; None: it was not done
    outcome: str
    height: int  # of its small picture, pixels
    guess: str  # "Sync view: 3 s"; "" for none
    machine: str  # "Python 3.13.0, Django 6.1.3, load 1.2 on 2 cores"


@require_safe
def my_runs_page(request: HttpRequest) -> HttpResponse:
    """The learner's runs, newest first."""
    found = Paginator(archive.runs_of_learner(identity.learner_name(request)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": found,
        "lines": run_lines(found),
        "deleted": request.GET.get("deleted", ""),
        "days": settings.ARCHIVE_DAYS,
        "lessons": catalogue.all_lessons().values(),
    }
    return render(request, "lessons/runs/mine.html", context)


@require_POST
async def delete_my_run(request: HttpRequest, run: str) -> HttpResponseBase:
    """Delete a run of one's own. Raises `Http404`."""
    if not await run_service().delete(run, identity.learner_name(request)):
        raise Http404("There is no such run among yours.")
    return redirect(_back(request, "1"))


@require_POST
async def delete_my_runs(request: HttpRequest) -> HttpResponseBase:
    """Delete every run of one's own."""
    await run_service().delete_all(identity.learner_name(request))
    return redirect(_back(request, "all"))


def run_lines(found: "Page[ArchivedRun]") -> tuple[RunLine, ...]:
    """The runs of one page of a list."""
    return tuple(map(_run_line, found))


def _run_line(row: ArchivedRun) -> RunLine:
    lesson = catalogue.all_lessons().get(row.lesson)
    spec = _spec_or_none(row.spec)
    ids = [lane.lane for lane in spec.lanes] if spec else []
    names = {lane.id: lane.name for lane in lesson.lanes} if lesson else {}
    return RunLine(
        run=row.run,
        at=row.at,
        title=lesson.title if lesson else row.lesson,
        lesson=lesson if ids and set(ids) <= set(names) else None,
        wish=spec_in_words(spec) if spec else "",
        totals=tuple((names.get(id, id), row.totals.get(id)) for id in ids),
        height=thumbnail.ROOM * max(1, len(ids)),
        outcome=OUTCOMES.get(row.outcome, row.outcome),
        guess=_guess(row.guess, names),
        machine=_machine(row),
    )


def _guess(kept: Any, names: Mapping[str, str]) -> str:
    if not isinstance(kept, dict) or not isinstance(kept.get("seconds"), int | float):
        return ""
    lane = str(kept.get("lane"))
    return f"{names.get(lane, lane)}: {typed_seconds(kept['seconds'])}"


def _spec_or_none(data: Any) -> RunSpec | None:
    try:
        return RunSpec.from_data(data)
    except SpecError:
        return None


def _machine(row: ArchivedRun) -> str:
    words = [f"{name} {version}" for name, version in (("Python", row.python), ("Django", row.django)) if version]
    if row.load is not None and row.cores:
        words.append(f"load {row.load:.1f} on {row.cores} cores")
    return ", ".join(words)


def _back(request: HttpRequest, deleted: str) -> str:
    number = request.POST.get("page", "")
    number = number if number.isascii() and number.isdecimal() and len(number) < 6 else "1"
    return f"{reverse('lessons:runs')}?page={number}&deleted={deleted}"
