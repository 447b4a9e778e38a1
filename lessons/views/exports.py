"""A run as a file: the whole of it as trace or events, a moment of it as picture or table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from lessons.content.model import Lesson
from lessons.export import csv_table, svg, trace
from lessons.export.shown import Shown
from lessons.lab.events import Event
from lessons.log import jsonl
from lessons.offload import offload
from lessons.stage.fold import fold_events
from lessons.stage.viewpoint import Viewpoint
from lessons.views import run_access
from lessons.views.modes import lesson_or_404
from lessons.views.turnstile import file_in_turn

NOTHING_RUNS: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True, slots=True)
class ExportForm:
    """A kind of file."""

    content_type: str
    make: Callable[[Lesson, Sequence[Event], int, Viewpoint], str]  # of all events and the cursor
    momentary: bool = False  # does it show the moment of the cursor, or all of the run so far?


def _stage_svg(lesson: Lesson, events: Sequence[Event], cursor: int, at: Viewpoint) -> str:
    return svg.dump_svg(Shown.of(lesson, events, cursor), at)


def _table_csv(lesson: Lesson, events: Sequence[Event], cursor: int, at: Viewpoint) -> str:
    return csv_table.dump_table(fold_events(lesson, events[:cursor]), at)


FORMS: Final[Mapping[str, ExportForm]] = {
    "trace.json": ExportForm("application/json", lambda lesson, events, *_: trace.dump_trace(lesson, events)),
    "events.jsonl": ExportForm(
        "application/x-ndjson", lambda lesson, events, *_: "".join(jsonl.dump_run(lesson.slug, events))
    ),
    "stage.svg": ExportForm(
        "image/svg+xml",
        _stage_svg,
        momentary=True,
    ),
    "table.csv": ExportForm(
        "text/csv",
        _table_csv,
        momentary=True,
    ),
}


@require_safe
@file_in_turn
async def export_file(request: HttpRequest, slug: str, run: str, name: str) -> HttpResponse:
    """The file `name` of `FORMS`; `cursor`, `lane` and `request` choose the moment where there is one."""
    lesson, form = lesson_or_404(slug), FORMS.get(name)
    if form is None:
        raise Http404(f"There is no export {name!r}.")
    events = await run_access.run_history(lesson, run)
    at = run_access.chosen_moment(request.GET if form.momentary else {}, lesson, run, events)
    made = await offload(len(events), form.make, lesson, events, at.cursor, Viewpoint(at.lane, at.request))
    moment = f"-at-{at.cursor}" if form.momentary else ""
    stem, _, suffix = name.partition(".")
    return HttpResponse(
        made,
        f"{form.content_type}; charset=utf-8",
        headers={
            "Content-Disposition": content_disposition_header(True, f"{slug}-{run[:20]}-{stem}{moment}.{suffix}") or "",
            "Content-Security-Policy": NOTHING_RUNS,
            "X-Content-Type-Options": "nosniff",
        },
    )
