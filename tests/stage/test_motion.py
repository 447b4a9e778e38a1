"""How dots move in the recorded runs: never backwards, never off the track, in the order of the facts."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest

from lessons import catalogue
from lessons.stage.facts import RunFacts
from lessons.stage.fold import fold_events
from lessons.stage.layout import Box, Layout, Width
from lessons.stage.motion import HOP, Motion, Point
from lessons.stage.picture import LaneHead, draw_lane, lane_heads
from lessons.stage.scene import LaneScene, read_scene

STRIDE = 8  # ms
LONGEST = 788 * 1.5 / HOP * STRIDE  # what a dot may move in a stride: the whole track in one hop, at its quickest


class Ride(NamedTuple):
    """One lane of a recorded run."""

    slug: str
    lane: LaneScene
    head: LaneHead
    width: Width
    start: float
    end: float

    @property
    def layout(self) -> Layout:
        return self.head.layouts[self.width]

    def samples(self, number: int) -> Iterator[tuple[float, Point]]:
        """The moments at which a dot is seen, and where it is."""
        motion, sent = Motion(self.lane, self.layout, self.head.kind), self.lane.requests[number - 1].sent
        assert sent is not None
        t = sent
        while t < self.end + 3 * HOP:
            yield t, motion.point(number, t)
            t += STRIDE


@cache
def rides() -> tuple[Ride, ...]:
    found = []
    for lesson in catalogue.all_lessons().values():
        events = catalogue.recorded_events(lesson)
        facts = RunFacts.of(lesson, events)
        wish = fold_events(lesson, events).spec
        assert wish is not None
        scene = read_scene(len(wish.lanes), wish.requests, facts.facts)
        last = max(fact[3] for fact in facts.facts)
        found += [
            Ride(lesson.slug, scene.lanes[index], head, width, scene.zero or 0.0, last)
            for index, head in enumerate(lane_heads(lesson, wish))
            for width in head.layouts
        ]
    return tuple(found)


RIDES = pytest.mark.parametrize("ride", rides(), ids=lambda ride: f"{ride.slug}-{ride.head.key}-{ride.width}")


def holds(box: Box, point: Point, margin: float) -> bool:
    return box.x - margin <= point[0] <= box.x + box.w + margin and box.y - margin <= point[1] <= box.y + box.h + margin


@RIDES
def test_no_dot_goes_backwards(ride: Ride) -> None:
    """But for one that comes back from the shelf to the loop, which is what it does."""
    for request in ride.lane.requests:
        before = -100.0
        for t, (x, _) in ride.samples(request.number):
            returns = any(each.end <= t <= each.end + 3 * HOP for each in request.suspended)
            back = returns or (request.left is not None and request.left <= t)  # its answer lies in the loop, too
            if ride.head.kind == "pool" or not back:
                assert x >= before - 0.01, (request.number, t)
            before = x


@RIDES
def test_no_dot_leaves_the_track_or_jumps(ride: Ride) -> None:
    layout = ride.layout
    whole = Box(layout.queue.x, layout.queue.y, layout.tray.x + layout.tray.w, layout.queue.h)
    for request in ride.lane.requests:
        before: Point | None = None
        for t, point in ride.samples(request.number):
            assert holds(whole, point, 2 * layout.radius), (request.number, t, point)
            if before:
                assert abs(point[0] - before[0]) + abs(point[1] - before[1]) <= LONGEST, (request.number, t)
            before = point


@RIDES
def test_dots_rest_where_the_facts_say(ride: Ride) -> None:
    """In the order of the facts: the line, the slot or the loop, the shelf, the tray."""
    layout = ride.layout
    motion = Motion(ride.lane, layout, ride.head.kind)
    for request in ride.lane.requests:
        assert request.received is not None
        assert request.ended is not None
        at = [(request.ended + 2 * HOP, layout.tray)]
        if request.received - (request.sent or 0.0) > 2 * HOP:
            at.append((request.received - 1, layout.queue))
        place = layout.shelf or layout.seats[request.seat % len(layout.seats)]
        at += [(each.end - 1, place) for each in request.waits if each.end - each.start > 3 * HOP]
        for t, box in at:
            assert holds(box, motion.point(request.number, t), 0.5), (request.number, t)


@pytest.mark.parametrize("ride", [each for each in rides() if each.head.kind == "pool"], ids=lambda ride: ride.width)
def test_a_worker_slot_holds_one_dot_at_a_time(ride: Ride) -> None:
    t = ride.start
    while t < ride.end:
        picture = draw_lane(ride.lane, ride.head, ride.layout, t, ride.end)
        inside = [each for each in picture.dots if each.look in ("running", "free", "blocked", "ready")]
        assert len(inside) <= ride.head.seats, t
        t += STRIDE * 4
