"""A run as a file: the whole of it as trace or events, a moment of it as picture or table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from lessons import runs
from lessons.aside import aside
from lessons.content.model import Lesson
from lessons.lab.events import Event
from lessons.refusal import Refused
from lessons.stage.export import csv_table, jsonl, svg, trace
from lessons.stage.fold import fold
from lessons.stage.render import Viewpoint
from lessons.views import moments
from lessons.views.modes import find

NOTHING_RUNS: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file."""

    content_type: str
    make: Callable[[Lesson, Sequence[Event], Viewpoint], str]
    momentary: bool = False  # does it show the moment of the cursor, or all of the run so far?


FORMS: Final[Mapping[str, Form]] = {
    "trace.json": Form("application/json", lambda lesson, events, _: trace.dump(lesson, events)),
    "events.jsonl": Form("application/x-ndjson", lambda lesson, events, _: "".join(jsonl.dump(lesson.slug, events))),
    "stage.svg": Form("image/svg+xml", lambda lesson, events, at: svg.dump(fold(lesson, events), at), momentary=True),
    "table.csv": Form("text/csv", lambda lesson, events, at: csv_table.dump(fold(lesson, events), at), momentary=True),
}


@require_safe
async def export(request: HttpRequest, slug: str, run: str, name: str) -> HttpResponse:
    """The file `name` of `FORMS`; `cursor`, `lane` and `request` choose the moment where there is one."""
    lesson, form = find(slug), FORMS.get(name)
    if form is None:
        raise Http404(f"There is no export {name!r}.")
    try:
        events = await moments.history(lesson, run)
        at = moments.chosen(request.GET if form.momentary else {}, lesson, run, events)
    except runs.RunUnknown:
        return moments.gone(request, lesson)
    except runs.LogUnavailable:
        return moments.unavailable(request, lesson)
    except Refused as refused:
        return HttpResponse(refused.message, "text/plain; charset=utf-8", HTTPStatus.BAD_REQUEST)
    made = await aside(len(events), form.make, lesson, events[: at.cursor], Viewpoint(at.lane, at.request))
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
