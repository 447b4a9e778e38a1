"""My runs: what this learner has sent, to open, to compare and to delete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lessons import archive, learner, runs
from lessons.content.model import Lesson
from lessons.lab.spec import RunSpec, SpecError
from lessons.models import ArchivedRun
from lessons.stage import catalogue
from lessons.stage.comparison import wish

PER_PAGE: Final = 20
OUTCOMES: Final[Mapping[str, str]] = {
    "done": "Done",
    "cancelled": "Cancelled",
    "timed_out": "Stopped: its time was up",
    "failed": "Failed",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A run in a list."""

    run: str
    at: datetime
    title: str  # of its lesson
    lesson: Lesson | None  # None: it is not here any more, and then the run cannot be shown
    wish: str  # what was asked for, in words
    totals: tuple[tuple[str, float | None], ...]  # each lane's name and seconds; None: it was not done
    outcome: str
    machine: str  # "Python 3.13.0, Django 6.1.3, load 1.2 on 2 cores"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The learner's runs, newest first."""
    found = Paginator(archive.of(learner.name(request)), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": found,
        "lines": lines(found),
        "deleted": request.GET.get("deleted", ""),
        "days": settings.ARCHIVE_DAYS,
        "lessons": catalogue.lessons().values(),
    }
    return render(request, "lessons/runs/mine.html", context)


@require_POST
async def delete(request: HttpRequest, run: str) -> HttpResponseBase:
    """Delete a run of one's own. Raises `Http404`."""
    try:
        if not await runs.service().delete(run, learner.name(request)):
            raise Http404("There is no such run among yours.")
    except runs.LogUnavailable:
        return _away(request)
    return redirect(_back(request, "1"))


@require_POST
async def delete_all(request: HttpRequest) -> HttpResponseBase:
    """Delete every run of one's own."""
    try:
        await runs.service().delete_all(learner.name(request))
    except runs.LogUnavailable:
        return _away(request)
    return redirect(_back(request, "all"))


def lines(found: "Page[ArchivedRun]") -> tuple[Line, ...]:
    """The runs of one page of a list."""
    return tuple(map(_line, found))


def _line(row: ArchivedRun) -> Line:
    lesson = catalogue.lessons().get(row.lesson)
    spec = _spec(row.spec)
    ids = [lane.lane for lane in spec.lanes] if spec else []
    names = {lane.id: lane.name for lane in lesson.lanes} if lesson else {}
    return Line(
        run=row.run,
        at=row.at,
        title=lesson.title if lesson else row.lesson,
        lesson=lesson if ids and set(ids) <= set(names) else None,
        wish=wish(spec) if spec else "",
        totals=tuple((names.get(id, id), row.totals.get(id)) for id in ids),
        outcome=OUTCOMES.get(row.outcome, row.outcome),
        machine=_machine(row),
    )


def _spec(data: Any) -> RunSpec | None:
    try:
        return RunSpec.from_data(data)
    except SpecError:
        return None


def _machine(row: ArchivedRun) -> str:
    words = [f"{name} {version}" for name, version in (("Python", row.python), ("Django", row.django)) if version]
    if row.load is not None and row.cores:
        words.append(f"load {row.load:.1f} on {row.cores} cores")
    return ", ".join(words)


def _away(request: HttpRequest) -> HttpResponse:
    return render(request, "lessons/runs/not_deleted.html", status=HTTPStatus.SERVICE_UNAVAILABLE)


def _back(request: HttpRequest, deleted: str) -> str:
    number = request.POST.get("page", "")
    number = number if number.isascii() and number.isdecimal() and len(number) < 6 else "1"
    return f"{reverse('lessons:runs')}?page={number}&deleted={deleted}"
