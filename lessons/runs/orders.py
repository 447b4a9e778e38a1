"""What only the process of a run need know: who sent it, and the cancel, once more.

Orders are a history of their own beside the run's, so that its process need not follow thousands of events for them.
They are removed once the run is archived, and so they are also the list of the runs that are not.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from typing import Final

from lessons.lab.events import CancelRequested, Event, RunCreated
from lessons.log.protocol import EventLog, RunUnknown

PREFIX: Final = "orders:"  # no run can have such a name: it is not for browsers


class Orders:
    """The orders of all runs. Every method may raise `LogUnavailable`; of a run without any, `RunUnknown`."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    async def create(self, run: str, owner: str) -> None:
        """Begin them; `owner` is the learner among whose runs it will be, "" for nobody's."""
        await self._log.create(PREFIX + run)
        await self._log.append(PREFIX + run, [Event(0.0, RunCreated({}, owner))])

    async def cancel(self, run: str, request: Event) -> None:
        """Add a cancel; a run that has just ended, and is archived, needs none."""
        with suppress(RunUnknown):
            await self._log.append(PREFIX + run, [request])

    async def owner(self, run: str) -> str:
        """The learner among whose runs it will be; "" for nobody's."""
        first = (await self._log.read(PREFIX + run)).events[:1]
        return first[0].body.owner if first and isinstance(first[0].body, RunCreated) else ""

    async def cancels(self, run: str) -> AsyncGenerator[None]:
        """Yields at each cancel, until the orders are gone."""
        with suppress(RunUnknown):
            async with aclosing(self._log.follow(PREFIX + run)) as batches:
                async for batch in batches:
                    if any(isinstance(event.body, CancelRequested) for event in batch.events):
                        yield

    async def names(self) -> Sequence[str]:
        """The runs that have orders."""
        return [name.removeprefix(PREFIX) for name in await self._log.names(PREFIX)]

    async def remove(self, run: str) -> None:
        """The run needs them no more."""
        await self._log.remove(PREFIX + run)
