"""What a process of a run may say: for itself, of what it can have seen, and not without end.

A lane runs code that is not the lab's. So whatever comes from it is heard as that of a stranger; the driver, to which
all lanes talk, is heard no otherwise.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lessons.lab import events as ev
from lessons.lab.bounds import MOST_STEPS, unbelievable_value
from lessons.lab.events import Body, Event, EventError
from lessons.lab.spec import RunSpec
from lessons.text import short_repr

TEXT: Final = 500  # characters of a reason
CLOCK: Final = 0.001  # seconds by which a time may be rounded up
A_SECOND: Final = 250  # events of a driver and each of its lanes: 100 of probes and 20 ticks are usual
AT_LEAST: Final = 5000  # and the requests

# Of a lane as a whole, and of each of its requests.
LANE_KINDS: Final[Mapping[type[Body], bool]] = {
    ev.LaneStarted: False,
    ev.TracerFailed: False,
    ev.RequestReceived: True,
    ev.ViewResolved: True,
    ev.ViewStarted: True,
    ev.LineReached: True,
    ev.FetchCalled: True,
    ev.ViewSuspended: True,
    ev.ViewResumed: True,
    ev.FetchReturned: True,
    ev.FetchRaised: True,
    ev.ViewReturned: True,
    ev.ViewRaised: True,
    ev.ResponseSent: True,
    ev.RequestHandled: True,
}
DRIVER_KINDS: Final[Mapping[type[Body], bool]] = {
    ev.LoadStarted: False,
    ev.ClockTicked: False,
    ev.ProbeSent: False,
    ev.ProbeAnswered: False,
    ev.LaneDone: False,
    ev.RequestSent: True,
    ev.ResponseReceived: True,
    ev.RequestFailed: True,
}
OF_THE_RUN: Final = (ev.LoadStarted, ev.ClockTicked)  # of no lane


class Unbelievable(ValueError):
    """A process says what it can't know, or must not say."""


@dataclass(frozen=True, slots=True)
class Witness:
    """One process of a run, as far as it may speak."""

    kinds: Mapping[type[Body], bool]  # that it may tell of; of one request?
    lanes: Collection[str]
    requests: int
    zero: float  # the run's time 0, on the monotonic clock
    most: int  # lines

    @classmethod
    def lane(cls, lane: str, spec: RunSpec, zero: float) -> "Witness":
        """The server process of a lane."""
        return cls(LANE_KINDS, (lane,), spec.requests, zero, MOST_STEPS)

    @classmethod
    def driver(cls, spec: RunSpec, zero: float, seconds: float) -> "Witness":
        """The client of all lanes, in a run that is ended after so many seconds."""
        lanes = [each.lane for each in spec.lanes]
        return cls(DRIVER_KINDS, lanes, spec.requests, zero, AT_LEAST + round(A_SECOND * seconds * len(lanes)))

    def event(self, word: list[Any]) -> Event:
        """What is told of. Raises `Unbelievable`."""
        if len(word) != 5:
            raise Unbelievable("an event has five parts")
        t, lane, request, kind, data = word
        try:
            told = Event.from_record({"seq": 0, "t": t, "lane": lane, "request": request, "kind": kind, "data": data})
        except EventError as error:
            raise Unbelievable(str(error)) from None
        if reason := self._doubt(told) or unbelievable_value(told.body):
            raise Unbelievable(reason)
        return told

    def _doubt(self, told: Event) -> str:
        of_request = self.kinds.get(type(told.body))
        if of_request is None:
            return f"{told.kind} is not its to tell"
        if told.lane not in (("",) if isinstance(told.body, OF_THE_RUN) else self.lanes):
            return f"{told.kind} of {short_repr(told.lane)} is not its to tell"
        if not of_request <= told.request <= of_request * self.requests:
            return f"there is no request {short_repr(told.request)} for {told.kind}"
        if not 0 <= told.t <= time.monotonic() - self.zero + CLOCK:
            return f"{told.kind} at {short_repr(told.t)} s is not in the time of the run"
        return ""


def port_of(word: Mapping[str, Any]) -> int:
    """Where a process says that it listens. Raises `Unbelievable`."""
    port = word.get("port")
    if type(port) is not int or not 0 < port < 65536:
        raise Unbelievable(f"{short_repr(port)} is no port")
    return port


def plain_word(word: Mapping[str, Any]) -> dict[str, Any]:
    """A word to the lab, as far as there are such: bye, a port, an error. Raises `Unbelievable`."""
    if "port" in word:
        return {"port": port_of(word)}
    if "error" in word:
        return {"error": str(word["error"])[:TEXT]}
    return {"bye": True} if "bye" in word else {}
