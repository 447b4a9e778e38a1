"""Processes that stand ready for the next run: each serves one, and none is left behind."""

import os
import signal
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from lessons.lab.events import LaneStarted
from lessons.lab.supervisor import Lab
from tests.lab.watching import Watch, a_spec, processes, run, submit
from tests.waiting import until_async

SPEC = a_spec("sync@waitress", "async@daphne")
READY = Counter({"lab-lane": 2, "lab-driver": 1})


def there() -> dict[int, str]:
    """All processes but the upstream, which serves all runs."""
    return {pid: name for pid, name in processes().items() if name != "lab-upstream"}


async def until_ready() -> set[int]:
    """Wait until there is one of each kind; which they are."""
    await until_async(lambda: Counter(there().values()) == READY, lambda: f"one of each; there are {there()}")
    return set(there())


def lanes(watch: Watch) -> set[int]:
    return {event.body.pid for event in watch.events if isinstance(event.body, LaneStarted)}


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    lab = Lab(spares=True)
    lab.prepare()
    yield lab
    await lab.close()
    assert processes() == {}


async def test_a_run_takes_them_and_others_stand_ready_for_the_next(lab: Lab) -> None:
    first = await until_ready()
    watch = await run(lab, SPEC)
    assert lanes(watch) < first
    second = await until_ready()
    assert not first & second
    assert lanes(await run(lab, SPEC)) < second


async def test_none_is_started_while_a_run_goes(lab: Lab) -> None:
    stood = await until_ready()
    watch = submit(lab, a_spec("sync@waitress", "async@daphne", wait=0.5))
    await watch.reach("fetch.called")
    assert set(there()) == stood
    await watch.end()


async def test_one_that_has_died_is_not_taken(lab: Lab) -> None:
    stood = await until_ready()
    for pid in stood:
        os.kill(pid, signal.SIGKILL)
    await until_async(lambda: not stood & set(there()), lambda: "they are gone")
    assert len(lanes(await run(lab, SPEC))) == 2
    await until_ready()


async def test_lanes_that_find_none_start_as_ever(lab: Lab) -> None:
    stood = await until_ready()
    started = lanes(await run(lab, a_spec("sync@waitress", "async_blocking@daphne", "async@daphne")))
    assert (len(started), len(started & stood)) == (3, 2)


async def test_they_end_with_their_lab(lab: Lab) -> None:
    await until_ready()
    await lab.close()
    assert processes() == {}
