"""What every event log promises.

Nothing reads around the log: page, terminal, export and tests fold the same events.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol

from lessons.lab.events import Event


class RunUnknown(LookupError):
    """The log holds no such run: it never existed, or it has expired."""


class RunOver(RunUnknown):
    """The run has ended: nothing is added behind that."""


class LogUnavailable(RuntimeError):
    """The store cannot be reached and patience has run out; nothing is known to be lost."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive events of one run."""

    epoch: str  # names this history of the run; a changed epoch means: fold anew from nothing
    events: tuple[Event, ...]  # seq dense and rising


class EventLog(Protocol):
    """Append-only histories, one per run, each numbered densely from 1."""

    async def create(self, run: str) -> None:
        """Begin an empty history. It expires after the store's time to live."""

    async def append(self, run: str, events: Sequence[Event]) -> int:
        """Add events in this order, all or nothing, exactly once; the last sequence number.

        Many writers may append to one run. Raises `RunUnknown`, `RunOver` behind `run.ended`, or `LogUnavailable`.
        """

    async def read(self, run: str, after: int = 0) -> Batch:
        """Everything logged behind sequence number `after`. Raises `RunUnknown`."""

    def follow(self, run: str, after: int = 0, epoch: str = "") -> AsyncGenerator[Batch, None]:
        """History behind `after`, then every event as it comes, and an end behind `run.ended`.

        When `epoch` (or the epoch seen last) is not the log's, or events behind `after` are gone, the next
        batch has another epoch and starts at 1. Batches are never empty. Raises `RunUnknown` when
        the run has gone. Close it (`contextlib.aclosing`) to give back what it waits on.
        """

    async def names(self, prefix: str) -> Sequence[str]:
        """The histories whose names begin so, in any order. Raises `LogUnavailable`."""

    async def remove(self, run: str) -> None:
        """Drop a history before its time; who follows it is told `RunUnknown`. One that is not there is fine."""

    async def claim(self, name: str, value: str, seconds: float) -> str:
        """Have `name` stand for `value` for so long, unless it stands for something already; what it stands for now.

        Of many that claim a name at once, one is first, and all are told which. Raises `LogUnavailable`.
        """

    async def claimed(self, name: str) -> str:
        """What `name` stands for; "" when nobody has claimed it, or that is too long ago. Raises `LogUnavailable`."""

    async def close(self) -> None:
        """Give back every connection and wake every follower."""
