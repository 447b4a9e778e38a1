"""How a page opens on a run: the stage at the place that was asked for, the playhead, and the socket that goes on."""

from typing import Any

from lessons.stage import place as places
from lessons.stage import playhead, render
from lessons.stage.place import NotInRun, Place
from lessons.stage.playback import START
from lessons.stage.tape import Tape


def opening(tape: Tape, place: Place, run: str) -> dict[str, Any]:
    """The context of `lessons/stage/stage.html`; for a place that the run does not have, its end and a notice."""
    viewpoint = render.settled(tape.live, place.viewpoint)
    assert tape.live.spec is not None  # its history begins with it
    notice = places.amiss(tape.live.lesson, tape.live.spec, place)
    try:
        cursor = places.moment(tape, tape.end, place)
    except NotInRun as error:
        cursor, notice = None, f"{notice} {error} This is as far as the run has got.".lstrip()
    stage = tape.live if cursor is None else tape.stage(max(cursor, START))
    return {
        **render.page(stage, viewpoint),
        **playhead.page(tape, stage, viewpoint, paused=cursor is not None),
        "run": run,
        "socket": f"/ws/runs/{run}/?{places.query(viewpoint, cursor)}",
        "notice": notice,
    }
