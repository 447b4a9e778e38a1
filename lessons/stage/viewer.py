"""One viewer of a run: what they look at, what they have been shown, and the one frame that is on its way."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import replace

from lessons.stage.gallery import View
from lessons.stage.hub import Hub
from lessons.stage.playback import Mark, Playback
from lessons.stage.render import Viewpoint, settled

STEP = 1 << 20  # a million guesses, of which a viewer has 20 a second


class NotInRun(LookupError):
    """A lane or request that the run does not have; the message is a sentence for the learner."""


class Viewer:
    """Makes frames of a hub that is ready. Does not send and has no clock or task of its own."""

    def __init__(self, hub: Hub, viewpoint: Viewpoint) -> None:
        self.in_flight = 0  # number of the frame that is not acknowledged yet; 0: none
        self._hub = hub
        self._viewpoint = settled(hub.tape.live, viewpoint)
        self._number = 0
        self._shown: View | None = None
        self._extra = ""  # goes into the next frame besides the stage
        self._join()

    @property
    def seconds_to_next(self) -> float | None:
        """Seconds until the stage moves on without new events; None: it does not."""
        at = self._playback.next_at
        return None if at is None else max(0.0, at - self._hub.now())

    def frame(self) -> str | None:
        """The next frame as a WebSocket text, or None while nothing has changed. It is in flight from now on."""
        view = self._look()
        content = self._hub.changes(self._shown, view)
        self._shown = view
        if self._extra:
            content = json.dumps((json.loads(content) if content else "") + self._extra)
            self._extra = ""
        if not content:
            return None
        # Rising by steps that cannot be guessed: only who has read a frame can acknowledge it.
        self._number += 1 + secrets.randbelow(STEP)
        self.in_flight = self._number
        stage = view.stage
        return (
            f'{{"content": {content}, "swap": "none", "frame": {self.in_flight}, '
            f'"seq": {view.cursor}, "t": {stage.t:.6f}, "ended": {"true" if stage.ended else "false"}}}'
        )

    def acknowledge(self, frame: int) -> bool:
        """The browser shows this frame. False: it is not the one in flight."""
        if not self.in_flight or frame != self.in_flight:
            return False
        self.in_flight = 0
        return True

    def pin(self, lane: str, request: int) -> None:
        """Look at this request. Raises `NotInRun`."""
        spec = self._hub.spec
        if lane not in [each.lane for each in spec.lanes]:
            raise NotInRun("This run has no such lane.")
        if not 1 <= request <= spec.requests:
            raise NotInRun(f"This run has requests 1 to {spec.requests} in each lane.")
        self._viewpoint = replace(self._viewpoint, lane=lane, request=request)

    def hold(self, on: bool) -> None:
        """Switch "Hold each step"."""
        self._viewpoint = replace(self._viewpoint, hold=on)
        self._playback.hold = on

    def tell(self, html: str) -> None:
        """Put another region into the next frame."""
        self._extra = html

    def _look(self) -> View:
        hub = self._hub
        if self._generation != hub.generation:
            self._join()
        else:
            self._cursor = self._playback.cursor(self._marks(), hub.end, hub.now())
        held = self._cursor < hub.end
        if held != self._viewpoint.held:
            self._viewpoint = replace(self._viewpoint, held=held)
        return hub.view(self._cursor, self._viewpoint)

    def _join(self) -> None:
        """Stand where somebody stands who has watched from the first event."""
        hub = self._hub
        hold = hub.spec.requests == 1 if self._viewpoint.hold is None else self._viewpoint.hold
        self._viewpoint = replace(self._viewpoint, hold=hold)
        self._playback = Playback(hold)
        self._generation = hub.generation
        self._cursor = self._playback.join(self._marks(), hub.end, hub.now())

    def _marks(self) -> Sequence[Mark]:
        return self._hub.tape.marks(self._viewpoint.lane, self._viewpoint.request)
