"""What the system tells of the processors that a process has had."""

import os

import pytest

from lessons.lab.events import LaneScheduled
from lessons.lab.processor import ProcessorTime, processor_time
from lessons.lab.supervisor import Lab
from tests.burning import burning, busy_machine
from tests.lab.watching import a_spec, run
from tests.waiting import until


def test_of_two_that_want_one_processor_each_waits_for_the_other() -> None:
    core = min(os.sched_getaffinity(0))
    with burning(core) as one, burning(core) as other:
        before = [processor_time(pid) for pid in (one, other)]

        def had() -> list[ProcessorTime]:
            now = [processor_time(pid) for pid in (one, other)]
            return [each.since(then) for each, then in zip(now, before, strict=True) if each and then]

        def shared() -> bool:
            return len(had()) == 2 and all(each.ran > 0.2 and each.waited > 0.2 for each in had())

        until(shared, lambda: f"both have run and waited: {had()}", 30)


def test_a_process_that_is_gone_has_none() -> None:
    with burning(min(os.sched_getaffinity(0))) as pid:
        assert processor_time(pid)
    assert processor_time(pid) is None


async def test_each_lane_tells_what_it_has_had_before_it_is_done(lab: Lab) -> None:
    watch = await run(lab, a_spec("sync@waitress", "async@daphne", requests=3))
    for lane in ("sync@waitress", "async@daphne"):
        kinds = [event.kind for event in watch.events if event.lane == lane and not event.request]
        assert kinds[-2:] == ["lane.scheduled", "lane.done"]
    for event in watch.of("lane.scheduled"):
        assert isinstance(event.body, LaneScheduled)
        assert 0.001 < event.body.ran < 1
        assert event.body.waited >= 0


@pytest.mark.parametrize("lane", ["sync@waitress", "async@daphne"])
async def test_where_others_have_the_processors_the_lane_waits(lab: Lab, lane: str) -> None:
    calm = await run(lab, a_spec(lane, requests=3))
    with busy_machine(4):
        busy = await run(lab, a_spec(lane, requests=3))
    shares = []
    for watch in (calm, busy):
        (told,) = (event.body for event in watch.of("lane.scheduled") if isinstance(event.body, LaneScheduled))
        shares.append(told.waited / (told.ran + told.waited))
    assert shares[1] > max(0.5, shares[0])
