"""From a stage to the regions of the page.

A region is an element with an id whose inside is rendered from the same template partial for the whole
page and for a frame. `render_regions` gives every region of a stage; the consumer sends those that changed.
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any, Final, NamedTuple

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from lessons.rendering import highlighting
from lessons.stage import bars, drawing, narration, prediction, step_links, wording
from lessons.stage.drawing import Arrows, Counts, Dot
from lessons.stage.model import LaneStage, RequestStage, Stage
from lessons.stage.steps import StepRow, execution_table, moment_labels, variable_tracker
from lessons.stage.viewpoint import Viewpoint, settle_viewpoint

STRIP_HEIGHT = 14


def render_regions(stage: Stage, viewpoint: Viewpoint, run: str) -> dict[str, str]:
    """Region id -> element for a frame, to be swapped out of band. Equal input gives equal text."""
    return {**_shared(stage), **_personal(stage, settle_viewpoint(stage, viewpoint))}


def stage_context(stage: Stage, viewpoint: Viewpoint) -> dict[str, Any]:
    """The context of the whole stage for the page; its templates are those of the frames."""
    viewpoint = settle_viewpoint(stage, viewpoint)
    pinned = _pinned_context(stage, viewpoint)
    return {
        "stage": stage,
        "viewpoint": viewpoint,
        "lanes": [_lane_context(stage, lane) | _marks(stage, lane, viewpoint, pinned["rows"]) for lane in stage.lanes],
        "sources": _sources(stage),
        **_run_context(stage),
        **pinned,
    }


# Frames


class Region(NamedTuple):
    """A part of the page that is sent by itself."""

    tag: str
    names: tuple[str, ...]  # of the context: everything its template asks for


KEPT: Final = 8  # renderings of a region that are remembered: viewers of one run look from a few places

_rendered: dict[str, deque[tuple[dict[str, Any], str]]] = {}


def _region(id: str, region: Region, template: str, context: Mapping[str, Any], prefix: str = "") -> tuple[str, str]:
    """The region made of this context, which the template sees as it is, or under the name `prefix`.

    Most regions are what they were in the frame before, and comparing is ten times as quick as rendering.
    """
    part = {name: context[name] for name in region.names}
    known = _rendered.setdefault(id, deque(maxlen=KEPT))
    for made_of, html in known:
        if made_of == part:
            return id, html
    _, html = _frame(id, region.tag, template, {prefix: part} if prefix else part)
    known.appendleft((part, html))
    return id, html


def _frame(id: str, tag: str, template: str, context: dict[str, Any]) -> tuple[str, str]:
    inside = _renderer(template)(context)
    return id, f'<{tag} id="{id}" hx-swap-oob="innerMorph">{inside}</{tag}>'


@cache
def _renderer(template: str) -> Callable[[dict[str, Any]], str]:
    """The loader's own cache does not keep partials."""
    return get_template(template).render


@lru_cache(maxsize=256)
def _flow(key: str, radius: float, arrows: Arrows, nodes: Counts, dots: tuple[Dot, ...]) -> tuple[str, str]:
    """The costliest region: rendered only when a dot has moved or changed."""
    lane = {"arrows": arrows, "nodes": nodes, "circles": _circles(key, radius, dots)}
    return _frame(f"flow-{key}", "svg", "lessons/stage/_lane.html#flow", {"lane": lane})


def _circles(key: str, radius: float, dots: tuple[Dot, ...]) -> SafeString:
    """Hundreds a frame, so they are written here and not in a template loop, which takes ten times as long."""
    return _safe(
        "".join(
            f'<circle id="dot-{key}-{number}" class="dot {state}" cx="{x}" cy="{y}" r="{radius}"/>'
            for number, x, y, state in dots
        )
    )


LANE_REGIONS: Final = {
    "meta": Region("div", ("server", "capacity", "tally", "predicted", "trouble")),
    "clock": Region("div", ("state", "clock")),
    "who": Region("p", ("hold",)),
    "strip": Region("svg", ("strip", "strip_now")),
    "bars": Region("svg", ("bars", "predicted", "bars_height")),
    "axis": Region("div", ("axis",)),
}
MARK_REGIONS: Final = {
    "mark": Region("svg", ("key", "boxes", "node", "ended", "pinned", "dot", "ring")),
    "band": Region("svg", ("pinned", "row_top", "row_height", "stretches")),
}
RUN_REGIONS: Final = {
    "status": Region("div", ("state", "outcome", "situation", "python", "django")),
    "verdict": Region("div", ("totals", "verdict")),
    "prediction": Region("div", ("prediction",)),
}
PINNED_REGIONS: Final = {
    "code": Region("div", ("pin_name", "pin_number", "coroutine", "lines", "sample")),
    "table": Region("div", ("rows", "tab_row", "queued", "trouble")),
    "tracker": Region("div", ("columns", "variables")),
    "narration": Region("div", ("sentences",)),
}
MOMENT: Final = Region("div", ("true_time", "held"))

