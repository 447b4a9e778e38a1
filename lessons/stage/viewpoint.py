"""What one viewer has chosen to look at."""

from dataclasses import dataclass, replace

from lessons.stage.model import Stage


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """The pinned request, and how its steps are gone through."""

    lane: str = ""  # SAMPLE@SERVER of the pinned request; "": the lesson's focus
    request: int = 0  # number of the pinned request; 0: the first
    held: bool = False  # the viewer's cursor is being held behind the run
    hold: bool | None = None  # the switch "Hold each step"


def settle_viewpoint(stage: Stage, viewpoint: Viewpoint) -> Viewpoint:
    """The viewpoint with a lane and a request that are in the run."""
    ids = [lane.id for lane in stage.lanes]
    lane = viewpoint.lane if viewpoint.lane in ids else stage.lesson.focus
    if lane not in ids:
        lane = ids[0] if ids else ""
    count = stage.spec.requests if stage.spec else 1
    return replace(viewpoint, lane=lane, request=viewpoint.request if 1 <= viewpoint.request <= count else 1)
