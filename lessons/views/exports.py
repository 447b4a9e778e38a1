"""A run as a file: the whole of it as trace or events, a moment of it as picture or table."""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from lessons import runs
from lessons.content.model import Lesson
from lessons.lab.events import Event, RunCreated
from lessons.lab.spec import RunSpec
from lessons.refusal import Refused
from lessons.stage.export import csv_table, jsonl, svg, trace
from lessons.stage.fold import fold
from lessons.stage.playback import START
from lessons.stage.render import Viewpoint
from lessons.views import moments
from lessons.views.modes import find

WHOLE: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
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
        shown, viewpoint = _moment(request.GET, events) if form.momentary else (events, Viewpoint())
    except runs.RunUnknown:
        return render(request, "lessons/gone.html", {"lesson": lesson}, status=HTTPStatus.NOT_FOUND)
    except runs.LogUnavailable:
        return render(request, "lessons/unavailable.html", {"lesson": lesson}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    except Refused as refused:
        return HttpResponse(refused.message, "text/plain; charset=utf-8", HTTPStatus.BAD_REQUEST)
    made = await asyncio.to_thread(form.make, lesson, shown, viewpoint)
    moment = f"-at-{len(shown)}" if form.momentary else ""
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


def _moment(query: QueryDict, events: Sequence[Event]) -> tuple[Sequence[Event], Viewpoint]:
    """The events up to the cursor, else all of them, and what is pinned. Raises `Refused`."""
    cursor = max(START, _whole(query, "cursor", 0, len(events), len(events)))
    created = events[0].body
    assert isinstance(created, RunCreated)  # or it is no run's history
    spec = RunSpec.from_data(created.spec)
    lane = query.get("lane", "")
    lanes = [each.lane for each in spec.lanes]
    if lane and lane not in lanes:
        raise Refused("malformed", f"This run has no such lane. Its lanes are {', '.join(lanes)}.")
    return events[:cursor], Viewpoint(lane, _whole(query, "request", 1, spec.requests, 1))


def _whole(query: QueryDict, name: str, least: int, most: int, otherwise: int) -> int:
    text = query.get(name, "")
    if not text:
        return otherwise
    if not WHOLE.fullmatch(text) or not least <= int(text) <= most:
        raise Refused("malformed", f"The {name} must be a whole number from {least} to {most} in this run.")
    return int(text)
