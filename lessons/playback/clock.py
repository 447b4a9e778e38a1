"""How far one viewer has got in the events of a run. Pure: time is given, in seconds since the run began.

The *picture's clock* is the time of the run that the viewer looks at. Live, it is the run's own; played, it goes at the
viewer's rate; held at a step, or paused, it stands.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

HOLD: Final = 1.4  # seconds a step stands still
FACTS: Final = 0.1  # seconds into a step after which its facts are known: a probe is late from 0.05 s on
BEAT: Final = 1 / 30  # seconds between two moves of a played picture, at least
START: Final = 1  # `run.created`: before it there is nothing to look at
ROUNDING: Final = 1e-6  # seconds; what adding and dividing times may lose
SLOWEST, FASTEST = 0.1, 4.0
RATES: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)  # offered; any between the slowest and the fastest will do

Mode = Literal["live", "paused", "playing"]
Unit = Literal["step", "event"]


@dataclass(frozen=True, slots=True)
class StepMark:
    """A step of the pinned request, and the cursor at which it is looked at."""

    seq: int  # of the event that begins the step
    cursor: int  # of the last event that is shown with it: just before the next step, or `FACTS` into a long one
    t: float  # when that was known
    step: int = 0  # its number


@dataclass(frozen=True, slots=True)
class Reel:
    """What can be played: the events that may be shown, and the pinned request's steps."""

    times: Sequence[float]  # the latest time any event up to this one told, rising; that of event 1 comes first
    end: int  # number of the last event that may be shown, from 1; `times` may go on
    marks: Sequence[StepMark]  # those whose cursor is known, rising
    ended: bool = False  # no event will follow
    start: int = START  # where playing begins: the load, not the start of the servers


