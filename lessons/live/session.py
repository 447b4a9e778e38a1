"""One viewer of one run, whatever carries it: frames out, one at a time; acknowledgements and words in.

What goes out is JSON, an object a message:

- a *frame*, `{"content", "frame", "heard", "seq", "t", "ended", …}`: regions to swap in, out of band. It must be
  acknowledged by its number before the next one is sent. `heard` is the number of the last word that it reflects. The
  rest tells where the viewer stands: `mode`, `rate`, `end`, `at`, `last`, `text` and `over` as in `Playhead`, and
  `back`, the query with which the browser comes back there;
- a *notice*, `{"content"}`: what is wrong with a word. It is not acknowledged;
- a *beat*, `{"beat": heard}`: nothing has happened, and the link is alive. It comes after `BEAT` seconds without
  another message, and as the answer to a ping;
- the *end*, `{"closed": code, "reason": sentence}`: nothing follows.

What comes in is one of `lessons.live.messages`. A word may carry its number, `id`, rising within a page: one that was
heard already is passed over, so a browser may send again what it cannot be sure of.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from enum import IntEnum
from typing import Any, Final, NamedTuple

from django.template.loader import render_to_string

from lessons import metrics
from lessons.live.messages import (
    Ack,
    BadMessage,
    HoldSteps,
    Live,
    Message,
    Pause,
    Pin,
    Ping,
    Play,
    Scrub,
    Seek,
    Show,
    Speed,
    StepBy,
    parse_message,
)
from lessons.live.pace import Pace
from lessons.log.protocol import RunUnknown
from lessons.playback.hub import Hub, HubClosed, Hubs
from lessons.playback.position import Position
from lessons.playback.viewer import NotInRun, Viewer

MAX_BYTES: Final = 64 * 1024  # of one message
MAX_MESSAGES: Final = 200  # in `WHILE`, not counting acknowledgements of the frame in flight
WHILE: Final = 10.0  # seconds; what a stalled network keeps back comes all at once
MAX_FRAMES: Final = 30  # a second
PATIENCE: Final = 30.0  # seconds for an acknowledgement
BEAT: Final = 5.0  # seconds without a message after which the link shows that it is alive

log = logging.getLogger(__name__)

_pace: Final = Pace()

type Send = Callable[[str], Awaitable[None]]


class End(IntEnum):
    """Why nothing follows: the code with which a WebSocket is closed. A page tries again unless it is `UNKNOWN`."""

    UNKNOWN = 4404
    STALLED = 4408
    TOO_LARGE = 4413
    TOO_MANY = 4429
    FAULT = 4500

    @property
    def sentence(self) -> str:
        """The reason, for the learner."""
        return SENTENCES[self]


SENTENCES: Final = {
    End.UNKNOWN: "There is no such run, or it has expired.",
    End.STALLED: "This page has not confirmed a frame for too long.",
    End.TOO_LARGE: "The server got a message that is too large.",
    End.TOO_MANY: "The server got too many messages at once.",
    End.FAULT: "The server cannot show this run at the moment.",
}


class Stalled(TimeoutError):
    """The frame in flight was not acknowledged in time."""


class Asked(NamedTuple):
    """What a viewer's address asks for, and where it comes from."""

    run: str  # "": it names none
    position: Position
    address: str


