"""Whatever goes wrong: a clear event, a clean end, and no process is left."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from lessons.lab.events import Event, LaneDied, LaneStarted, ProcessDied, ViewRaised
from lessons.lab.supervisor import Lab
from tests.lab.watching import SAMPLES, Watch, a_spec, pid_of, processes, run, submit
from tests.waiting import PATIENCE

Write = Callable[[str], dict[str, Path]]
BOTH = ("sync@waitress", "async@daphne")


async def started(lab: Lab, *lanes: str, wait: float = 2.0, requests: int = 2) -> Watch:
    """A run whose requests are in the views."""
    watch = submit(lab, a_spec(*lanes, wait=wait, requests=requests))
    for lane in lanes:
        await watch.reach("fetch.called", lane)
    return watch


def only_upstream_is_left() -> bool:
    return list(processes().values()) in (["lab-upstream"], [])


async def test_a_killed_lane_is_told_and_the_other_lane_goes_on(lab: Lab) -> None:
    watch = await started(lab, *BOTH, wait=0.5)
    lane = watch.of("lane.started", "sync@waitress")[0].body
    assert isinstance(lane, LaneStarted)
    os.kill(lane.pid, signal.SIGKILL)
    ended = await watch.end()
    (died,) = watch.of("lane.died")
    assert (died.lane, died.body) == ("sync@waitress", LaneDied(-signal.SIGKILL))
    assert ended.outcome == "failed"
    assert "sync@waitress" in ended.reason
    assert (ended.lanes["sync@waitress"]["failed"], ended.lanes["async@daphne"]["done"]) == (2, 2)
    assert len(watch.of("request.failed", "sync@waitress")) == 2
    assert only_upstream_is_left()


async def test_a_killed_driver_ends_the_run(lab: Lab) -> None:
    watch = await started(lab, *BOTH)
    os.kill(pid_of("lab-driver"), signal.SIGKILL)
    ended = await watch.end()
    assert watch.of("process.died")[0].body == ProcessDied("driver", -signal.SIGKILL)
    assert (ended.outcome, ended.reason) == ("failed", "The process that sends the requests died.")
    assert only_upstream_is_left()


async def test_a_killed_upstream_ends_the_run_and_the_next_has_a_new_one(lab: Lab) -> None:
    watch = await started(lab, *BOTH)
    os.kill(pid_of("lab-upstream"), signal.SIGKILL)
    ended = await watch.end()
    assert watch.of("process.died")[0].body == ProcessDied("upstream", -signal.SIGKILL)
    assert (ended.outcome, ended.reason) == ("failed", "The upstream service died.")
    assert processes() == {}
    await run(lab, a_spec("sync@waitress"))


async def test_an_upstream_that_died_between_runs_is_replaced(lab: Lab) -> None:
    await run(lab, a_spec("sync@waitress"))
    os.kill(before := pid_of("lab-upstream"), signal.SIGKILL)
    assert lab._upstream is not None
    async with asyncio.timeout(PATIENCE):
        await lab._upstream.death()  # a run that begins before it is known fails with it, as one that was under way
    await run(lab, a_spec("sync@waitress"))
    assert pid_of("lab-upstream") != before


@pytest.mark.parametrize("server", ["waitress", "daphne"])
@pytest.mark.parametrize("prefix", ["", "async "])
async def test_a_view_that_raises_is_answered_with_500(lab: Lab, sample: Write, server: str, prefix: str) -> None:
    samples = sample(f"{prefix}def view(request):\n    raise LookupError('nothing here')\n")
    watch = await run(lab, a_spec(f"own@{server}", requests=2), samples)
    raised = watch.of("view.raised")
    assert [event.body for event in raised] == [ViewRaised("LookupError", "nothing here")] * 2
    assert sorted(event.request for event in raised) == [1, 2]
    assert [event.body.status for event in watch.of("response.received")] == [500, 500]  # type: ignore[attr-defined]
    assert [event.body.status for event in watch.of("response.sent")] == [500, 500]  # type: ignore[attr-defined]


async def test_an_exception_with_a_broken_text_harms_nobody(lab: Lab, sample: Write) -> None:
    source = (
        "class Broken(Exception):\n    def __str__(self):\n        return 1 / 0\ndef view(request):\n    raise Broken\n"
    )
    watch = await run(lab, a_spec("own@waitress"), sample(source))
    assert watch.of("view.raised")[0].body == ViewRaised("Broken", "")


@pytest.mark.parametrize("server", ["waitress", "daphne"])
async def test_a_view_that_never_returns_is_ended_by_the_time_box(sample: Write, server: str) -> None:
    lab = Lab(time_box=1.0)
    samples = sample("def view(request):\n    while True:\n        pass\n")
    watch = submit(lab, a_spec(f"own@{server}"), samples)
    ended = await watch.end()
    assert (ended.outcome, ended.reason) == ("timed_out", "The run was ended after 1 seconds.")
    assert watch.of("view.started")
    assert watch.events[-1].t >= 1.0
    assert only_upstream_is_left()
    await lab.close()


async def test_a_sample_that_never_loads_is_ended_by_the_time_box(sample: Write) -> None:
    lab = Lab(time_box=0.5)
    watch = submit(
        lab, a_spec("own@waitress"), sample("import socket\nsocket.create_server(('127.0.0.1', 0)).accept()\n")
    )
    assert (await watch.end()).outcome == "timed_out"
    assert only_upstream_is_left()
    await lab.close()


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def view(request:\n", "own.py cannot be loaded: SyntaxError"),
        ("import no_such_module\n", "own.py cannot be loaded: ModuleNotFoundError"),
        ("views = 1\n", "own.py defines no view."),
        ("import os\nos._exit(3)\n", "The server process of own@waitress died before it was ready."),
    ],
)
async def test_a_sample_that_cannot_be_run_is_told(lab: Lab, sample: Write, source: str, reason: str) -> None:
    watch = submit(lab, a_spec("own@waitress"), sample(source))
    ended = await watch.end()
    assert ended.outcome == "failed"
    assert ended.reason.startswith(reason)
    assert watch.of("lane.died", "own@waitress")
    assert only_upstream_is_left()


async def test_a_busy_view_does_not_drown_the_log(lab: Lab, sample: Write) -> None:
    source = (
        "from django.http import HttpResponse\n"
        "def view(request):\n"
        "    for i in range(50_000):\n"
        "        i += 1\n"
        "    return HttpResponse(i)\n"
    )
    watch = await run(lab, a_spec("own@waitress"), sample(source))
    assert "more than" in watch.of("tracer.failed")[0].body.reason  # type: ignore[attr-defined]
    assert len(watch.events) < 25_000


# Cancel


MOMENTS = [
    "run.started",
    "lane.started",
    "load.started",
    "request.sent",
    "fetch.called",
    "response.received",
    "lane.done",
]


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_run_can_be_cancelled_at_any_moment(lab: Lab, moment: str) -> None:
    watch = submit(lab, a_spec("async@daphne", "sync@waitress", requests=3, wait=0.3))
    await watch.reach(moment)
    assert lab.cancel("a-run")
    ended = await watch.end()
    assert (ended.outcome, ended.reason) == ("cancelled", "The run was cancelled.")
    assert only_upstream_is_left()


async def test_a_run_can_be_cancelled_before_anything_has_started(lab: Lab) -> None:
    watch = submit(lab, a_spec("sync@waitress"))
    assert lab.cancel("a-run")
    assert (await watch.end()).outcome == "cancelled"
    assert processes() == {}


async def test_cancelling_twice_or_too_late_or_a_stranger_does_nothing(lab: Lab) -> None:
    watch = submit(lab, a_spec("sync@waitress"))
    await watch.reach("load.started")
    assert lab.cancel("a-run")
    lab.cancel("a-run")
    assert (await watch.end()).outcome == "cancelled"
    assert not lab.cancel("a-run")
    assert not lab.cancel("a-stranger")


async def test_close_ends_every_run_and_leaves_no_process(lab: Lab) -> None:
    first, second = (submit(lab, a_spec("sync@waitress", wait=2.0), run=name) for name in ("first", "second"))
    await first.reach("load.started")
    await lab.close()
    assert processes() == {}
    for watch in (first, second):
        assert (await watch.end()).reason == "The lab was closed."


async def test_a_cancelled_task_leaves_no_process(lab: Lab) -> None:
    watch = await started(lab, "sync@waitress")
    assert watch.task is not None
    watch.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watch.task
    assert only_upstream_is_left()


# The reader of the events


async def test_events_that_cannot_be_stored_end_the_run(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[Event] = []

    async def emit(events: Sequence[Event]) -> None:
        seen.extend(events)
        if any(event.kind == "load.started" for event in seen):
            raise OSError("no room")

    async with asyncio.timeout(10):
        await lab.submit("a-run", a_spec("sync@waitress", wait=2.0), SAMPLES, emit)
    assert only_upstream_is_left()
    assert "no room" in caplog.text


async def test_a_slow_reader_loses_nothing(lab: Lab) -> None:
    fast, slow = Watch(), Watch()

    async def dawdle(events: Sequence[Event]) -> None:
        await asyncio.sleep(0.1)
        await slow.emit(events)

    spec = a_spec("async@daphne", requests=5, wait=0.3)
    fast.task = lab.submit("fast", spec, SAMPLES, fast.emit)
    slow.task = lab.submit("slow", spec, SAMPLES, dawdle)
    await fast.end()
    assert (await slow.end()).outcome == "done"
    for number in range(1, 6):
        assert sorted(slow.kinds("async@daphne", number)) == sorted(fast.kinds("async@daphne", number))
    assert len(slow.batches) < len(fast.batches)


async def test_a_run_that_starts_slowly_is_heard_of_meanwhile(
    lab: Lab, sample: Callable[[str], dict[str, Path]]
) -> None:
    """Who is silent for some seconds counts as gone."""
    slow = "import time\n\ntime.sleep(2.5)\n\n\ndef view(request):\n    raise LookupError\n"
    watch = await run(lab, a_spec("own@waitress"), sample(slow))
    before = watch.events[: watch.events.index(watch.of("load.started")[0])]
    times = [event.t for event in before if event.kind == "clock.ticked"]
    assert len(times) >= 2
    assert max(later - earlier for earlier, later in pairwise([0.0, *times])) < 2
