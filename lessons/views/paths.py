"""The guided path: one short experiment after another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from lessons.content.model import Lesson
from lessons.content.teaching import GuidedPath, PathStep
from lessons.htmx import HtmxHttpRequest
from lessons.learning import experiments
from lessons.learning.experiments import Tried
from lessons.rendering import markdown
from lessons.stage import wording
from lessons.views.experiments import build_card, with_latest_run
from lessons.views.mode_request import ModeRequest


@dataclass(frozen=True, slots=True)
class Waypoint:
    """An experiment in the list of all of them."""

    id: str  # of its example
    title: str
    done: bool
    current: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of what was found out: its head, and for each cell what was measured; "" as long as it was not."""

    head: str
    cells: tuple[str, ...]


@require_safe
async def path_page(request: HtmxHttpRequest, slug: str, example: str = "") -> HttpResponse:
    """An experiment of the path; without one the first that is not done. Raises `Http404`."""
    asked = ModeRequest.read(request, slug, "path")
    path = asked.lesson.teaching.path
    assert path  # else there is no such mode
    steps = {each.example: each for each in path.steps}
    if example and example not in steps:
        raise Http404("There is no such experiment on this path.")
    tried = await asked.ask(experiments.tried_examples)
    here = steps.get(example) or next((each for each in path.steps if each.example not in tried), path.steps[-1])
    run, tried = await with_latest_run(asked, here.example, tried)
    context = _path_context(asked.lesson, path, here, tried, run)
    if request.htmx and "news" in request.GET:
        return asked.piece("lessons/modes/_path_news.html", context)
    return await asked.page(context)


def _path_context(
    lesson: Lesson, path: GuidedPath, here: PathStep, tried: Mapping[str, Tried], run: str
) -> dict[str, Any]:
    ids = [each.example for each in path.steps]
    number = ids.index(here.example)
    titles = {each.id: each.title for each in lesson.teaching.examples}
    return {
        "card": build_card(lesson, here.example, tried),
        "run": run,
        "story": markdown.render_block(here.story),
        "number": number + 1,
        "waypoints": [Waypoint(id, titles[id], id in tried, id == here.example) for id in ids],
        "before": ids[number - 1] if number else "",
        "later": ids[number + 1] if number + 1 < len(ids) else "",
        "over": all(each in tried for each in ids),
        "end": markdown.render_block(path.end),
        "grid": path.grid,
        "grid_rows": _grid_rows(path, tried),
    }


def _grid_rows(path: GuidedPath, tried: Mapping[str, Tried]) -> list[GridRow]:
    grid = path.grid
    if grid is None:
        return []
    found = [_total_text(tried.get(each)) for each in grid.cells]
    width = len(grid.columns)
    return [GridRow(head, tuple(found[at * width : (at + 1) * width])) for at, head in enumerate(grid.rows)]


def _total_text(tried: Tried | None) -> str:
    return wording.seconds_text(tried.total) if tried and tried.total is not None else ""
