"""The event log of one process: histories in memory, followers woken as events come."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from lessons.lab.events import Event, RunEnded
from lessons.log.protocol import Batch, RunOver, RunUnknown

MAX_RUNS = 1000  # histories kept at once; the oldest ended one goes first
MAX_CLAIMS = 10_000  # names claimed at once; the oldest go first
MAX_EVENTS = 400_000  # in all histories, of about 350 bytes each; beyond, ended ones go


def _name() -> str:
    return uuid4().hex


@dataclass(slots=True, eq=False)
class _History:
    epoch: str = field(default_factory=_name)
    events: list[Event] = field(default_factory=list)
    ended: bool = False
    gone: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)  # set, and replaced, at every change
    expiry: asyncio.TimerHandle | None = None

    def stir(self) -> None:
        """Wake everyone who waits for a change."""
        self.news.set()
        self.news = asyncio.Event()

    def resume(self, after: int, epoch: str) -> tuple[int, str]:
        """Where somebody goes on who had come to `after` in that epoch; in another history, at its beginning."""
        if after > len(self.events) and epoch == self.epoch:  # not this one, though it bears the same name
            self.epoch = _name()
            self.stir()
        known = after <= len(self.events) and epoch in ("", self.epoch)
        return after if known else 0, self.epoch


class MemoryLog:
    """`EventLog` in one process and one event loop. History is lost with the process."""

    def __init__(self, ttl: float, max_runs: int = MAX_RUNS, max_events: int = MAX_EVENTS) -> None:
        self._ttl = ttl
        self._max_runs = max_runs
        self._max_events = max_events
        self._held = 0  # events
        self._runs: dict[str, _History] = {}  # the run that was changed last stands last
        self._claims: dict[str, tuple[str, float]] = {}  # name -> value, when it ends by the loop's clock
        self._closed = False

    async def create(self, run: str) -> None:
        """Begin an empty history; one of the same name is replaced."""
        self._forget(run)
        while len(self._runs) >= self._max_runs:
            self._forget(self._oldest_ended() or next(iter(self._runs)))
        self._keep(run, _History())

    async def append(self, run: str, events: Sequence[Event]) -> int:
        """Add events; the last sequence number. Raises `RunUnknown`, `RunOver`."""
        history = self._history(run)
        if events and history.ended:
            raise RunOver(run)
        for event in events:
            seq = len(history.events) + 1
            history.events.append(Event(event.t, event.body, event.lane, event.request, seq))
        self._held += len(events)
        history.ended = history.ended or any(isinstance(event.body, RunEnded) for event in events)
        self._keep(run, history)
        while self._held > self._max_events and (oldest := self._oldest_ended(but=run)):
            self._forget(oldest)
        if events:
            history.stir()
        return len(history.events)

    async def read(self, run: str, after: int = 0) -> Batch:
        """Everything behind `after`. Raises `RunUnknown`."""
        history = self._history(run)
        return Batch(history.epoch, tuple(history.events[after:]))

    async def follow(self, run: str, after: int = 0, epoch: str = "") -> AsyncGenerator[Batch, None]:
        """See `EventLog.follow`; ends, too, when the log is closed."""
        history = self._history(run)
        after, epoch = history.resume(after, epoch)
        while not self._closed:
            if history.gone:
                history = self._history(run)
            if epoch != history.epoch:
                after, epoch = 0, history.epoch
            news = history.news
            if events := tuple(history.events[after:]):
                after = events[-1].seq
                yield Batch(epoch, events)
                continue
            if history.ended:
                return
            await news.wait()

    async def names(self, prefix: str) -> Sequence[str]:
        """See `EventLog.names`."""
        return [run for run in self._runs if run.startswith(prefix)]

    async def remove(self, run: str) -> None:
        """See `EventLog.remove`."""
        self._forget(run)

    async def claim(self, name: str, value: str, seconds: float) -> str:
        """See `EventLog.claim`."""
        if first := await self.claimed(name):
            return first
        self._claims[name] = value, asyncio.get_running_loop().time() + seconds
        if len(self._claims) > MAX_CLAIMS:
            del self._claims[next(iter(self._claims))]
        return value

    async def claimed(self, name: str) -> str:
        """See `EventLog.claimed`."""
        value, until = self._claims.get(name, ("", 0.0))
        if value and until <= asyncio.get_running_loop().time():
            del self._claims[name]
            return ""
        return value

    async def close(self) -> None:
        """Forget everything and end every follower."""
        self._closed = True
        for run in list(self._runs):
            self._forget(run)

    def _history(self, run: str) -> _History:
        try:
            return self._runs[run]
        except KeyError:
            raise RunUnknown(run) from None

    def _oldest_ended(self, but: str = "") -> str:
        return next((run for run, each in self._runs.items() if each.ended and run != but), "")

    def _keep(self, run: str, history: _History) -> None:
        """Give the run its full time to live again."""
        if history.expiry is not None:
            history.expiry.cancel()
        self._runs.pop(run, None)
        self._runs[run] = history
        history.expiry = asyncio.get_running_loop().call_later(self._ttl, self._forget, run)

    def _forget(self, run: str) -> None:
        history = self._runs.pop(run, None)
        if history is None:
            return
        if history.expiry is not None:
            history.expiry.cancel()
        self._held -= len(history.events)
        history.gone = True
        history.stir()
