"""Runs that show an item: one at a time of each item and learner, by the real lab, known after a reload."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from asgiref.sync import sync_to_async

from lessons.lab.spec import RunSpec
from lessons.lab.supervisor import Lab, LabFull
from lessons.learning import item_runs
from lessons.log.memory import MemoryLog
from lessons.models import ItemRun
from lessons.runs.service import Runs
from tests.stage import scenes

pytestmark = pytest.mark.django_db(transaction=True)
ME, YOU = "a" * 20, "b" * 20
LESSON = scenes.lesson()
SPEC = scenes.spec(lanes=(scenes.ASYNC,))
OTHER = scenes.spec(lanes=(scenes.SYNC,))


@pytest.fixture
async def runs(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Runs]:
    runs = Runs(MemoryLog(ttl=60), Lab(max_queue=20))
    monkeypatch.setattr(item_runs, "run_service", lambda: runs)
    yield runs
    await runs.close()


async def show(spec: RunSpec = SPEC, learner: str = ME, item: str = "first", group: str = "task") -> str:
    return await item_runs.run_for_item(learner, LESSON, group, item, item_runs.ItemOrder(spec))


async def ended(runs: Runs, run: str) -> str | None:
    async for _ in runs.log.follow(run):
        pass
    return (await runs.stage(run)).outcome


async def test_a_run_under_way_is_shown_again_and_none_is_started(runs: Runs) -> None:
    run = await show()
    assert await show() == run
    assert await ended(runs, run) == "done"
    assert await show() != run


async def test_posts_at_once_start_one_run(runs: Runs) -> None:
    shown = await asyncio.gather(*(show() for _ in range(6)))
    assert len(set(shown)) == 1
    assert await ended(runs, shown[0]) == "done"
    row = await ItemRun.objects.aget()
    assert row.run == shown[0]


async def test_another_filling_ends_the_run_of_the_one_before(runs: Runs) -> None:
    before = await show(replace(SPEC, wait=3.0))
    after = await show(OTHER)
    assert before != after
    assert await ended(runs, before) == "cancelled"
    assert await ended(runs, after) == "done"


async def test_items_and_learners_do_not_wait_for_each_other(runs: Runs) -> None:
    shown = [await show(), await show(item="second"), await show(group="step"), await show(learner=YOU)]
    assert len(set(shown)) == 4
    assert await sync_to_async(item_runs.latest_item_runs)(ME, LESSON, "task") == {
        "first": shown[0],
        "second": shown[1],
    }
    assert [await ended(runs, run) for run in shown] == ["done"] * 4


async def test_a_run_that_is_gone_is_not_waited_for(runs: Runs) -> None:
    await ItemRun.objects.acreate(learner=ME, lesson=LESSON.slug, group="task", item="first", run="long-gone")
    run = await show()
    assert await sync_to_async(item_runs.latest_item_runs)(ME, LESSON, "task") == {"first": run}
    assert await ended(runs, run) == "done"


async def test_nothing_is_kept_when_the_lab_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = Runs(MemoryLog(ttl=60), Lab(max_runs=1, max_queue=0))
    monkeypatch.setattr(item_runs, "run_service", lambda: runs)
    taken = await show(learner=YOU)
    histories = set(await runs.log.names(""))
    with pytest.raises(LabFull):
        await show()
    assert set(await runs.log.names("")) <= histories
    assert await sync_to_async(item_runs.latest_item_runs)(ME, LESSON, "task") == {}
    assert await ended(runs, taken) == "done"
    await runs.close()
