"""A run in a few lines: what came of each lane, for pages that tell of a run without the whole stage."""

from dataclasses import dataclass

from lessons.stage import bars, drawing, narration, wording
from lessons.stage.drawing import Plot, TimeAxis
from lessons.stage.model import LaneStage, Stage

# A busy machine may answer a probe late, too: a server counts as blocked from this share and this length on.
NOTEWORTHY_SHARE = 0.05
NOTEWORTHY = 0.15  # seconds


@dataclass(frozen=True, slots=True)
class LaneSummary:
    """What came of one lane so far. Texts are ready to be read; paths are in units of the timeline's view box."""

    id: str
    name: str
    server: str  # "waitress 3.0.2"
    capacity: str
    state: str
    clock: str
    tally: str
    total: float | None  # seconds
    failures: tuple[str, ...]  # each different one once
    streamed: str  # of a lane with streaming responses: when the first part had come to everybody, and when all of it
    blocked: str  # how long the server could not take another request; "" for hardly ever
    share: str  # the same as a share of the lane's time
    suspended: bool  # has the view given the event loop back?
    rows: tuple[tuple[str, str], ...]  # phase and path
    held: str  # path of when the server could take no other request
    plot: Plot


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What came of a run so far."""

    situation: str
    ended: bool
    outcome: str
    lanes: tuple[LaneSummary, ...]
    axis: TimeAxis
    verdict: str
    requests: int
    wait: float  # seconds


def summarize(stage: Stage, axis: TimeAxis | None = None) -> RunSummary:
    """The run as it stands; on an axis of its own, or on one that it shares."""
    axis = axis or drawing.time_axis(stage)
    return RunSummary(
        narration.run_situation(stage),
        stage.ended,
        stage.outcome or "",
        tuple(_summarize_lane(stage, lane, axis) for lane in stage.lanes),
        axis,
        narration.race_verdict(stage),
        stage.spec.requests if stage.spec else 0,
        stage.spec.wait if stage.spec else 0.0,
    )


def _summarize_lane(stage: Stage, lane: LaneStage, axis: TimeAxis) -> LaneSummary:
    share = 1.0 - bars.free_share(stage, lane)
    blocked = share * bars.lane_elapsed(stage, lane)
    return LaneSummary(
        lane.id,
        stage.lesson.lane(lane.id).name,
        f"{lane.server} {lane.version}" if lane.server else "",
        narration.server_capacity(stage, lane),
        lane.state,
        wording.seconds_text(bars.lane_elapsed(stage, lane)),
        narration.state_tally(lane),
        lane.total,
        tuple(dict.fromkeys(request.failure for request in lane.requests if request.failure)),
        narration.stream_sentence(lane),
        wording.span_text(blocked) if share >= NOTEWORTHY_SHARE and blocked >= NOTEWORTHY else "",
        f"{share:.0%}",
        any(request.suspended for request in lane.requests),
        drawing.bar_paths(stage, lane, axis.end),
        drawing.held_path(stage, lane, axis.end),
        drawing.page_plot(len(lane.requests)),
    )
