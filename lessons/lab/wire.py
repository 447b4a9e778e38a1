"""The child's end of the socketpair between a process of the lab and the supervisor.

Upwards go JSON lines: an array `[t, lane, request, kind, data]` is an event, an object is a word to the
supervisor. Downwards come JSON objects. When the supervisor's end closes, the process exits at once.
"""

import json
import os
import socket
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from lessons.lab.events import Body, Plain
from lessons.lab.snapshot import text_of, texts_of

PERIOD = 0.004  # seconds between two drains of the queue

# When it happened (monotonic clock), lane, request, kind, data. Built in the hot path, encoded in the sender's thread.
Record = tuple[float, str, int, str, dict[str, Plain]]


def plain_fields(body: Body) -> dict[str, Plain]:
    """The body's fields. Cheaper than `dataclasses.asdict`, which copies."""
    names: tuple[str, ...] = body.__slots__
    return {name: getattr(body, name) for name in names}


def put_into_words(data: dict[str, Any]) -> None:
    """Put into words what the tracer took."""
    if "value" in data:
        data["value"] = text_of(data["value"])
    if "locals" in data:
        data["locals"] = texts_of(data["locals"])


class Wire:
    """Takes records from any thread at the cost of a queue's `put`; a thread of its own encodes and sends them.

    The sender looks at the queue at a fixed beat instead of being woken by it: a wake-up in the middle of a view
    would take the interpreter's lock away from the view.
    """

    def __init__(self, sock: socket.socket, zero: float, heard: Callable[[dict[str, Any]], None]) -> None:
        """`zero` is the run's start on the monotonic clock; `heard` gets the supervisor's words, in a thread."""
        self._sock = sock
        self._zero = zero
        self._heard = heard
        self._queue: SimpleQueue[Record] = SimpleQueue()
        self._sending = threading.Lock()
        self.put = self._queue.put
        self.open = 0  # requests received and not handled yet, as far as they were sent

    def start(self) -> None:
        """Begin to listen and to send."""
        threading.Thread(target=self._listen, name="wire-listen", daemon=True).start()
        threading.Thread(target=self._send_for_ever, name="wire-send", daemon=True).start()

    def report(self, body: Body, lane: str = "", request: int = 0) -> float:
        """Queue an event that happens now, and give its time. For everything that is not in a hot path."""
        now = time.monotonic()
        self.put((now, lane, request, body.kind, plain_fields(body)))
        return now

    def say(self, **word: Plain) -> None:
        """Send a word now, behind every event queued so far."""
        self.flush()
        with self._sending:
            self._sock.sendall(json.dumps(word).encode() + b"\n")

    def finish(self, patience: float) -> None:
        """Say "bye" when every request is handled, or after `patience` seconds."""
        deadline = time.monotonic() + patience
        self.flush()
        while self.open > 0 and time.monotonic() < deadline:
            time.sleep(PERIOD)
            self.flush()
        self.say(bye=True)

    def flush(self) -> None:
        """Send everything queued so far."""
        with self._sending:
            lines = [self._encode(record) for record in self._drain()]
            if lines:
                self._sock.sendall("".join(lines).encode())

    def _drain(self) -> list[Record]:
        records: list[Record] = []
        try:
            while True:
                records.append(self._queue.get_nowait())
        except Empty:
            return records

    def _encode(self, record: Record) -> str:
        at, lane, request, kind, data = record
        if kind == "request.received":
            self.open += 1
        elif kind == "request.handled":
            self.open -= 1
        put_into_words(data)
        return json.dumps((round(at - self._zero, 6), lane, request, kind, data)) + "\n"

    def _send_for_ever(self) -> None:
        try:
            while True:
                time.sleep(PERIOD)
                self.flush()
        except OSError:
            os._exit(0)  # the supervisor is gone

    def _listen(self) -> None:
        try:
            with self._sock.makefile("rb") as lines:
                for line in lines:
                    self._heard(json.loads(line))
        except OSError:
            pass  # a reset is an end as well
        os._exit(0)  # not sys.exit: nothing may hold a process that nobody owns