class PlaybackClock:
    """The cursor of one viewer: live, paused, or playing at a rate along the events' true times.

    Live, the cursor is the last event. With `hold` it stands still for `HOLD` seconds at every mark and runs through
    what lies between; when it has caught up with the last event it is live again. It goes back only when the hold is
    switched on: then it starts from the first step. Played, it stands at every mark, too.

    Playing that comes to the end of an ended run pauses there; that catches up with a run under way is live again.
    """

    mode: Mode
    rate: float  # seconds of the picture's clock in a second, while playing
    _cursor: int
    _stood: int  # live: the event that began the step that was looked at last
    _free_at: float  # the cursor stands still until then

    def __init__(self, hold: bool = False, cursor: int | None = None, rate: float = 1.0) -> None:
        """Live, or paused at `cursor`."""
        self.next_at: float | None = None  # when the cursor will move without a new event
        self.mode = "live" if cursor is None else "paused"
        self.rate = rate
        self._hold = hold
        self._begin()
        self._cursor = cursor or 0
        self._shown = 0.0  # playing: what the picture's clock showed …
        self._since = 0.0  # … at this time
        self._moved = float("-inf")

    @property
    def hold(self) -> bool:
        """Does it stand at each step for reading?"""
        return self._hold

    @property
    def standing(self) -> bool:
        """Short of the last event, does it stand at a step for reading?"""
        return self._hold and (self.mode == "live" or (self.mode == "playing" and self._free_at > float("-inf")))

    def join(self, reel: Reel, now: float) -> int:
        """The cursor of somebody who has watched from the first event: all who watch, or come back, are together."""
        for mark in reel.marks if self._hold and self.mode == "live" else ():
            shown = max(mark.t, self._free_at)
            if mark.cursor > reel.end or shown > now:
                break
            self._stand(mark, shown)
        return self.cursor(reel, now)

    def cursor(self, reel: Reel, now: float) -> int:
        """The number of the last event that is shown at `now`."""
        self.next_at = None
        if self.mode == "live":
            self._follow(reel, now)
        elif self.mode == "playing":
            self._move(reel, now)
        self._cursor = max(min(START, reel.end), min(self._cursor, reel.end))
        return self._cursor

    # What a viewer can say

    def pause(self) -> None:
        """Stand where the cursor is."""
        self.mode = "paused"

    def play(self, reel: Reel, now: float) -> None:
        """Go on from the cursor, but not before the load; from its start where an ended run stands at its end."""
        over = reel.ended and self._cursor >= reel.end
        if over or (self.mode == "paused" and self._cursor < reel.start):
            self._cursor = reel.start
        if over or self.mode == "paused":
            self._run(reel, now)

    def live(self, reel: Reel) -> None:
        """Go to the last event and stay with it; what has passed meanwhile is not held."""
        self._begin()
        self.mode, self.rate, self._cursor = "live", 1.0, reel.end
        self._stood = max((mark.seq for mark in reel.marks if mark.seq <= reel.end), default=0)

    def speed(self, rate: float, reel: Reel, now: float) -> None:
        """Play at this rate, now or when it is played next; slower than the run, a live viewer falls behind it.

        Raises `ValueError` for a rate that is not offered.
        """
        if not SLOWEST <= rate <= FASTEST:
            raise ValueError(rate)
        if self.mode == "playing":
            self._shown, self._since = self._clock(now), max(now, self._since)
        self.rate = rate
        if rate < 1 and self.mode == "live" and not (reel.ended and self._cursor >= reel.end):
            self._run(reel, now)

    def step(self, by: Literal[1, -1], unit: Unit, reel: Reel) -> None:
        """Pause one event on or back, or at the pinned request's next or last step; at an end if there is none."""
        cursors = [mark.cursor for mark in reel.marks if mark.cursor <= reel.end]
        if unit == "event":
            self.seek(self._cursor + by, reel)
        elif by > 0:
            self.seek(next((cursor for cursor in cursors if cursor > self._cursor), reel.end), reel)
        else:
            self.seek(next((cursor for cursor in reversed(cursors) if cursor < self._cursor), START), reel)

    def seek(self, to: int, reel: Reel) -> None:
        """Pause at this event, or at the nearest there is."""
        self.mode = "paused"
        self._cursor = max(START, min(to, reel.end))

    def scrub(self, t: float, reel: Reel) -> None:
        """Pause at the last event that was known at this time of the run."""
        self.seek(bisect_right(reel.times, t, hi=reel.end), reel)

    def switch_hold(self, on: bool, reel: Reel, now: float) -> None:
        """Switch the hold; switched on while live, it starts from the first step."""
        if on and not self._hold and self.mode == "live":
            self._begin()
        if not on and self.mode == "playing":
            self._since, self._free_at = min(self._since, now), float("-inf")
        self._hold = on

    # Live

    def _follow(self, reel: Reel, now: float) -> None:
        if self._hold and now >= self._free_at and (mark := self._next(reel)):
            self._stand(mark, now)
        if not self._hold or now >= self._free_at:
            self._cursor = max(self._cursor, reel.end)
        elif self._cursor < reel.end:
            self.next_at = self._free_at

    def _next(self, reel: Reel) -> StepMark | None:
        ahead = (mark for mark in reel.marks if mark.seq > self._stood and self._cursor <= mark.cursor <= reel.end)
        return next(ahead, None)

    def _stand(self, mark: StepMark, shown: float) -> None:
        self._stood = mark.seq
        self._cursor = mark.cursor
        self._free_at = shown + HOLD

    def _begin(self) -> None:
        self._cursor = 0
        self._stood = 0
        self._free_at = float("-inf")

    # Playing

    def _run(self, reel: Reel, now: float) -> None:
        self.mode = "playing"
        self._shown, self._since = reel.times[max(START, self._cursor) - 1], now
        self._free_at = self._moved = float("-inf")

    def _clock(self, now: float) -> float:
        return self._shown + max(0.0, now - self._since) * self.rate

    def _move(self, reel: Reel, now: float) -> None:
        if now >= self._moved + BEAT and now >= self._free_at:
            self._advance(reel, now)
        if self._cursor < reel.end:
            due = self._since + (reel.times[self._cursor] - self._shown) / self.rate
            self.next_at = max(due, self._moved + BEAT, self._free_at)
        elif reel.ended:
            self.pause()
        elif self.rate > 1:
            self.live(reel)

    def _advance(self, reel: Reel, now: float) -> None:
        to = max(self._cursor, bisect_right(reel.times, self._clock(now) + ROUNDING, hi=reel.end))
        self._free_at = float("-inf")
        if self._hold and (mark := next((each for each in reel.marks if self._cursor < each.cursor <= to), None)):
            to = mark.cursor
            self._free_at = now + HOLD
            self._shown, self._since = reel.times[to - 1], self._free_at
        if to > self._cursor:
            self._cursor, self._moved = to, now
