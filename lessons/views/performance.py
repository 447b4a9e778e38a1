"""Performance: this server measured on demand, and the law behind the figures."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from lessons.content.model import Lesson
from lessons.content.teaching import Pattern, Performance
from lessons.log.protocol import LogUnavailable, RunUnknown
from lessons.performance.chart import draw_chart
from lessons.performance.model import Measurement, Point, plan_points, pool_seconds, waiting_seconds
from lessons.performance.service import TooManyMeasurements, measurement_service
from lessons.runs.service import NotYours
from lessons.stage.wording import seconds_text
from lessons.views import responses
from lessons.views.modes import lesson_or_404
from lessons.views.presses import pressed

BUSY: Final = "Others are measuring just now, and figures taken at once would spoil each other. Try again in a minute."
AWAY: Final = "The site cannot reach its event log, so nothing is measured. Try again in a moment."
GONE: Final = "This measurement is not here any more. Measure again."
FOREIGN: Final = "Only the learner who began this measurement can cancel it."


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One number of requests in the table of figures."""

    requests: int
    cells: tuple["FigureCell", ...]  # one per series


@dataclass(frozen=True, slots=True)
class FigureCell:
    """One figure of the table."""

    point: Point
    linked: bool  # can its run still be looked at?
    overhead: str  # "12 %": the share of its total that is no wait; "" where none is known


@dataclass(frozen=True, slots=True)
class PatternEvidence:
    """A pattern, and what was measured of it."""

    pattern: Pattern
    measured: tuple[str, ...]  # a sentence per series of its lane


