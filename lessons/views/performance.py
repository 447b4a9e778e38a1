"""Performance: this server measured on demand, and the law behind the figures."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from lessons.content.model import Lesson
from lessons.content.teaching import Pattern, Performance
from lessons.errors import Refused
from lessons.htmx import HtmxHttpRequest
from lessons.lab.events import MAX_PREDICTION
from lessons.learning import experiments
from lessons.log.protocol import LogUnavailable
from lessons.performance.chart import draw_chart
from lessons.performance.model import Measurement, Point, asked_point, plan_points, pool_seconds, waiting_seconds
from lessons.performance.recorded import recorded_measurement
from lessons.performance.service import MeasurementUnknown, measurement_service
from lessons.stage.wording import count_noun, seconds_text
from lessons.views.explanations import Explanation, catch_trouble, explain_error, say_when
from lessons.views.limits import MEASUREMENT, limit_posts
from lessons.views.mode_request import ModeRequest
from lessons.views.presses import find_press

FIGURES: Final = "lessons/modes/_figures.html#inside"


@dataclass(frozen=True, slots=True)
class ShownMeasurement:
    """A measurement as the page shows it."""

    name: str  # "": none, and then all points of `found` are blank
    found: Measurement

    @property
    def waiting(self) -> bool:
        """Will it show more after a while?"""
        return bool(self.name) and not self.found.ended


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
    tied: bool  # has it the least total of its row, beside others that are as quick?
    overhead: str  # "12 %": the share of its total that is no wait; "" where none is known


@dataclass(frozen=True, slots=True)
class PatternEvidence:
    """A pattern, and what was measured of it."""

    pattern: Pattern
    measured: tuple[str, ...]  # a sentence per series of its lane


class GuessForm(forms.Form):
    """What the learner expects of one point, before measuring."""

    guess = forms.FloatField(
        required=False,
        min_value=0,
        max_value=MAX_PREDICTION,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal", "autocomplete": "off"}),
    )

    def read(self) -> float | None:
        """None: no guess. Raises `Refused`."""
        if not self.is_valid():
            raise Refused("number", "Write your guess as a number of seconds, for example 1.5, or leave it empty.")
        seconds: float | None = self.cleaned_data["guess"]
        return seconds


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
async def performance_page(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """The figures of `?measurement=…`, else of the learner's latest; the law with `?requests=…&workers=…&wait=…`."""
    asked = ModeRequest.read(request, slug, "performance")
    if wanted := request.GET.get("measurement", ""):
        return await asked.page(await _page_context(asked, *await _look_up(asked, wanted)))
    shown, trouble = await _look_up(asked, await measurement_service().latest(asked.learner, asked.lesson))
    # Nobody has asked for it, so nobody need be told that it has expired.
    return await asked.page(await _page_context(asked, _nothing(asked) if trouble else shown))


