"""Frames of a run as a page gets them: over a socket, each acknowledged before the next comes."""

import json
import time
from collections.abc import Callable
from typing import Any

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.waiting import in_vain

PATIENCE = 30.0  # seconds; a run ends itself after that time
Frame = dict[str, Any]


def watched(web: str, run: str) -> ClientConnection:
    """The socket of a run's page on a web process, without holding its steps."""
    return connect(f"{web.replace('http', 'ws')}/live/runs/{run}/?hold=0", origin=Origin(web))


def any_frame(frame: Frame) -> bool:
    return True


def running(frame: Frame) -> bool:
    return "Running" in frame["content"]


def ended(frame: Frame) -> bool:
    return bool(frame["ended"])


def next_frame(socket: ClientConnection, wanted: Callable[[Frame], bool] = any_frame) -> Frame:
    """Acknowledge frames until one is as wanted. Raises `ConnectionClosed`; `AssertionError` when none comes."""
    deadline = time.monotonic() + PATIENCE
    last: Frame = {}
    while True:
        try:
            message: Frame = json.loads(socket.recv(timeout=max(0.0, deadline - time.monotonic())))
        except TimeoutError:
            raise AssertionError(in_vain(f"a frame that is {wanted.__name__}; the last was {last}", PATIENCE)) from None
        if "frame" in message:
            last = message
            socket.send(json.dumps({"type": "ack", "frame": message["frame"]}))
            if wanted(message):
                return message