class LawForm(forms.Form):
    """The numbers of the law."""

    requests = forms.IntegerField(label="Requests N", min_value=1, max_value=100_000)
    workers = forms.IntegerField(label="Workers W", min_value=1, max_value=10_000)
    wait = forms.FloatField(
        label="Wait, s", min_value=0.001, max_value=600, widget=forms.NumberInput(attrs={"step": "any"})
    )

    def result(self) -> dict[str, Any]:
        """What the law says of valid numbers."""
        requests, workers, wait = (self.cleaned_data[name] for name in ("requests", "workers", "wait"))
        total = pool_seconds(requests, workers, wait)
        return {
            "rounds": -(-requests // workers),
            "total": total,
            "rate": requests / total,
            "most": workers / wait,
            "needed": requests / wait,
            **self.cleaned_data,
        }


@require_safe
async def performance_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures of `?measurement=…`, else of the learner's latest; the law with `?requests=…&workers=…&wait=…`."""
    lesson, name = lesson_or_404(slug, "performance"), responses.learner_or_new(request)
    asked = request.GET.get("measurement", "")
    latest = "" if asked else await measurement_service().latest(name, lesson)
    if latest and (await _figures(lesson, name, latest))["message"]:
        latest = ""  # nobody has asked for it, so nobody need be told that it has expired
    return await _page(request, lesson, name, asked or latest)


@require_safe
async def law_fragment(request: HttpRequest, slug: str) -> HttpResponse:
    """What the law says of the learner's numbers."""
    lesson, name = lesson_or_404(slug, "performance"), responses.learner_or_new(request)
    return responses.render_fragment(request, lesson, "_law.html", _law(request, _performance(lesson)), name)


@require_safe
async def figures_fragment(request: HttpRequest, slug: str, measurement: str) -> HttpResponse:
    """How far a measurement has got."""
    lesson = lesson_or_404(slug, "performance")
    context = await _figures(lesson, responses.learner_or_new(request), measurement)
    if context["message"] == AWAY:  # the page keeps what it shows, and asks again
        raise LogUnavailable(measurement)
    status = HTTPStatus.NOT_FOUND if context["message"] == GONE else HTTPStatus.OK
    return render(request, "lessons/modes/_figures.html#inside", {"lesson": lesson, **context}, status=status)


@require_POST
async def begin_measurement(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Measure this server."""
    lesson, name = lesson_or_404(slug, "performance"), responses.learner_or_new(request)
    try:
        measurement = await measurement_service().begin(lesson, name, pressed(request))
    except TooManyMeasurements:
        return await _refuse(request, lesson, name, "", BUSY, HTTPStatus.SERVICE_UNAVAILABLE)
    except LogUnavailable:
        return await _refuse(request, lesson, name, "", AWAY, HTTPStatus.SERVICE_UNAVAILABLE)
    return await _answer(request, lesson, name, measurement)


@require_POST
async def cancel_measurement(request: HttpRequest, slug: str, measurement: str) -> HttpResponseBase:
    """Cancel a measurement of one's own."""
    lesson, name = lesson_or_404(slug, "performance"), responses.learner_or_new(request)
    try:
        await measurement_service().cancel(measurement, name)
    except RunUnknown:
        return await _refuse(request, lesson, name, "", GONE, HTTPStatus.NOT_FOUND)
    except NotYours:
        return await _refuse(request, lesson, name, measurement, FOREIGN, HTTPStatus.FORBIDDEN)
    except LogUnavailable:
        return await _refuse(request, lesson, name, measurement, AWAY, HTTPStatus.SERVICE_UNAVAILABLE)
    return await _answer(request, lesson, name, measurement)


async def _answer(request: HttpRequest, lesson: Lesson, name: str, measurement: str) -> HttpResponseBase:
    address = responses.mode_address(lesson, "performance", measurement=measurement)
    if not responses.wants_fragment(request):
        return responses.redirect_after_post(request, address + "#measured", name)
    context = await _figures(lesson, name, measurement)
    response = responses.render_fragment(request, lesson, "_figures.html#inside", context, name)
    response["HX-Replace-Url"] = address
    return response


async def _refuse(
    request: HttpRequest, lesson: Lesson, name: str, measurement: str, message: str, status: HTTPStatus
) -> HttpResponse:
    if not responses.wants_fragment(request):
        return await _page(request, lesson, name, measurement, message, status)
    context = {**await _figures(lesson, name, measurement), "message": message}
    return responses.render_fragment(request, lesson, "_figures.html#inside", context, name, status)


async def _page(
    request: HttpRequest,
    lesson: Lesson,
    name: str,
    measurement: str,
    message: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    shown = await _figures(lesson, name, measurement)
    context = {**shown, **_law(request, _performance(lesson)), "message": message or shown["message"]}
    context["again"] = responses.look_again_address(request, "measured")
    return await responses.mode_page(request, lesson, "performance", context, name, status)


async def _figures(lesson: Lesson, name: str, measurement: str) -> dict[str, Any]:
    """The context of the figures; blank ones when there is no such measurement of this lesson."""
    performance = _performance(lesson)
    found, message = Measurement(plan_points(performance)), ""
    if measurement:
        try:
            found = await measurement_service().state(measurement)
        except RunUnknown:
            message = GONE
        except LogUnavailable:
            message = AWAY
        if found.lesson != lesson.slug:
            found, measurement = Measurement(plan_points(performance)), ""
            message = message or GONE
    return {
        "performance": performance,
        "found": found,
        "measurement": measurement,
        "waiting": bool(measurement) and not found.ended,
        "mine": bool(measurement) and not found.ended and measurement_service().is_of(measurement, found, name),
        "situation": _situation(performance, found, measurement),
        "count": len(found.points),
        "chart": draw_chart(performance, found),
        "rows": _rows(lesson, performance, found, await measurement_service().remaining(found)),
        "patterns": tuple(_evidence(performance, found, each) for each in performance.patterns),
        "message": message,
    }


def _situation(performance: Performance, found: Measurement, name: str) -> str:
    if not name:
        return "Nothing has been measured yet."
    began = f"{datetime.fromtimestamp(found.at, UTC):%-d %B %Y, %H:%M} UTC"
    if found.outcome == "done":
        return f"Done. All figures below were measured on this server, beginning at {began}."
    if found.outcome == "cancelled":
        return f"Cancelled. What was measured until then, beginning at {began}, stays."
    if found.outcome:
        return f"The measurement of {began} ended early. {found.reason}"
    return "Cancelling…" if found.cancelling else "Measuring: one run after another, each on a server of its own."


def _rows(
    lesson: Lesson, performance: Performance, found: Measurement, remaining: frozenset[str]
) -> tuple[FigureRow, ...]:
    columns = [found.of(index) for index in range(len(performance.series))]
    return tuple(
        FigureRow(
            points[0].requests,
            tuple(FigureCell(each, each.run in remaining, _overhead(lesson, performance, each)) for each in points),
        )
        for points in zip(*columns, strict=True)
    )


def _overhead(lesson: Lesson, performance: Performance, point: Point) -> str:
    """The share of a point's total that is no wait. A view that computes instead of waiting has none."""
    if point.total is None or "fetch_data" not in lesson.sample(lesson.lane(point.lane).sample).source:
        return ""
    blocked = any(step.claims[point.lane].server_block for step in lesson.steps if point.lane in step.claims)
    share = 1 - waiting_seconds(point, performance.wait, blocked) / point.total
    return f"{max(0.0, share):.0%}".replace("%", " %")


def _evidence(performance: Performance, found: Measurement, pattern: Pattern) -> PatternEvidence:
    """What the largest measured number of requests says of each series of the pattern's lane."""
    columns = [(each.label, found.of(index)) for index, each in enumerate(performance.series)]
    columns += [("", (point,)) for point in found.points if point.series is None]
    said = []
    for label, points in columns:
        last = next((point for point in reversed(points) if point.total is not None), None)
        if last and last.lane == pattern.lane:
            pool = label or (f"{last.workers} workers" if last.lane.endswith("@waitress") else "")
            figures = f"{last.requests} requests in {seconds_text(last.total)}, {last.rate:.1f} per second"
            said.append(f"{pool}: {figures}" if pool else figures)
    return PatternEvidence(pattern, tuple(said))


def _law(request: HttpRequest, performance: Performance) -> dict[str, Any]:
    blank = {"requests": max(performance.requests), "workers": 4, "wait": performance.wait}
    asked = any(key in request.GET for key in blank)
    form = LawForm(request.GET if asked else blank)
    return {"law": form, "result": form.result() if form.is_valid() else None}


def _performance(lesson: Lesson) -> Performance:
    assert lesson.teaching.performance is not None  # `lesson_or_404` has looked
    return lesson.teaching.performance
