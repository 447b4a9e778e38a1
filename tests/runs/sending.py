"""Runs that were sent to a real site, and have ended there."""

from tests.frames import Frame, ended, next_frame, watched
from tests.visiting import Visitor
from tests.waiting import until


def sent(visitor: Visitor, **changes: object) -> str:
    """A run that has ended and stands in My runs."""
    run = visitor.send(**changes)
    last_frame(visitor.site, run)
    until(lambda: run in visitor.page("/runs/"), "the run is archived")
    return run


def last_frame(web: str, run: str) -> Frame:
    with watched(web, run) as socket:
        return next_frame(socket, ended)
