"""How a page opens on a run: the stage at the position asked for, the playhead, and the socket that goes on."""

from typing import Any

from lessons.playback import playhead
from lessons.playback.clock import START
from lessons.playback.position import NotInRun, Position, position_cursor, position_faults, position_query
from lessons.playback.timeline import Timeline
from lessons.rendering import contexts
from lessons.rendering.scene_context import scene_context
from lessons.stage.viewpoint import settle_viewpoint


def opening_context(timeline: Timeline, position: Position, run: str) -> dict[str, Any]:
    """The context of `lessons/stage/stage.html`; for a position that the run does not have, its end and a notice."""
    viewpoint = settle_viewpoint(timeline.live, position.viewpoint)
    assert timeline.live.spec is not None  # its history begins with it
    notice = position_faults(timeline.live.lesson, timeline.live.spec, position)
    try:
        cursor = position_cursor(timeline, timeline.end, position)
    except NotInRun as error:
        cursor, notice = None, f"{notice} {error} This is as far as the run has got.".lstrip()
    stage = timeline.live if cursor is None else timeline.stage(max(cursor, START))
    context = contexts.stage_context(stage, viewpoint)
    drawn = scene_context(stage, viewpoint, timeline.facts.facts, timeline.times[-1])
    lanes = [lane | pictures for lane, pictures in zip(context["lanes"], drawn.pop("pictures"), strict=True)]
    return {
        **context,
        **playhead.playhead_context(timeline, stage, viewpoint, paused=cursor is not None),
        **drawn,
        "lanes": lanes,
        "run": run,
        "link": {"run": run, "position": position_query(viewpoint, cursor)},
        "notice": notice,
    }
