"""Pictures of moments, for previews of addresses.

Anybody may ask for one, and each costs a tenth of a second of a core and more: so few are drawn at once, few may
wait, and each is kept a while.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Final

from lessons.content.model import Lesson
from lessons.export.picture import draw_png
from lessons.export.shown import Shown
from lessons.lab.events import Event
from lessons.offload import share
from lessons.stage.viewpoint import Viewpoint

THREADS: Final = 2
MOST_WAITING: Final = 20
KEPT: Final = 64  # pictures, of some 60 kB each


class NotDrawn(RuntimeError):
    """Too many pictures are being drawn already, or drawing this one failed."""


class PreviewCache:
    """Belongs to one event loop. A moment that several ask for at once is drawn once."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, "picture")
        self._drawn: OrderedDict[tuple[object, ...], Future[bytes]] = OrderedDict()

    async def png(self, lesson: Lesson, run: str, events: Sequence[Event], cursor: int, viewpoint: Viewpoint) -> bytes:
        """The run of these events after the first so many of them, 1200 x 630. Raises `NotDrawn`."""
        moment = (run, len(events), cursor, viewpoint)
        if moment not in self._drawn:
            self._drawn[moment] = self._draw(lesson, events, cursor, viewpoint)
        self._drawn.move_to_end(moment)
        try:
            return await share(asyncio.wrap_future(self._drawn[moment]))
        except Exception as error:  # whatever it was, the next who asks may have more luck
            self._drawn.pop(moment, None)
            raise NotDrawn(str(error)) from error

    def _draw(self, lesson: Lesson, events: Sequence[Event], cursor: int, viewpoint: Viewpoint) -> Future[bytes]:
        if sum(not each.done() for each in self._drawn.values()) >= MOST_WAITING:
            raise NotDrawn("too many at once")
        while len(self._drawn) >= KEPT:
            self._drawn.popitem(last=False)
        return self._pool.submit(lambda: draw_png(Shown.of(lesson, events, cursor), viewpoint))


@cache
def previews() -> PreviewCache:
    """This process's pictures."""
    return PreviewCache()
