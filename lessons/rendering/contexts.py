"""What the templates of the stage are told: the stage as plain values, ready to be shown and to be compared."""

from collections import Counter
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from lessons.rendering import highlighting, markdown
from lessons.stage import bars, experiment, narration, prediction, step_links, wording
from lessons.stage.disturbance import disturbance_sentence
from lessons.stage.model import LaneStage, RequestStage, Stage
from lessons.stage.moment import moment_sentence
from lessons.stage.steps import execution_table, moment_labels, variable_tracker
from lessons.stage.viewpoint import Viewpoint, settle_viewpoint


def stage_context(stage: Stage, viewpoint: Viewpoint) -> dict[str, Any]:
    """The context of the whole stage for the page; its templates are those of the frames."""
    viewpoint = settle_viewpoint(stage, viewpoint)
    return {
        "stage": stage,
        "viewpoint": viewpoint,
        "lanes": [lane_context(stage, lane) for lane in stage.lanes],
        "sources": _sources(stage),
        **run_context(stage),
        **pinned_context(stage, viewpoint),
    }


def lane_key(lane: str) -> str:
    """A lane's id as part of an element's id."""
    return lane.replace("@", "-").replace("_", "-")


def run_context(stage: Stage) -> dict[str, Any]:
    """What is said of the run as a whole. Nothing of it changes because time passes."""
    return {
        "state": stage.state,
        "outcome": stage.outcome,
        "python": stage.python,
        "django": stage.django,
        "situation": narration.run_situation(stage),
        "verdict": narration.race_verdict(stage),
        "again": stage.ended and (stage.outcome == "failed" or bool(disturbance_sentence(stage))),
        "forecast": narration.race_forecast(stage),
        "totals": [_total(stage, lane) for lane in stage.lanes],
        "prediction": prediction.compare_prediction(stage),
        "goal": experiment.goal_sentence(stage),
        "known": markdown.render_block(experiment.known_answer(stage)),
    }


def _total(stage: Stage, lane: LaneStage) -> dict[str, Any]:
    states = Counter(each.state for each in lane.requests)
    over = lane.total is not None
    return {
        "key": lane_key(lane.id),
        "name": stage.lesson.lane(lane.id).name,
        "total": wording.seconds_text(lane.total) if over else "",
        "failed": states["failed"],
        "cancelled": states["cancelled"],
        "rate": f"{states['done'] / lane.total:.1f}" if lane.total and states["done"] else "",
        "free": f"{bars.free_share(stage, lane):.0%}" if over else "",
    }


def lane_context(stage: Stage, lane: LaneStage) -> dict[str, Any]:
    """What everybody is told of a lane. Its picture is drawn of the scene."""
    return {
        "id": lane.id,
        "key": lane_key(lane.id),
        "name": stage.lesson.lane(lane.id).name,
        "state": lane.state,
        "clock": wording.seconds_text(bars.lane_elapsed(stage, lane)),
        "capacity": narration.server_capacity(stage, lane),
        "server": f"{lane.server} {lane.version}" if lane.server else "",
        "counted": narration.count_sentence(lane) if any(each.ordinary for each in stage.lanes) else "",
        "trouble": _trouble(lane),
        "hold": narration.current_holder(stage, lane),
        "predicted": _predicted(stage, lane),
    }


def _predicted(stage: Stage, lane: LaneStage) -> str:
    """What was predicted for the lane; "" where nothing was."""
    guess = stage.prediction
    return prediction.typed_seconds(guess.seconds) if guess and guess.lane == lane.id else ""


def _trouble(lane: LaneStage) -> str:
    if lane.exit_code is not None:
        how = f"signal {-lane.exit_code}" if lane.exit_code < 0 else f"exit code {lane.exit_code}"
        return f"The server process died ({how})."
    return f"The tracer switched itself off: {lane.tracer_failure}" if lane.tracer_failure else ""


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
    moments = [_step_numbers(steps) for steps in step_links.steps_by_moment(request)]
    rows = execution_table(stage, lane, request)
    sentences = narration.step_sentences(stage, lane, request, rows)
    return {
        "pin_number": request.number,
        "codes": [_listing(stage, each, viewpoint) for each in _listed(stage, viewpoint.lane)],
        "rows": rows,
        "tab_row": request.step or 1,  # the row that Tab comes to; the arrows lead to the others
        "queued": _queued(request),
        "answer": narration.answer_sentence(request),
        "columns": list(zip(moment_labels(stage.lesson, sample.id), moments, strict=True)),
        "variables": [
            {"name": each.name, "latest": each.latest, "cells": list(zip(each.values, moments, strict=True))}
            for each in variable_tracker(stage.lesson, request)
        ],
        "sentences": sentences,
        "moment": moment_sentence(stage, lane, request, sentences),
        "trouble": request.failure,
    }


def _listed(stage: Stage, pinned: str) -> list[LaneStage]:
    """The lanes whose code is shown: both of a run with two, else the pinned one."""
    return [lane for lane in stage.lanes if lane.id == pinned or len(stage.lanes) == 2]


def _listing(stage: Stage, lane: LaneStage, viewpoint: Viewpoint) -> dict[str, Any]:
    """The code of a lane's view, from its first definition on, with the line that the pinned number is at."""
    sample = stage.lesson.sample(lane.id.partition("@")[0])
    request = lane.requests[viewpoint.request - 1]
    lines = step_links.steps_by_line(stage, sample, request)
    running = step_links.running_line(request, lines)
    pinned = lane.id == viewpoint.lane
    return {
        "name": stage.lesson.lane(lane.id).name,
        "pinned": pinned,
        "coroutine": request.coroutine,
        "lines": [
            {
                "html": _safe(html),
                "steps": _step_numbers(lines.get(number, ())) if pinned else "",
                "current": request.step in lines.get(number, ()),
                "running": number == running,
            }
            for number, html in enumerate(highlighting.highlight_lines(sample.source), 1)
            if number >= step_links.first_line(sample.source)
        ],
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
