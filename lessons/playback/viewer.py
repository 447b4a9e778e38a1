"""One viewer of a run: what they look at, what they have been shown, and the one frame that is on its way."""

import json
import secrets
from dataclasses import replace
from typing import Literal

from lessons.playback import playhead
from lessons.playback.clock import PlaybackClock, Reel, Unit
from lessons.playback.frame_cache import View
from lessons.playback.hub import Hub
from lessons.playback.position import NotInRun, Position, position_cursor
from lessons.stage.facts import FactKind
from lessons.stage.viewpoint import Viewpoint, settle_viewpoint

__all__ = ["NotInRun", "Viewer"]

QUIET = 0.2  # seconds that facts of probes alone may wait
PROBES = (FactKind.PROBED, FactKind.PROBE_ANSWERED)
STEP = 1 << 20  # a million guesses, of which a viewer has 200 in ten seconds


class Viewer:
    """Makes frames of a hub that is ready. Does not send and has no clock or task of its own."""

    def __init__(self, hub: Hub, viewpoint: Viewpoint, position: Position | None = None) -> None:
        """Stands at the position; where it asks for no moment, or one that is not there, as far as the run is."""
        self.in_flight = 0  # number of the frame that is not acknowledged yet; 0: none
        self._hub = hub
        self._viewpoint = settle_viewpoint(hub.timeline.live, viewpoint)
        self._number = 0
        self._shown: View | None = None
        self._news: tuple[object, ...] = ()  # of the last frame
        self._facts = 0  # of the scene, that the browser has
        self._told_at = float("-inf")  # when the last frame was made, in seconds of the run
        self._ticks = playhead.ticks_region(())  # on the page
        self._extra = ""  # goes into the next frame besides the stage
        self._join(position or Position())

    @property
    def alone(self) -> bool:
        """Are its frames made for nobody else? Who is live sees what others see."""
        return self._playback.mode != "live"

    @property
    def seconds_to_next(self) -> float | None:
        """Seconds until there is something to show without new events; None: never."""
        quiet = self._told_at + QUIET if self._facts < len(self._hub.timeline.facts.facts) else None
        times = [each for each in (self._playback.next_at, quiet) if each is not None]
        return max(0.0, min(times) - self._hub.now()) if times else None

    def frame(self, heard: int = 0) -> str | None:
        """The next frame as JSON, or None while nothing has changed. It is in flight from now on.

        `heard` is the number of the last word that it reflects.
        """
        view = self._look()
        content = self._hub.changes(self._shown, view)
        fields = self._hub.playhead_fields(view, self._playback.mode, self._playback.rate)
        extra = self._extra if fields.ticks == self._ticks else self._extra + fields.ticks
        if extra:
            content = json.dumps((json.loads(content) if content else "") + extra)
        news = self._generation, *fields.news
        if not content and news == self._news and not self._has_news():
            return None
        scene = self._hub.scene(self._facts)
        self._facts, self._told_at = len(self._hub.timeline.facts.facts), self._hub.now()
        self._shown, self._news, self._ticks, self._extra = view, news, fields.ticks, ""
        # Rising by steps that cannot be guessed: only who has read a frame can acknowledge it.
        self._number += 1 + secrets.randbelow(STEP)
        self.in_flight = self._number
        stage = view.stage
        return (
            f'{{"content": {content or '""'}, "frame": {self.in_flight}, "heard": {heard}, '
            f'"seq": {view.cursor}, "t": {stage.t:.6f}, "ended": {_word(stage.ended)}, "scene": {scene}, '
            f'"now": {self._since_load()}, {fields.fields}}}'
        )

    def _since_load(self) -> str:
        """Seconds since the load began, as JSON; null before it."""
        zero = self._hub.timeline.live.zero
        return f"{self._told_at - zero:.4f}" if zero else "null"

    def _has_news(self) -> bool:
        """Are there facts for the browser? Those of probes alone can wait a little: they come all the time."""
        facts = self._hub.timeline.facts.facts
        if len(facts) == self._facts:
            return False
        probes = all(fact[2] in PROBES for fact in facts[self._facts :])
        return not probes or self._hub.now() >= self._told_at + QUIET

    def acknowledge(self, frame: int) -> bool:
        """The browser shows this frame. False: it is not the one in flight."""
        if not self.in_flight or frame != self.in_flight:
            return False
        self.in_flight = 0
        return True

    def tell(self, html: str) -> None:
        """Put another region into the next frame."""
        self._extra = html

    # What a viewer can say. What cannot be done raises `NotInRun`, and nothing has changed then.

    def pin(self, lane: str, request: int) -> None:
        """Look at this request."""
        self._viewpoint = self._pinned(lane, request)

    def hold(self, on: bool) -> None:
        """Switch "Hold each step"."""
        self._viewpoint = replace(self._viewpoint, hold=on)
        self._playback.switch_hold(on, self._reel(), self._hub.now())

    def pause(self) -> None:
        """Stand still; the run goes on."""
        self._playback.pause()

    def play(self) -> None:
        """Go on, from the start if the run is over and shown to its end."""
        self._playback.play(self._reel(), self._hub.now())

    def live(self) -> None:
        """Go to where the run is."""
        self._playback.live(self._reel())

    def speed(self, rate: float) -> None:
        """Play at this rate; `ValueError` for one that `PlaybackClock` does not know."""
        self._playback.speed(rate, self._reel(), self._hub.now())

    def step(self, by: Literal[1, -1], unit: Unit) -> None:
        """Pause one step of the pinned request, or one event, on or back."""
        self._playback.step(by, unit, self._reel())

    def seek(self, to: int) -> None:
        """Pause at this event; 0 is the start."""
        if to > self._hub.end:
            raise NotInRun(f"This run has events 1 to {self._hub.end}; choose one of them.")
        self._playback.seek(to, self._reel())

    def scrub(self, at: float) -> None:
        """Pause so many seconds after the load began."""
        last = playhead.scrubber_end(self._hub.timeline, self._hub.end)
        if at > last:
            raise NotInRun(f"This run has moments from 0 to {last:.3f} s; choose one of them.")
        self._playback.scrub(self._hub.timeline.live.zero + at, self._reel())

    def show(self, lane: str, request: int, step: int) -> None:
        """Pin this request and pause where the step's facts are known."""
        viewpoint = self._pinned(lane, request)
        cursor = position_cursor(self._hub.timeline, self._hub.end, Position(viewpoint, step=step))
        self._viewpoint = viewpoint
        self._playback.seek(cursor or 0, self._reel())

    # What they see

    def _look(self) -> View:
        hub = self._hub
        if self._generation != hub.generation:
            self._rejoin()
            self._facts = 0
        else:
            self._cursor = self._playback.cursor(self._reel(marked=self._playback.hold), hub.now())
        held = self._cursor < hub.end and self._playback.standing
        if held != self._viewpoint.held:
            self._viewpoint = replace(self._viewpoint, held=held)
        return hub.view(self._cursor, self._viewpoint)

    def _join(self, position: Position) -> None:
        """Stand at a moment, or where somebody stands who has watched from the first event."""
        hub = self._hub
        try:
            cursor = position_cursor(hub.timeline, hub.end, replace(position, viewpoint=self._viewpoint))
        except NotInRun:
            cursor = None  # the page has said so
        hold = hub.spec.requests == 1 if self._viewpoint.hold is None else self._viewpoint.hold
        self._viewpoint = replace(self._viewpoint, hold=hold)
        self._playback = PlaybackClock(hold, cursor, position.rate)
        self._generation = hub.generation
        self._cursor = self._playback.join(self._reel(), hub.now())
        if position.playing and cursor is not None:
            self._playback.play(self._reel(), hub.now())

    def _rejoin(self) -> None:
        """The history has been taken anew: who followed it follows it again, who looked back stays."""
        if self._playback.mode == "live":
            self._join(Position())
        else:
            self._generation = self._hub.generation
            self._cursor = self._playback.cursor(self._reel(), self._hub.now())

    def _reel(self, *, marked: bool = True) -> Reel:
        hub, timeline = self._hub, self._hub.timeline
        marks = timeline.marks(self._viewpoint.lane, self._viewpoint.request) if marked else ()
        ended = timeline.live.ended and hub.end == timeline.end
        return Reel(timeline.times, hub.end, marks, ended, timeline.load_start)

    def _pinned(self, lane: str, request: int) -> Viewpoint:
        spec = self._hub.spec
        if lane not in [each.lane for each in spec.lanes]:
            raise NotInRun("This run has no such lane.")
        if not 1 <= request <= spec.requests:
            raise NotInRun(f"This run has requests 1 to {spec.requests} in each lane.")
        return replace(self._viewpoint, lane=lane, request=request)


def _word(value: bool) -> str:
    return "true" if value else "false"
