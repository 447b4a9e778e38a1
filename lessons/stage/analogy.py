"""A run as something from everyday life: guests, and the persons who serve them. All of it is read from the run.

A guest is a request, a person is a worker or the event loop. Where a view waits in its own thread, a person stands at
the place where the slow part happens; where it has given its thread back, only the order is there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from lessons.content.analogy import Analogy
from lessons.stage import drawing, wording
from lessons.stage.model import LaneStage, RequestStage, Span, Stage

GuestLook = Literal["queued", "running", "waiting", "ready", "done"]
ROW: Final = 6  # guests, and orders, side by side
CROWD: Final = 4  # persons drawn at one place; more of them are told by their number


@dataclass(frozen=True, slots=True)
class Guest:
    """A request at a moment; x and y are centres, in a picture of 340 x 96."""

    number: int
    look: GuestLook
    x: int
    y: int
    order: int | None  # x of what is being made for them; None: nothing


@dataclass(frozen=True, slots=True)
class AnalogyPanel:
    """A lane at a moment."""

    at: float  # seconds since the load began
    guests: tuple[Guest, ...]
    standing: tuple[int, ...]  # where persons stand at the place, x
    attending: tuple[int, ...]  # where persons are busy at a table, x
    free: tuple[int, ...]  # where persons are free, x
    said: tuple[str, ...]  # "1 waiter standing in the kitchen", "9 tables waiting for a waiter"


@dataclass(frozen=True, slots=True)
class AnalogyLane:
    """A lane, and its strip."""

    name: str
    panels: tuple[AnalogyPanel, ...]
    held: str  # path of when its server could take no other request, as wide as `width`
    width: int
    total: str  # "5.03 s"


@dataclass(frozen=True, slots=True)
class AnalogyPicture:
    """All of it."""

    lanes: tuple[AnalogyLane, ...]
    marks: tuple[float, ...]  # where on the strips the moments are, 0..100
    ticks: tuple[str, ...]


def draw_analogy(analogy: Analogy, stage: Stage) -> AnalogyPicture | None:
    """The picture of a run that is done; None for any other."""
    if stage.outcome != "done" or stage.spec is None:
        return None
    axis = drawing.time_axis(stage)
    moments = [waits * stage.spec.wait for waits in analogy.waits]
    return AnalogyPicture(
        tuple(_lane(analogy, stage, lane, moments, axis.end) for lane in stage.lanes),
        tuple(round(100 * at / axis.end, 2) for at in moments),
        axis.ticks,
    )


def _lane(analogy: Analogy, stage: Stage, lane: LaneStage, moments: Iterable[float], end: float) -> AnalogyLane:
    return AnalogyLane(
        stage.lesson.lane(lane.id).name,
        tuple(_panel(analogy, stage, lane, at) for at in moments),
        drawing.held_path(stage, lane, end),
        drawing.BARS_WIDTH,
        wording.seconds_text(lane.total),
    )


def _panel(analogy: Analogy, stage: Stage, lane: LaneStage, at: float) -> AnalogyPanel:
    t = stage.zero + at
    looks = {each.number: guest_look(each, t) for each in lane.requests}
    standing = [each for each in lane.requests if looks[each.number] == "waiting" and not _within(each.suspended, t)]
    attending = sum(look == "running" for look in looks.values())
    free = _free_persons(lane, len(standing) + attending, _within(lane.blocked(stage.t), t))
    persons = {analogy.stands: len(standing), analogy.attends: attending, analogy.free: free}
    return AnalogyPanel(
        at,
        tuple(_guest(number, look) for number, look in looks.items()),
        _places(214, len(standing)),
        _places(178, attending),
        _places(178 - 5 * min(attending, CROWD), free),
        (*_persons(analogy, persons), *_counts(analogy, looks.values())),
    )


def guest_look(request: RequestStage, t: float) -> GuestLook:
    """How far a request has got at a moment; seconds since the run began."""
    if request.ended is not None and request.ended <= t:
        return "done"
    if request.left is not None and request.left <= t:
        return "ready"
    if _within(request.waits, t):
        return "waiting"
    return "running" if request.entered is not None and request.entered <= t else "queued"


def _free_persons(lane: LaneStage, busy: int, blocked: bool) -> int:
    """Workers that have nothing to do, or the event loop, unless something runs on it."""
    return max(0, lane.capacity - busy) if lane.interface == "WSGI" else int(not blocked and not busy)


def _within(spans: Iterable[Span], t: float) -> bool:
    return any(span.start <= t and (span.end is None or t < span.end) for span in spans)


def _guest(number: int, look: GuestLook) -> Guest:
    column, row = (number - 1) % ROW, (number - 1) // ROW
    order = 236 + 17 * column if look in ("waiting", "ready") else None
    return Guest(number, look, 14 + 25 * column, 30 + 36 * row, order)


def _places(x: int, persons: int) -> tuple[int, ...]:
    return tuple(x - 5 * index for index in range(min(persons, CROWD)))


def _persons(analogy: Analogy, persons: Mapping[str, int]) -> Iterable[str]:
    return (f"{wording.count_noun(number, analogy.person)} {does}" for does, number in persons.items() if number)


def _counts(analogy: Analogy, looks: Iterable[GuestLook]) -> Iterable[str]:
    found = Counter(looks)
    words: dict[GuestLook, str] = {
        "queued": analogy.queued,
        "running": analogy.running,
        "waiting": analogy.waiting,
        "ready": analogy.ready,
        "done": analogy.done,
    }
    return (f"{wording.count_noun(found[look], analogy.guest)} {said}" for look, said in words.items() if found[look])