_recent: OrderedDict[int, tuple[Stage, dict[str, str]]] = OrderedDict()


def _shared(stage: Stage) -> dict[str, str]:
    """What every viewer at this cursor sees alike, rendered once. Stages are kept a while, so ids are theirs alone."""
    if (kept := _recent.get(id(stage))) is not None:
        return kept[1]
    made = dict(_shared_regions(stage))
    _recent[id(stage)] = stage, made
    while len(_recent) > 64:
        _recent.popitem(last=False)
    return made


def _shared_regions(stage: Stage) -> Iterator[tuple[str, str]]:
    run = _run_context(stage)
    for name, region in RUN_REGIONS.items():
        yield _region(name, region, f"lessons/stage/_run.html#{name}", run)
    for each in stage.lanes:
        lane = _lane_context(stage, each)
        yield _flow(lane["key"], lane["radius"], lane["arrows"], lane["nodes"], lane["dots"])
        for name, region in LANE_REGIONS.items():
            yield _region(f"{name}-{lane['key']}", region, f"lessons/stage/_lane.html#{name}", lane, "lane")


def _personal(stage: Stage, viewpoint: Viewpoint) -> dict[str, str]:
    pinned = _pinned_context(stage, viewpoint)
    if not pinned:
        return {}
    made = [_region(id, each, f"lessons/stage/_pinned.html#{id}", pinned) for id, each in PINNED_REGIONS.items()]
    made.append(_region("moment", MOMENT, "lessons/stage/_playhead.html#moment", pinned))
    for each in stage.lanes:
        lane = _marks(stage, each, viewpoint, pinned["rows"])
        for name, region in MARK_REGIONS.items():
            made.append(_region(f"{name}-{lane['key']}", region, f"lessons/stage/_lane.html#{name}", lane, "lane"))
    return dict(made)


# Contexts


def lane_key(lane: str) -> str:
    """A lane's id as part of an element's id."""
    return lane.replace("@", "-").replace("_", "-")


def _run_context(stage: Stage) -> dict[str, Any]:
    lanes = [_total(stage, lane) for lane in stage.lanes]
    longest = max((each["seconds"] for each in lanes), default=0.0) or 1.0
    for each in lanes:
        each["share"] = round(each["seconds"] / longest * 100, 1)
    return {
        "state": stage.state,
        "outcome": stage.outcome,
        "python": stage.python,
        "django": stage.django,
        "situation": narration.run_situation(stage),
        "verdict": narration.race_verdict(stage),
        "totals": lanes,
        "prediction": prediction.compare_prediction(stage),
    }


def _total(stage: Stage, lane: LaneStage) -> dict[str, Any]:
    states = Counter(each.state for each in lane.requests)
    done = states["done"]
    lasted = bars.lane_elapsed(stage, lane)
    return {
        "name": stage.lesson.lane(lane.id).name,
        "seconds": lasted,
        "total": wording.seconds_text(lasted if lane.sent is not None else None),
        "final": lane.total is not None,
        "done": done,
        "failed": states["failed"],
        "count": len(lane.requests),
        "rate": f"{done / lasted:.1f}" if done and lasted else "–",
        "free": f"{bars.free_share(stage, lane):.0%}" if lane.sent is not None else "–",
    }


def _lane_context(stage: Stage, lane: LaneStage) -> dict[str, Any]:
    count = len(lane.requests)
    axis = drawing.time_axis(stage)
    dots = drawing.lane_dots(stage, lane)
    radius = drawing.dot_grid(count).radius
    return {
        "id": lane.id,
        "key": lane_key(lane.id),
        "name": stage.lesson.lane(lane.id).name,
        "state": lane.state,
        "clock": wording.seconds_text(bars.lane_elapsed(stage, lane)),
        "capacity": narration.server_capacity(lane),
        "tally": narration.state_tally(lane),
        "server": f"{lane.server} {lane.version}" if lane.server else "",
        "trouble": _trouble(lane),
        "hold": narration.current_holder(stage, lane),
        "nodes": drawing.box_counts(stage, lane),
        "arrows": drawing.flow_arrows(stage.lesson),
        "dots": dots,
        "circles": partial(_circles, lane_key(lane.id), radius, dots),  # asked for by the page only
        "radius": radius,
        "flow_height": drawing.flow_height(count),
        "strip": drawing.strip_path(bars.blocked_spans(stage, lane), axis.end, STRIP_HEIGHT),
        "strip_now": drawing.axis_x(bars.lane_elapsed(stage, lane), axis.end),
        "bars": drawing.bar_paths(stage, lane, axis.end),
        "axis": axis,
        "predicted": _predicted(stage, lane, axis.end),
        "row_height": drawing.row_height(count),
        "bars_height": drawing.row_height(count) * count,
        "numbers": range(1, count + 1),
    }


