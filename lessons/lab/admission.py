"""Which runs may go at once on this machine, which is the next, and how long the others will wait. Pure."""

import heapq
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from lessons.lab.spec import RunSpec

# What a run costs, in seconds of a processor (docs/OPERATIONS.md).
STARTING: Final = 0.1  # a process that gets ready: its client, and the server of each lane
SERVING: Final = 0.004  # a request: sent, served, observed, answered
ASKING: Final = 0.05  # the probes of a lane, for each second of it
OVERHEAD: Final = 0.6  # seconds that a run takes beside its requests


class Job(NamedTuple):
    """A run as its admission sees it."""

    owner: str  # of whose runs one goes at a time; "": nobody's
    turn: int  # jobs of a lower one go first
    seconds: float  # that it goes on for
    load: float  # processors that it keeps busy meanwhile, on average
    burst: float = 0.0  # seconds of a processor that its beginning takes


class Room(NamedTuple):
    """What goes at once."""

    runs: int
    load: float  # processors


def expected_job(owner: str, turn: int, spec: RunSpec, seconds: float) -> Job:
    """The job of a run whose slowest lane will take so many seconds."""
    goes_on = seconds + OVERHEAD
    burst = STARTING + len(spec.lanes) * (STARTING + spec.requests * SERVING)
    return Job(owner, turn, goes_on, (burst + len(spec.lanes) * seconds * ASKING) / goes_on, burst)


def turn_order(waiting: Sequence[Job]) -> list[int]:
    """The places of those who wait, the next one first: by their turns, and of one turn as they came."""
    return sorted(range(len(waiting)), key=lambda at: waiting[at].turn)


def next_to_begin(going: Collection[Job], waiting: Sequence[Job], room: Room) -> list[int]:
    """The places of those who may begin now.

    Who is too large for the room that is left is not overtaken by smaller ones, and goes alone if need be.
    """
    now, begin = list(going), []
    for at in turn_order(waiting):
        job = waiting[at]
        if job.owner and any(each.owner == job.owner for each in now):
            continue
        if not fits(job, now, room):
            break
        now.append(job)
        begin.append(at)
    return begin


def expected_waits(going: Collection[Job], waiting: Sequence[Job], room: Room) -> list[float]:
    """Seconds until each of those who wait begins, if every job takes as long as expected.

    `seconds` of those who go are what is left of theirs.
    """
    ends = [(job.seconds, at, job) for at, job in enumerate(going)]
    heapq.heapify(ends)
    waits, left, now = [0.0] * len(waiting), list(range(len(waiting))), 0.0
    while left:
        for at in [left[each] for each in next_to_begin([job for *_, job in ends], [waiting[at] for at in left], room)]:
            waits[at] = now
            left.remove(at)
            heapq.heappush(ends, (now + waiting[at].seconds, len(going) + at, waiting[at]))
        if left:
            now = heapq.heappop(ends)[0]
    return waits


def fits(job: Job, going: Collection[Job], room: Room) -> bool:
    """Is there room for one more beside those who go? For one alone there always is."""
    return len(going) < room.runs and (not going or sum(each.load for each in going) + job.load <= room.load)