@require_safe
async def law_fragment(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    """What the law says of the learner's numbers."""
    asked = ModeRequest.read(request, slug, "performance")
    return asked.piece("lessons/modes/_law.html", _law(request, _performance(asked.lesson)))


@require_safe
async def figures_fragment(request: HtmxHttpRequest, slug: str, measurement: str) -> HttpResponse:
    """How far a measurement has got. Raises `LogUnavailable`: the page keeps what it shows, and asks again."""
    asked = ModeRequest.read(request, slug, "performance")
    shown, trouble = await _look_up(asked, measurement)
    if trouble and trouble.retry_after:
        raise LogUnavailable(measurement)
    status = trouble.status if trouble else HTTPStatus.OK
    return asked.piece(FIGURES, await _figures_context(asked, shown, trouble), status)


@require_POST
@limit_posts(MEASUREMENT)
async def begin_measurement(request: HtmxHttpRequest, slug: str) -> HttpResponseBase:
    """Measure this server."""
    asked = ModeRequest.read(request, slug, "performance")
    measurement, trouble = await catch_trouble(_begin(asked))
    return say_when(await _show_measurement(asked, measurement or "", trouble), trouble)


async def _begin(asked: ModeRequest) -> str:
    guess = GuessForm(asked.request.POST).read()
    return await measurement_service().begin(asked.lesson, asked.learner, find_press(asked.request), guess)


@require_POST
async def cancel_measurement(request: HtmxHttpRequest, slug: str, measurement: str) -> HttpResponseBase:
    """Cancel a measurement of one's own."""
    asked = ModeRequest.read(request, slug, "performance")
    _, trouble = await catch_trouble(measurement_service().cancel(measurement, asked.learner))
    return say_when(await _show_measurement(asked, measurement, trouble), trouble)


async def _show_measurement(asked: ModeRequest, measurement: str, trouble: Explanation | None) -> HttpResponseBase:
    """What came of a post."""
    if not asked.request.htmx and not trouble:
        return asked.redirect("measured", measurement=measurement)
    shown, untold = await _look_up(asked, measurement)
    trouble = trouble or untold
    status = trouble.status if trouble else HTTPStatus.OK
    if not asked.request.htmx:
        return await asked.page(await _page_context(asked, shown, trouble), status)
    context = {**await _figures_context(asked, shown, trouble), **_law(asked.request, _performance(asked.lesson))}
    response = asked.piece("lessons/modes/_measured.html", {**context, "oob": True}, status)
    if not trouble:
        response["HX-Replace-Url"] = asked.address(measurement=measurement)
    return response


async def _look_up(asked: ModeRequest, name: str) -> tuple[ShownMeasurement, Explanation | None]:
    """The measurement of this name; nothing, and why, when the lesson has none of it."""
    if not name:
        return _nothing(asked), None
    found, trouble = await catch_trouble(measurement_service().state(name))
    if found and found.lesson != asked.lesson.slug:
        found, trouble = None, explain_error(MeasurementUnknown(name))
    return ShownMeasurement(name, found) if found else _nothing(asked), trouble


def _nothing(asked: ModeRequest) -> ShownMeasurement:
    return ShownMeasurement("", Measurement(plan_points(_performance(asked.lesson))))


async def _page_context(
    asked: ModeRequest, shown: ShownMeasurement, trouble: Explanation | None = None
) -> dict[str, Any]:
    figures = await _figures_context(asked, shown, trouble)
    return {**figures, **_law(asked.request, _performance(asked.lesson)), "again": asked.look_again("measured")}


async def _figures_context(asked: ModeRequest, shown: ShownMeasurement, trouble: Explanation | None) -> dict[str, Any]:
    """The context of the figures; blank ones when nothing is shown."""
    performance = _performance(asked.lesson)
    covered = not shown.name and not await asked.ask(experiments.is_performance_open)
    if not shown.name and not covered and (recorded := recorded_measurement(asked.lesson)):
        shown = ShownMeasurement("", recorded)
    found = shown.found
    remaining = await measurement_service().remaining(found) if shown.name else frozenset()
    owner = measurement_service().is_of(shown.name, found, asked.learner)
    return {
        "performance": performance,
        "covered": covered,
        "found": found,
        "measurement": shown.name,
        "waiting": shown.waiting,
        "mine": shown.waiting and owner,
        "situation": _situation(shown),
        "guess": GuessForm() if covered else None,
        "asked": _asked(performance),
        "compared": _compared(performance, found),
        "busy": any(each.disturbed for each in found.points),
        "count": len(found.points),
        "charts": (
            ("Seconds until the last answer", draw_chart(performance, found)),
            ("Seconds that a visitor waits, on average", draw_chart(performance, found, "mean")),
        ),
        "rows": _rows(asked.lesson, performance, found, remaining),
        "patterns": tuple(_evidence(performance, found, each) for each in performance.patterns),
        "message": trouble.sentence if trouble else "",
    }


def _situation(shown: ShownMeasurement) -> str:
    found = shown.found
    if not shown.name and not found.ended:
        return "Nothing has been measured yet."
    began = f"{datetime.fromtimestamp(found.at, UTC):%-d %B %Y, %H:%M} UTC"
    if not shown.name:
        cores = f", on a machine with {count_noun(found.cores, 'core')}" if found.cores else ""
        return f"A recording of {began}{cores}. Measure this server, and its own figures take their place."
    if found.outcome == "done":
        return f"Done. All figures below were measured on this server, starting at {began}."
    if found.outcome == "cancelled":
        return f"Cancelled. What was measured until then, starting at {began}, stays."
    if found.outcome:
        return f"The measurement of {began} ended early. {found.reason}"
    return "Cancelling…" if found.cancelling else "Measuring: one run after another, each on a server of its own."


def _asked(performance: Performance) -> str:
    """What there is to guess."""
    point = asked_point(performance)
    label = performance.series[point.series or 0].label
    sent = f"{count_noun(point.requests, 'request')} at once, {performance.wait:g} s each"
    return f"{sent}: seconds until the last answer of “{label}”"


def _compared(performance: Performance, found: Measurement) -> str:
    """The guess beside what was measured; "" as long as either is missing."""
    asked = asked_point(performance)
    total = next((each.total for each in found.points if each.number == asked.number), None)
    if found.guess is None or total is None:
        return ""
    return f"{_asked(performance)}. Your guess was {found.guess:g} s; it took {seconds_text(total)}."


def _rows(
    lesson: Lesson, performance: Performance, found: Measurement, remaining: frozenset[str]
) -> tuple[FigureRow, ...]:
    columns = [found.of(index) for index in range(len(performance.series))]
    rows = []
    for points in zip(*columns, strict=True):
        tied = found.tied(points[0].requests)
        cells = (
            FigureCell(each, each.run in remaining, each in tied, _overhead(lesson, performance, each))
            for each in points
        )
        rows.append(FigureRow(points[0].requests, tuple(cells)))
    return tuple(rows)


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
            pool = label or (count_noun(last.workers, "worker") if last.lane.endswith("@waitress") else "")
            figures = (
                f"{count_noun(last.requests, 'request')} in {seconds_text(last.total)}, {last.rate:.1f} per second"
            )
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
