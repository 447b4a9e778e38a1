"""Many runs: some at once, the next in order, no more than may wait."""

import asyncio
import os
import signal
from itertools import groupby

import pytest

from lessons.lab.admission import OVERHEAD
from lessons.lab.events import LaneStarted, RunQueued
from lessons.lab.supervisor import OWN_WAITING, PERIOD, Lab, LabFull, TooManyOwn
from tests.lab.watching import Watch, a_spec, processes, run, submit

SPEC = a_spec("sync@waitress", wait=0.2)


def places(watch: Watch) -> list[int]:
    told = [event.body.place for event in watch.events if isinstance(event.body, RunQueued)]
    return [place for place, _ in groupby(told)]


def pid_of_lane(watch: Watch) -> int:
    (started,) = (event.body for event in watch.events if isinstance(event.body, LaneStarted))
    return started.pid


async def test_runs_over_the_limit_wait_in_order_and_start_by_themselves() -> None:
    lab = Lab(max_runs=1)
    first, second, third = (submit(lab, SPEC, run=name) for name in ("first", "second", "third"))
    for before, after in ((first, second), (second, third)):
        await before.reach("lane.started")
        await after.reach("run.started")
        assert pid_of_lane(before) not in processes()
    for watch in (first, second, third):
        assert (await watch.end()).outcome == "done"
    assert [places(watch) for watch in (first, second, third)] == [[], [1], [2, 1]]
    assert second.events[0].t == 0.0
    await lab.close()


async def test_a_run_that_waits_is_told_again_and_again_for_how_long() -> None:
    lab = Lab(max_runs=1)
    submit(lab, a_spec("sync@waitress", requests=3, wait=1.0), run="first", seconds=3.0)
    second = submit(lab, SPEC, run="second")
    await second.reach("run.started")
    told = [event.body.seconds or 0.0 for event in second.events if isinstance(event.body, RunQueued)]
    assert len(told) >= 2
    assert told[0] == pytest.approx(3.0 + OVERHEAD, abs=0.3)
    assert told[1] == pytest.approx(told[0] - PERIOD, abs=0.5)
    await second.end()
    await lab.close()


async def test_what_keeps_the_processors_busy_goes_alone() -> None:
    lab = Lab(cores=0.2)
    first, second = (submit(lab, SPEC, run=name, seconds=0.2) for name in ("first", "second"))
    await second.reach("run.started")
    assert first.of("run.ended")
    await second.end()
    await lab.close()


async def test_several_runs_go_at_once(lab: Lab) -> None:
    first, second = (submit(lab, a_spec("async@daphne", wait=0.5), run=name) for name in ("first", "second"))
    await first.reach("fetch.called")
    await second.reach("fetch.called")
    assert not first.of("fetch.returned")
    assert (await first.end()).outcome == (await second.end()).outcome == "done"


async def test_a_full_lab_refuses() -> None:
    lab = Lab(max_runs=1, max_queue=1)
    first, second = (submit(lab, SPEC, run=name) for name in ("first", "second"))
    with pytest.raises(LabFull):
        submit(lab, SPEC, run="third")
    await first.end()
    await second.end()
    await run(lab, SPEC)
    await lab.close()


async def test_of_an_owners_runs_one_goes_at_a_time_and_others_do_not_wait_for_it(lab: Lab) -> None:
    slow = a_spec("sync@waitress", wait=1.0)
    first, second = (submit(lab, slow, run=name, owner="ann") for name in ("first", "second"))
    other = submit(lab, SPEC, run="other", owner="bob")
    assert (await other.end()).outcome == "done"
    assert not first.of("run.ended")
    assert not second.of("run.started")
    await second.reach("run.started")
    assert first.of("run.ended")
    assert (places(first), places(second), places(other)) == ([], [1], [])
    await second.end()


async def test_the_second_run_of_an_owner_comes_behind_the_first_of_everybody() -> None:
    lab = Lab(max_runs=1)
    runs = {
        name: submit(lab, SPEC, run=name, owner=name[:-1]) for name in ("ann1", "ann2", "ann3", "bob1", "cy1", "bob2")
    }
    assert lab.queue == ("bob1", "cy1", "ann2", "bob2", "ann3")
    order: list[str] = []
    for name, watch in runs.items():
        assert watch.task
        watch.task.add_done_callback(lambda _, name=name: order.append(name))  # type: ignore[misc]
    for watch in runs.values():
        assert (await watch.end()).outcome == "done"
    assert order == ["ann1", "bob1", "cy1", "ann2", "bob2", "ann3"]
    await lab.close()


async def test_an_owner_who_has_too_many_waiting_is_refused_and_nobody_else(lab: Lab) -> None:
    for number in range(1 + OWN_WAITING):
        submit(lab, a_spec("sync@waitress", wait=3.0), run=f"ann{number}", owner="ann")
    with pytest.raises(TooManyOwn):
        submit(lab, SPEC, run="one-more", owner="ann")
    assert (await submit(lab, SPEC, run="other", owner="bob").end()).outcome == "done"


async def test_a_sample_without_a_file_is_refused(lab: Lab) -> None:
    with pytest.raises(KeyError):
        submit(lab, a_spec("unheard@waitress"))


async def test_a_waiting_run_can_be_cancelled_and_the_next_moves_up() -> None:
    lab = Lab(max_runs=1)
    first, second, third = (submit(lab, SPEC, run=name) for name in ("first", "second", "third"))
    await third.reach("run.queued")
    assert lab.queue == ("second", "third")
    assert lab.cancel("second")
    ended = await second.end()
    assert (ended.outcome, second.events[-1].t) == ("cancelled", 0.0)
    assert not second.of("run.started")
    assert (await third.end()).outcome == "done"
    assert places(third) == [2, 1]
    assert (await first.end()).outcome == "done"
    await lab.close()


async def test_close_ends_waiting_runs_too() -> None:
    lab = Lab(max_runs=1)
    first, second = (submit(lab, SPEC, run=name) for name in ("first", "second"))
    await second.reach("run.queued")
    await lab.close()
    for watch in (first, second):
        assert (await watch.end()).outcome == "cancelled"
    assert processes() == {}


async def test_a_run_after_the_fork_server_was_killed_starts_a_new_one(lab: Lab) -> None:
    await run(lab, SPEC)
    from multiprocessing import forkserver

    os.kill(before := forkserver._forkserver._forkserver_pid, signal.SIGKILL)  # type: ignore[attr-defined]
    await asyncio.to_thread(os.waitid, os.P_PID, before, os.WEXITED | os.WNOWAIT)  # dead; its owner has not looked yet
    await run(lab, SPEC)
    assert forkserver._forkserver._forkserver_pid != before  # type: ignore[attr-defined]