def _predicted(stage: Stage, lane: LaneStage, end: float) -> dict[str, Any] | None:
    """The mark of a prediction on the lane's timeline of `end` seconds."""
    guess = stage.prediction
    if guess is None or guess.lane != lane.id:
        return None
    beyond = guess.seconds > end
    return {
        "seconds": prediction.typed_seconds(guess.seconds),
        "x": None if beyond else min(drawing.axis_x(guess.seconds, end), drawing.BARS_WIDTH - 1),
    }


def _trouble(lane: LaneStage) -> str:
    if lane.exit_code is not None:
        how = f"signal {-lane.exit_code}" if lane.exit_code < 0 else f"exit code {lane.exit_code}"
        return f"The server process died ({how})."
    return f"The tracer switched itself off: {lane.tracer_failure}" if lane.tracer_failure else ""


def _marks(stage: Stage, lane: LaneStage, viewpoint: Viewpoint, rows: Sequence[StepRow]) -> dict[str, Any]:
    """Ring and band around the pinned request, whose table is `rows`, and the node it is at."""
    request = lane.requests[viewpoint.request - 1]
    count = len(lane.requests)
    boxes = drawing.flow_boxes(stage.lesson)
    sample = lane.id.partition("@")[0]
    lit, steps = step_links.current_node(stage.lesson, sample, request), step_links.steps_by_node(stage.lesson, sample)
    pinned = lane.id == viewpoint.lane
    return {
        "key": lane_key(lane.id),
        "pinned": pinned,
        "boxes": [(box, _steps(steps[box.id]) if pinned else "") for box in boxes],
        "stretches": _stretches(stage, request, rows) if pinned else (),
        "dot": drawing.request_dot(stage, lane, viewpoint.request),
        "ring": drawing.dot_grid(count).radius + 2,
        "node": next((box for box in boxes if box.id == lit), None),
        "ended": request.ended is not None,
        "row_height": drawing.row_height(count),
        "row_top": (viewpoint.request - 1) * drawing.row_height(count),
    }


def _stretches(stage: Stage, request: RequestStage, rows: Sequence[StepRow]) -> list[dict[str, Any]]:
    found = step_links.step_stretches(stage, request, rows, drawing.time_axis(stage).end)
    return [
        {"x": each.x, "width": each.width, "steps": _steps(each.steps), "current": request.step in each.steps}
        for each in found
    ]


def _steps(numbers: step_links.Steps) -> str:
    """As the value of `data-step`."""
    return " ".join(map(str, numbers))


def _pinned_context(stage: Stage, viewpoint: Viewpoint) -> dict[str, Any]:
    if not viewpoint.lane:
        return {}
    lane = stage.lane(viewpoint.lane)
    request = lane.requests[viewpoint.request - 1]
    sample = stage.lesson.sample(lane.id.partition("@")[0])
    lines = step_links.steps_by_line(stage, sample, request)
    running = step_links.running_line(request, lines)
    moments = [_steps(steps) for steps in step_links.steps_by_moment(request)]
    rows = execution_table(stage, lane, request)
    return {
        "pin_number": request.number,
        "pin_name": stage.lesson.lane(lane.id).name,
        "sample": sample,
        "lines": [
            {
                "html": _safe(html),
                "steps": _steps(lines.get(number, ())),
                "current": request.step in lines.get(number, ()),
                "running": number == running,
            }
            for number, html in enumerate(highlighting.highlight_lines(sample.source), 1)
        ],
        "rows": rows,
        "tab_row": request.step or 1,  # the row that Tab comes to; the arrows lead to the others
        "queued": _queued(request),
        "columns": list(zip(moment_labels(stage.lesson, sample.id), moments, strict=True)),
        "variables": [
            {"name": each.name, "latest": each.latest, "cells": list(zip(each.values, moments, strict=True))}
            for each in variable_tracker(stage.lesson, request)
        ],
        "sentences": narration.step_sentences(stage, lane, request, rows),
        "true_time": wording.span_text(max(0.0, stage.t - stage.zero) if stage.zero else 0.0),
        "held": viewpoint.held,
        "trouble": request.failure,
        "coroutine": request.coroutine,
    }


def _sources(stage: Stage) -> list[dict[str, Any]]:
    """Each `fetch_data` that the run's samples import, with the lanes that use it."""
    users: dict[str, list[str]] = {}
    for lane in stage.lanes:
        html = highlighting.fetch_source(stage.lesson.sample(lane.id.partition("@")[0]))
        users.setdefault(html, []).append(stage.lesson.lane(lane.id).name)
    return [{"names": wording.join_words(names), "html": _safe(html)} for html, names in users.items() if html]


def _queued(request: RequestStage) -> str:
    if request.sent is None or request.received is None:
        return ""
    waited = request.received - request.sent
    return wording.span_text(waited) if waited >= 0.05 else ""


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308  (made by the highlighter, which escapes, or of numbers and words of our own)
