"""Where runs are carried out: what a web process asks of the labs, be they in it, beside it or on other machines."""

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from lessons.lab.spec import RunSpec
from lessons.lab.supervisor import OWN_WAITING, LabFull, TooManyOwn

if TYPE_CHECKING:  # costs an eighth of a second, which the embedded site need not pay
    from lessons.log.order_queue import OrderQueue

PATIENCE: Final = 30.0  # seconds in which a lab must have taken over a run that has not begun


class LabAway(LabFull):
    """No lab is up."""


class LabLoad(NamedTuple):
    """How the labs stand."""

    labs: int
    going: int  # runs
    waiting: int  # runs


class Labs(Protocol):
    """Belongs to one event loop."""

    patience: float  # seconds for which a run that has not begun may be silent, beyond what any other may

    async def check_room(self, spec: RunSpec, sender: str) -> None:
        """Raises `LabFull`, `TooManyOwn` or `LabAway` when such a run could not even wait; `LogUnavailable`."""

    async def hand_over(self, run: str, spec: RunSpec, sender: str) -> None:
        """Have a run, which is in the event log, carried out when its turn comes.

        Raises what `check_room` does, and then nothing was handed over.
        """

    async def load(self) -> LabLoad:
        """How they stand. Raises `LogUnavailable`."""

    def owns(self, run: str) -> bool:
        """Is it carried out, or about to be, in this process?"""

    async def idle(self) -> bool:
        """Wait until no run goes or waits in this process; had it to be waited for?"""

    async def close(self) -> None:
        """End every run of this process and give back every connection."""


class RemoteLabs:
    """The labs of lab processes (`manage.py lab`), which take orders from Redis and report how they stand."""

    patience = PATIENCE

    def __init__(self, queue: "OrderQueue") -> None:
        self._queue = queue

    async def check_room(self, spec: RunSpec, sender: str) -> None:
        """See `Labs.check_room`. What labs have said a moment ago: the lab that takes the run looks once more."""
        reports = await self._queue.reports()
        if not reports:
            raise LabAway("No lab is up.")
        if sum(each["room"] for each in reports) <= 0:
            raise LabFull("Every lab is full.")
        if sender and sum(each["senders"].count(sender) for each in reports) >= OWN_WAITING:
            raise TooManyOwn(f"{OWN_WAITING} of them are waiting already.")

    async def hand_over(self, run: str, spec: RunSpec, sender: str) -> None:
        """See `Labs.hand_over`."""
        await self._queue.put(run, sender)

    async def load(self) -> LabLoad:
        """See `Labs.load`."""
        reports = await self._queue.reports()
        return LabLoad(len(reports), *(sum(each[name] for each in reports) for name in ("going", "waiting")))

    def owns(self, run: str) -> bool:
        """None is."""
        return False

    async def idle(self) -> bool:
        """No run ever does."""
        return False

    async def close(self) -> None:
        """See `Labs.close`."""
        await self._queue.close()
