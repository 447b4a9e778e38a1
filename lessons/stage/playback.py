"""How far one viewer has got in the events of a run. Pure: time is given, in seconds since the run began."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

HOLD = 1.4  # seconds a step stands still


@dataclass(frozen=True, slots=True)
class Mark:
    """The event that begins a step of a request."""

    seq: int
    t: float
    lane: str
    step: int  # its number


class Playback:
    """The cursor of one viewer: live, or held at every step.

    Live, the cursor is the last event. With `hold` it stands still for `HOLD` seconds at every mark and runs through
    what lies between. Marks that follow one another and begin the same step in different lanes stand together. The
    cursor never goes back, and is live again when it has caught up with the last event.
    """

    def __init__(self, hold: bool = False) -> None:
        self.hold = hold  # may be switched at any time
        self.next_at: float | None = None  # when the cursor will move without a new event
        self._cursor = 0
        self._free_at = float("-inf")  # the cursor stands still until then
        self._together: dict[str, int] = {}  # lane -> step of the marks that stand together now

    def join(self, marks: Sequence[Mark], end: int, now: float) -> int:
        """The cursor of somebody who has watched from the first event: all who watch, or come back, are together."""
        for mark in marks if self.hold else ():
            shown = mark.t if self._stands_with(mark) else max(mark.t, self._free_at)
            if mark.seq > end or shown > now:
                break
            self._stand(mark, shown)
        return self.cursor(marks, end, now)

    def cursor(self, marks: Sequence[Mark], end: int, now: float) -> int:
        """The sequence number up to which events are shown at `now`.

        `marks` are those of the request that is looked at, rising; `end` is the number of the last event that
        may be shown.
        """
        self.next_at = None
        if not self.hold:
            self._together, self._free_at = {}, float("-inf")
            self._cursor = max(self._cursor, end)
            return self._cursor
        for mark in marks[bisect_right(marks, self._cursor, key=lambda each: each.seq) :]:
            if mark.seq > end or (now < self._free_at and not self._stands_with(mark)):
                break
            self._stand(mark, now)
        ahead = self._cursor < end
        if now < self._free_at:
            self.next_at = self._free_at if ahead else None
        else:
            self._cursor = max(self._cursor, end)
        return self._cursor

    def _stands_with(self, mark: Mark) -> bool:
        return mark.lane not in self._together and mark.step in self._together.values()

    def _stand(self, mark: Mark, shown: float) -> None:
        self._together = {mark.lane: mark.step, **(self._together if self._stands_with(mark) else {})}
        self._cursor = mark.seq
        self._free_at = max(self._free_at, shown + HOLD)
