"""What every export says of a run in the same words."""

from lessons.stage import narration, wording
from lessons.stage.model import LaneStage, Stage


def numbers_caption(stage: Stage) -> str:
    """`10 requests in each lane · I/O wait 1 s · 1 worker thread`."""
    spec = stage.spec
    if spec is None:
        return ""
    parts = [wording.count_noun(spec.requests, "request"), f"I/O wait {spec.wait:g} s"]
    if len(spec.lanes) > 1:
        parts[0] += " in each lane"
    if spec.every:
        parts[0] += f", {wording.arrivals(spec.every)}"
    if any(lane.server == "waitress" for lane in spec.lanes):
        parts.append(wording.count_noun(spec.workers, "worker thread"))
    return " · ".join(parts)


def versions_caption(stage: Stage) -> str:
    """`Python 3.13.0 · Django 6.1.3`."""
    return f"Python {stage.python} · Django {stage.django}" if stage.python else ""


def server_caption(stage: Stage, lane: LaneStage) -> str:
    """`waitress 3.0.2 · WSGI · 1 worker thread`."""
    capacity = narration.server_capacity(stage, lane)
    return f"{lane.server} {lane.version} · {capacity}" if lane.server else capacity


def true_time_caption(stage: Stage) -> str:
    """The time of the moment, since the load began."""
    return wording.span_text(max(0.0, stage.t - stage.zero))
