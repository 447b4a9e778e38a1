"""A run in short, for pages that tell of a run without the whole stage. The page asks again until the run has ended."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lessons.content.model import Lesson
from lessons.stage.model import Stage
from lessons.stage.summary import RunSummary, summarize
from lessons.views import modes, run_access
from lessons.views.explanations import catch_trouble


@dataclass(frozen=True, slots=True)
class GuessComparison:
    """A prediction beside its measurement; seconds. Widths are shares of the longer one, in per cent."""

    guess: float
    measured: float
    guess_width: float
    measured_width: float

    @property
    def off(self) -> int:
        """How far the prediction was from the measurement, in per cent of it."""
        return round(abs(self.guess - self.measured) / self.measured * 100) if self.measured else 0


@require_safe
async def summary_fragment(request: HttpRequest, slug: str, run: str) -> HttpResponse:
    """How a run stands, as what belongs into its report."""
    guess, lane = _number(request.GET.get("guess", "")), request.GET.get("lane", "")
    context = await summary_context(modes.lesson_or_404(slug), run, guess, lane)
    return render(request, "lessons/modes/_report.html#inside", context)


async def find_summary(lesson: Lesson, run: str, guess: float | None = None, lane: str = "") -> dict[str, Any]:
    """The same as `summary_context`; empty without a run, and for one that cannot be shown just now."""
    if not run:
        return {}
    found, _ = await catch_trouble(summary_context(lesson, run, guess, lane))
    return found or {}


async def summary_context(lesson: Lesson, run: str, guess: float | None = None, lane: str = "") -> dict[str, Any]:
    """The context of `lessons/modes/_report.html`. Raises `RunUnknown`, `LogUnavailable`.

    With a `guess` of the total of a lane, in seconds, the two are compared once the run has ended.
    """
    return summary_of_stage(lesson, run, await run_access.run_stage(lesson, run), guess, lane)


def summary_of_stage(
    lesson: Lesson, run: str, stage: Stage, guess: float | None = None, lane: str = ""
) -> dict[str, Any]:
    """The same, of a run whose stage is at hand; a prediction that was made before it was sent is compared, too."""
    if guess is None and stage.prediction:
        guess, lane = stage.prediction.seconds, stage.prediction.lane
    found = summarize(stage)
    compared = _compared(found, guess, lane)
    return {"lesson": lesson, "run": run, "report": found, "guess": guess, "lane": lane, "compared": compared}


def _compared(report: RunSummary, guess: float | None, lane: str) -> GuessComparison | None:
    measured = next((each.total for each in report.lanes if each.id == lane), None)
    if guess is None or measured is None or not report.ended:
        return None
    longest = max(guess, measured) or 1.0
    return GuessComparison(guess, measured, round(guess / longest * 100, 1), round(measured / longest * 100, 1))


def _number(text: str) -> float | None:
    try:
        number = float(text[:20])
    except ValueError:
        return None
    return number if 0 <= number < 1e9 else None
