"""What the templates of the stage are told: the stage as plain values, ready to be shown and to be compared."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from lessons.rendering import highlighting
from lessons.stage import bars, drawing, flow, narration, prediction, step_links, wording
from lessons.stage.drawing import SettledBars, TimeAxis
from lessons.stage.flow import Dot
from lessons.stage.model import LaneStage, RequestStage, Stage
from lessons.stage.steps import StepRow, execution_table, moment_labels, variable_tracker
from lessons.stage.viewpoint import Viewpoint, settle_viewpoint


def stage_context(stage: Stage, viewpoint: Viewpoint) -> dict[str, Any]:
    """The context of the whole stage for the page; its templates are those of the frames."""
    viewpoint = settle_viewpoint(stage, viewpoint)
    axis = drawing.time_axis(stage)
    pinned = pinned_context(stage, viewpoint)
    lanes = [lane_context(stage, lane, axis) for lane in stage.lanes]
    marks = [mark_context(stage, lane, viewpoint, axis, pinned["rows"]) for lane in stage.lanes]
    return {
        "stage": stage,
        "viewpoint": viewpoint,
        "lanes": [lane | mark for lane, mark in zip(lanes, marks, strict=True)],
        "sources": _sources(stage),
        **run_context(stage),
        **pinned,
    }


def lane_key(lane: str) -> str:
    """A lane's id as part of an element's id."""
    return lane.replace("@", "-").replace("_", "-")


def run_context(stage: Stage) -> dict[str, Any]:
    """What is said of the run as a whole."""
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


def lane_context(stage: Stage, lane: LaneStage, axis: TimeAxis, settled: SettledBars | None = None) -> dict[str, Any]:
    """What everybody sees of a lane, on the run's time axis. `settled` keeps what need not be drawn again."""
    count = len(lane.requests)
    dots = flow.lane_dots(stage, lane)
    radius = flow.dot_grid(count).radius
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
        "nodes": flow.box_counts(stage, lane),
        "arrows": flow.flow_arrows(stage.lesson),
        "dots": dots,
        "circles": partial(draw_circles, lane_key(lane.id), radius, dots),  # asked for by the page only
        "radius": radius,
        "flow_width": flow.WIDTH,
        "flow_height": flow.flow_height(count),
        "strip": drawing.draw_strip(stage, lane, axis.end),
        "bars": drawing.bar_paths(stage, lane, axis.end, settled=settled),
        "axis": axis,
        "predicted": _predicted(stage, lane, axis.end),
        "plot": drawing.page_plot(count),
        "numbers": range(1, count + 1),
    }


def draw_circles(key: str, radius: float, dots: Sequence[Dot]) -> SafeString:
    """Hundreds a frame, so they are written here and not in a template loop, which takes ten times as long."""
    return _safe(
        "".join(
            f'<circle id="dot-{key}-{number}" class="dot {state}" cx="{x}" cy="{y}" r="{radius}"/>'
            for number, x, y, state in dots
        )
    )


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


def mark_context(
    stage: Stage, lane: LaneStage, viewpoint: Viewpoint, axis: TimeAxis, rows: Sequence[StepRow]
) -> dict[str, Any]:
    """Ring and band around the pinned request, whose table is `rows`, and the node it is at."""
    request = lane.requests[viewpoint.request - 1]
    count = len(lane.requests)
    plot = drawing.page_plot(count)
    boxes = flow.flow_boxes(stage.lesson)
    sample = lane.id.partition("@")[0]
    lit, steps = step_links.current_node(stage.lesson, sample, request), step_links.steps_by_node(stage.lesson, sample)
    pinned = lane.id == viewpoint.lane
    return {
        "key": lane_key(lane.id),
        "pinned": pinned,
        "boxes": [(box, _step_numbers(steps[box.id]) if pinned else "") for box in boxes],
        "stretches": _stretches(stage, request, rows, axis) if pinned else (),
        "dot": flow.request_dot(stage, lane, viewpoint.request),
        "ring": flow.dot_grid(count).radius + flow.RING,
        "node": next((box for box in boxes if box.id == lit), None),
        "ended": request.ended is not None,
        "plot": plot,
        "row_top": (viewpoint.request - 1) * plot.row,
    }


def _stretches(stage: Stage, request: RequestStage, rows: Sequence[StepRow], axis: TimeAxis) -> list[dict[str, Any]]:
    found = step_links.step_stretches(stage, request, rows, axis.end)
    return [
        {"x": each.x, "width": each.width, "steps": _step_numbers(each.steps), "current": request.step in each.steps}
        for each in found
    ]


def _step_numbers(numbers: step_links.Steps) -> str:
    """As the value of `data-step`."""
    return " ".join(map(str, numbers))


def pinned_context(stage: Stage, viewpoint: Viewpoint) -> dict[str, Any]:
    """What is said of the pinned request; empty when there is none. `viewpoint` is settled."""
    if not viewpoint.lane:
        return {}
    lane = stage.lane(viewpoint.lane)
    request = lane.requests[viewpoint.request - 1]
    sample = stage.lesson.sample(lane.id.partition("@")[0])
    lines = step_links.steps_by_line(stage, sample, request)
    running = step_links.running_line(request, lines)
    moments = [_step_numbers(steps) for steps in step_links.steps_by_moment(request)]
    rows = execution_table(stage, lane, request)
    return {
        "pin_number": request.number,
        "pin_name": stage.lesson.lane(lane.id).name,
        "sample": sample,
        "lines": [
            {
                "html": _safe(html),
                "steps": _step_numbers(lines.get(number, ())),
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
