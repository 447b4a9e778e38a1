"""How far one viewer has got in the events of a run. Pure: time is given, in seconds since the run began."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HOLD: Final = 1.4  # seconds a step stands still
FACTS: Final = 0.1  # seconds into a step after which its facts are known: a probe is late from 0.05 s on


@dataclass(frozen=True, slots=True)
class Mark:
    """A step of the pinned request, and the place where it is looked at."""

    seq: int  # of the event that begins the step
    place: int  # of the last event that is shown with it: just before the next step, or `FACTS` into a long one
    t: float  # when that place was known


class Playback:
    """The cursor of one viewer: live, or held at every step of the pinned request.

    Live, the cursor is the last event. With `hold` it stands still for `HOLD` seconds at every mark and runs through
    what lies between; when it has caught up with the last event it is live again. It goes back only when the hold is
    switched on: then it starts from the first step.
    """

    _cursor: int
    _stood: int  # the event that began the step that was looked at last
    _free_at: float  # the cursor stands still until then

    def __init__(self, hold: bool = False) -> None:
        self.next_at: float | None = None  # when the cursor will move without a new event
        self._hold = hold
        self._begin()

    @property
    def hold(self) -> bool:
        return self._hold

    @hold.setter
    def hold(self, on: bool) -> None:
        if on and not self._hold:
            self._begin()
        self._hold = on

    def join(self, marks: Sequence[Mark], end: int, now: float) -> int:
        """The cursor of somebody who has watched from the first event: all who watch, or come back, are together."""
        for mark in marks if self._hold else ():
            shown = max(mark.t, self._free_at)
            if mark.place > end or shown > now:
                break
            self._stand(mark, shown)
        return self.cursor(marks, end, now)

    def cursor(self, marks: Sequence[Mark], end: int, now: float) -> int:
        """The sequence number up to which events are shown at `now`.

        `marks` are those of the pinned request whose place is known, rising; `end` is the number of the last event
        that may be shown.
        """
        self.next_at = None
        if self._hold and now >= self._free_at and (mark := self._next(marks, end)):
            self._stand(mark, now)
        if not self._hold or now >= self._free_at:
            self._cursor = max(self._cursor, end)
        elif self._cursor < end:
            self.next_at = self._free_at
        return self._cursor

    def _next(self, marks: Sequence[Mark], end: int) -> Mark | None:
        ahead = (mark for mark in marks if mark.seq > self._stood and self._cursor <= mark.place <= end)
        return next(ahead, None)

    def _stand(self, mark: Mark, shown: float) -> None:
        self._stood = mark.seq
        self._cursor = mark.place
        self._free_at = shown + HOLD

    def _begin(self) -> None:
        self._cursor = 0
        self._stood = 0
        self._free_at = float("-inf")
