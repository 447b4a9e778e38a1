"""The socket of one viewer: frames out, one at a time; acknowledgements, pins and the hold switch in.

A frame is `{"content", "swap", "frame", "seq", "t", "ended", …}` and must be acknowledged by its number before the next
one is sent. The rest tells where the viewer stands: `mode`, `rate`, `end`, `at`, `last`, `text` and `over` as in
`Playhead`, and `back`, the subprotocol with which the browser comes back there. A notice has `content` and `swap` only,
and is not acknowledged.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from channels.consumer import AsyncConsumer
from django.conf import settings
from django.template.loader import render_to_string

from lessons.live.messages import (
    Ack,
    BadMessage,
    HoldSteps,
    Live,
    Message,
    Pause,
    Pin,
    Play,
    Scrub,
    Seek,
    Show,
    Speed,
    StepBy,
    parse_message,
)
from lessons.log.protocol import RunUnknown
from lessons.playback.hub import Hub, HubClosed, Hubs
from lessons.playback.position import NotInRun, Position, parse_position, position_from_token
from lessons.playback.viewer import Viewer
from lessons.runs.service import run_service

MAX_BYTES: Final = 64 * 1024  # of one message
MAX_MESSAGES: Final = 200  # in `WHILE`, not counting acknowledgements of the frame in flight
WHILE: Final = 10.0  # seconds; what a stalled network keeps back comes all at once
MAX_FRAMES: Final = 30  # a second
PATIENCE: Final = 30.0  # seconds for an acknowledgement, unless settings.FRAME_PATIENCE says otherwise

UNKNOWN, STALLED, TOO_LARGE, TOO_MANY, FAULT = 4404, 4408, 4413, 4429, 4500
SENTENCES: Final = {
    UNKNOWN: "There is no such run, or it has expired.",
    STALLED: "This page has not confirmed a frame for too long. Reload it to go on.",
    TOO_LARGE: "The server got a message that is too large. Reload the page to go on.",
    TOO_MANY: "The server got too many messages at once. Reload the page to go on.",
    FAULT: "The server cannot show this run at the moment.",
}

log = logging.getLogger(__name__)


class Stalled(TimeoutError):
    """The frame in flight was not acknowledged in time."""


class RunConsumer(AsyncConsumer):
    """One viewer of one run. Everything it starts ends with its socket."""

    def __init__(self, hubs: Callable[[], Hubs] | None = None, patience: float | None = None) -> None:
        self._hubs = hubs or (lambda: run_service().hubs)
        self._patience = patience or getattr(settings, "FRAME_PATIENCE", PATIENCE)
        self._viewer: Viewer | None = None
        self._delivery: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._acknowledged = asyncio.Event()
        self._said = deque[float](maxlen=MAX_MESSAGES)  # when the last messages came
        self._noticed = False  # a notice stands on the page
        self._closed = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve the socket; whatever ends it, nothing is left running.

        Channels' own loop makes two tasks and a hop to the database's thread of each message. There is no channel
        layer and no ORM here, so it is spared both.
        """
        self.scope = scope
        self.base_send = send
        try:
            while (message := await receive())["type"] != "websocket.disconnect":
                await self.dispatch(message)
        finally:
            await self._stop()

    async def dispatch(self, message: Mapping[str, Any]) -> None:
        """Route an ASGI message."""
        if message["type"] == "websocket.receive":
            await self._receive(message.get("text"), message.get("bytes"))
        elif message["type"] == "websocket.connect":
            await self._connect()

    async def _connect(self) -> None:
        back = next((each for each in self.scope.get("subprotocols") or () if position_from_token(each)), None)
        await self.send({"type": "websocket.accept", "subprotocol": back})
        self._delivery = asyncio.create_task(self._watch(), name="viewer")

    async def _receive(self, text: str | None, data: bytes | None) -> None:
        if self._closed:
            return
        if len(text.encode(errors="replace") if text is not None else data or b"") > MAX_BYTES:
            await self._refuse(TOO_LARGE)
            return
        try:
            if text is None:
                raise BadMessage("The server got a message that is not text.")
            said = parse_message(text)
            if isinstance(said, Ack) and self._viewer and self._viewer.acknowledge(said.frame):
                self._acknowledged.set()
            elif await self._may_speak():
                self._heed(said)
        except (BadMessage, NotInRun) as error:
            if isinstance(error, NotInRun) or await self._may_speak():
                await self._notice(str(error))

    def _heed(self, said: Message) -> None:
        if isinstance(said, Ack):
            return  # of a frame that is not in flight: it is late, and harmless
        if self._viewer is None:
            raise NotInRun("The run is still being loaded; try again in a moment.")
        _obey(self._viewer, said)
        if self._noticed:
            self._noticed = False
            self._viewer.tell(_notice(""))
        self._news.set()

    async def _may_speak(self) -> bool:
        """Count one more message; refuse the viewer who sends too many."""
        now = asyncio.get_running_loop().time()
        many = len(self._said) == MAX_MESSAGES and now - self._said[0] < WHILE
        self._said.append(now)
        if many:
            await self._refuse(TOO_MANY)
        return not many

    # Delivery

    async def _watch(self) -> None:
        """Deliver frames until somebody ends it; say why when it is not the browser."""
        code = FAULT
        try:
            async with self._hubs().watch(self._run()) as hub:
                position = _place(self.scope)
                self._viewer = Viewer(hub, position.viewpoint, position)
                with hub.waking(self._news.set):
                    await self._deliver(hub, self._viewer)
        except RunUnknown:
            code = UNKNOWN
        except Stalled:
            code = STALLED
        except HubClosed:
            pass
        except Exception:
            log.exception("A viewer's frames could not be made.")
        await self._end(code)

    def _run(self) -> str:
        """Raises `RunUnknown` when the address names none."""
        try:
            return str(self.scope["url_route"]["kwargs"]["run"])
        except KeyError:
            raise RunUnknown(self.scope["path"]) from None

    async def _deliver(self, hub: Hub, viewer: Viewer) -> None:
        sent = deque[float](maxlen=MAX_FRAMES)
        clock = asyncio.get_running_loop().time
        while True:
            self._news.clear()
            hub.check_alive()
            began = clock()
            frame = viewer.frame()
            spent = clock() - began
            if frame is None:
                await self._wait(viewer.seconds_to_next)
                continue
            sent.append(clock())
            await self._frame(frame)
            # Who looks at a moment of their own may have half of the time for its rendering.
            due = max(began + 2 * spent, sent[0] + 1 if len(sent) == MAX_FRAMES else 0.0)
            if (rest := due - clock()) > 0:
                await asyncio.sleep(rest)

    async def _frame(self, frame: str) -> None:
        """Send a frame and wait until the browser shows it. Raises `Stalled`."""
        self._acknowledged.clear()
        await self.send({"type": "websocket.send", "text": frame})
        try:
            async with asyncio.timeout(self._patience):
                await self._acknowledged.wait()
        except TimeoutError:
            raise Stalled from None

    async def _wait(self, seconds: float | None) -> None:
        """Until there is news, or for `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            pass

    # Ends

    async def _notice(self, sentence: str) -> None:
        self._noticed = True
        text = json.dumps({"content": _notice(sentence), "swap": "none"})
        await self.send({"type": "websocket.send", "text": text})

    async def _refuse(self, code: int) -> None:
        await self._stop()
        await self._end(code)

    async def _end(self, code: int) -> None:
        """Say why, and close. The reason is in the notice, too: not every server passes it on."""
        if not self._closed:
            self._closed = True
            await self._notice(SENTENCES[code])
            await self.send({"type": "websocket.close", "code": code, "reason": SENTENCES[code]})

    async def _stop(self) -> None:
        if self._delivery is not None:
            self._delivery.cancel()
            await asyncio.gather(self._delivery, return_exceptions=True)
        self._viewer = None


def _place(scope: Mapping[str, Any]) -> Position:
    """Where the browser was, or what the address asks for; what it asks wrongly is as if it did not ask."""
    for each in scope.get("subprotocols") or ():
        if (position := position_from_token(each)) is not None:
            return position
    return parse_position(dict(parse_qsl(scope.get("query_string", b"").decode("ascii", "replace"))))


def _obey(viewer: Viewer, said: Message) -> None:  # noqa: C901  (flat: a case per message)
    """Do what a message asks for. Raises `NotInRun`."""
    match said:
        case Pin(lane, request):
            viewer.pin(lane, request)
        case HoldSteps(on):
            viewer.hold(on)
        case Pause():
            viewer.pause()
        case Play():
            viewer.play()
        case Live():
            viewer.live()
        case Speed(rate):
            viewer.speed(rate)
        case StepBy(by, unit):
            viewer.step(by, unit)
        case Seek(to):
            viewer.seek(to)
        case Scrub(at):
            viewer.scrub(at)
        case Show(lane, request, step):
            viewer.show(lane, request, step)


def _notice(sentence: str) -> str:
    return render_to_string("lessons/_notice.html", {"notice": sentence}).strip()
