"""What one run sends to one viewer: the payload of the messages on the page's WebSocket."""

import json
from collections.abc import Iterator, Sequence

from playwright.sync_api import Page, WebSocket

from bench.page import opened
from bench.report import Figure

CASES = {10: (4, 60.0), 100: (16, 200.0)}  # requests -> workers, kB that are the goal


def figures() -> Iterator[Figure]:
    """kB of a run for each number of requests. Raises `Lacking`."""
    with opened() as stage:
        stage.run(1, 0.1, 1)  # warm
        messages = Messages(stage.page)
        for requests, (workers, goal) in CASES.items():
            messages.clear()
            stage.run(requests, 1.0, workers)
            run = stage.page.url.rstrip("/").rpartition("/")[2]
            yield told(requests, messages.of(run), goal)


class Messages:
    """What the sockets of a page have received and sent."""

    def __init__(self, page: Page) -> None:
        self._received: list[tuple[str, str]] = []  # address of the socket, text
        self._sent: list[tuple[str, str]] = []
        page.on("websocket", self._listen)

    def clear(self) -> None:
        """Forget what has come so far."""
        self._received.clear()
        self._sent.clear()

    def of(self, run: str) -> Sequence[str]:
        """What was received for a run."""
        return [text for address, text in self._received if f"/{run}/" in address]

    @property
    def count(self) -> tuple[int, int]:
        """How many were received and sent."""
        return len(self._received), len(self._sent)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda text: self._received.append((socket.url, str(text))))
        socket.on("framesent", lambda text: self._sent.append((socket.url, str(text))))


def told(requests: int, texts: Sequence[str], goal: float) -> Figure:
    """The figure of a run, and what its bytes are made of."""
    frames = [json.loads(text) for text in texts]
    regions = sum(len(json.dumps(frame.get("content", ""))) for frame in frames)
    facts = sum(len(json.dumps(frame.get("scene", ""), separators=(",", ":"))) for frame in frames)
    first = len(texts[0].encode()) if texts else 0
    note = f"{len(texts)} messages: regions {regions / 1000:.0f} kB, facts {facts / 1000:.0f} kB; the first {first} B"
    return Figure(f"2 x {requests} requests", _size(texts) / 1000, "kB", at_most=goal, note=note)


def _size(texts: Sequence[str]) -> int:
    return sum(len(text.encode()) for text in texts)