class Session:
    """Serves one viewer. `serve` and `hear` may run at once; everything they start ends with `serve`."""

    def __init__(self, hubs: Hubs, asked: Asked, send: Send, *, patience: float = PATIENCE, beat: float = BEAT) -> None:
        self._hubs = hubs
        self._asked = asked
        self._send_text = send
        self._patience = patience
        self._beat = beat
        self._viewer: Viewer | None = None
        self._delivery: asyncio.Task[End] | None = None
        self._refusal: End | None = None
        self._news = asyncio.Event()
        self._acknowledged = asyncio.Event()
        self._said = deque[float](maxlen=MAX_MESSAGES)  # when the last messages came
        self._heard = 0  # number of the last word
        self._told = 0  # that of the last word that the frames so far reflect
        self._noticed = False  # a notice stands on the page

    async def serve(self) -> End:
        """Deliver frames until something ends it, and tell that last. A cancel ends it without a word."""
        self._delivery = asyncio.create_task(self._watch(), name="viewer")
        try:
            end = await self._delivery
        except asyncio.CancelledError:
            if self._refusal is None:
                self._delivery.cancel()
                await asyncio.gather(self._delivery, return_exceptions=True)
                raise
            end = self._refusal
        self._viewer = None
        await self._send({"closed": end, "reason": end.sentence})
        return end

    async def hear(self, text: str) -> None:
        """Take what the browser says. Nothing it can say raises."""
        if self._refusal is not None:
            return
        if len(text.encode(errors="replace")) > MAX_BYTES:
            self._refuse(End.TOO_LARGE)
            return
        try:
            said = parse_message(text)
        except BadMessage as error:
            if self._may_speak():
                await self._notice(str(error))
            return
        if isinstance(said.what, Ack) and self._viewer and self._viewer.acknowledge(said.what.frame):
            self._acknowledged.set()
        elif self._may_speak() and not isinstance(said.what, Ack):  # an old acknowledgement is late, and harmless
            await self._heed(said.what, said.id)

    async def _heed(self, word: Message, number: int) -> None:
        if isinstance(word, Ping):
            await self._send({"beat": self._told})
            return
        if number and number <= self._heard:
            return  # it came again
        try:
            if self._viewer is None:
                raise NotInRun("The run is still being loaded; try again in a moment.")
            _DEEDS[type(word)](self._viewer, word)
        except NotInRun as error:
            await self._notice(str(error))
        else:
            if self._noticed:
                self._noticed = False
                self._viewer.tell(_notice_html(""))
        self._heard = max(self._heard, number)
        self._news.set()

    def _may_speak(self) -> bool:
        """Count one more message; refuse the viewer who sends too many."""
        now = asyncio.get_running_loop().time()
        many = len(self._said) == MAX_MESSAGES and now - self._said[0] < WHILE
        self._said.append(now)
        if many:
            self._refuse(End.TOO_MANY)
        return not many

    def _refuse(self, end: End) -> None:
        if self._refusal is None:
            self._refusal = end
            if self._delivery is not None:
                self._delivery.cancel()

    # Delivery

    async def _watch(self) -> End:
        try:
            async with self._hubs.watch(self._asked.run) as hub:
                self._viewer = Viewer(hub, self._asked.position.viewpoint, self._asked.position)
                with metrics.VIEWERS.track_inprogress(), hub.waking(self._news.set):
                    await self._deliver(hub, self._viewer)
        except RunUnknown:
            return End.UNKNOWN
        except Stalled:
            return End.STALLED
        except HubClosed:
            pass
        except Exception:
            log.exception("A viewer's frames could not be made.")
        return End.FAULT

    async def _deliver(self, hub: Hub, viewer: Viewer) -> None:
        sent = deque[float](maxlen=MAX_FRAMES)
        clock = asyncio.get_running_loop().time
        while True:
            async with _pace.turn(self._asked.address) if viewer.alone else nullcontext():
                self._news.clear()
                hub.check_alive()
                began = clock()
                frame = viewer.frame(self._heard)
                self._told = self._heard
                spent = clock() - began
            if frame is None:
                await self._wait(self._news, viewer.seconds_to_next)
                continue
            sent.append(clock())
            if hub.timeline.live.state == "running":  # while it waits for its turn, its time stands still
                metrics.FACT_AGE.observe(hub.now() - hub.timeline.live.t)
            await self._frame(frame)
            # Who has another request pinned than anybody else may have half of the time for its rendering.
            due = max(began + 2 * spent, sent[0] + 1 if len(sent) == MAX_FRAMES else 0.0)
            if (rest := due - clock()) > 0:
                await asyncio.sleep(rest)

    async def _frame(self, frame: str) -> None:
        """Send a frame and wait until the browser shows it. Raises `Stalled`."""
        self._acknowledged.clear()
        await self._send_text(frame)
        metrics.FRAMES.inc()
        await self._wait(self._acknowledged, self._patience)
        if not self._acknowledged.is_set():
            raise Stalled

    async def _wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Until it is set, or for `seconds`; with a beat from time to time."""
        clock = asyncio.get_running_loop().time
        until = None if seconds is None else clock() + seconds
        while not event.is_set():
            rest = self._beat if until is None else min(self._beat, until - clock())
            if rest <= 0:
                return
            try:
                async with asyncio.timeout(rest):
                    await event.wait()
            except TimeoutError:
                if until is None or clock() < until:
                    await self._send({"beat": self._told})

    async def _notice(self, sentence: str) -> None:
        self._noticed = True
        await self._send({"content": _notice_html(sentence)})

    async def _send(self, message: dict[str, object]) -> None:
        await self._send_text(json.dumps(message))


_DEEDS: Final[Mapping[type[Message], Callable[[Viewer, Any], None]]] = {
    Pin: lambda viewer, word: viewer.pin(word.lane, word.request),
    HoldSteps: lambda viewer, word: viewer.hold(word.on),
    Pause: lambda viewer, _: viewer.pause(),
    Play: lambda viewer, _: viewer.play(),
    Live: lambda viewer, _: viewer.live(),
    Speed: lambda viewer, word: viewer.speed(word.rate),
    StepBy: lambda viewer, word: viewer.step(word.by, word.unit),
    Seek: lambda viewer, word: viewer.seek(word.to),
    Scrub: lambda viewer, word: viewer.scrub(word.at),
    Show: lambda viewer, word: viewer.show(word.lane, word.request, word.step),
}


def _notice_html(sentence: str) -> str:
    return render_to_string("lessons/_notice.html", {"notice": sentence}).strip()
