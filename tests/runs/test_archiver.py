"""Archiving from an event loop, with a database that does not always answer."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.utils import timezone

from lessons import identity
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.lab.supervisor import Lab
from lessons.log import codec
from lessons.log.memory import MemoryLog
from lessons.log.protocol import LogUnavailable, RunUnknown
from lessons.models import ArchivedRun
from lessons.runs import archive, patrol
from lessons.runs import archiver as archiver_module
from lessons.runs.archiver import Archiver
from lessons.runs.service import Runs
from tests.learning.small import LEARNER
from tests.stage import scenes
from tests.waiting import until_async

pytestmark = pytest.mark.django_db(transaction=True)
EVENTS = scenes.one_each()
FAST = RunSpec("why-async-matters", scenes.spec().lanes, requests=1, wait=0.1)


@sync_to_async
def run_sql(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@sync_to_async
def rows() -> list[ArchivedRun]:
    return list(ArchivedRun.objects.order_by("run"))


async def archived(*runs: str) -> bool:
    """Are these runs in the archive, and no others?"""
    return [row.run for row in await rows()] == list(runs)


async def away() -> None:
    """The database does not answer as it should."""
    await run_sql("ALTER TABLE lessons_archivedrun RENAME TO elsewhere")


async def back() -> None:
    await run_sql("ALTER TABLE elsewhere RENAME TO lessons_archivedrun")


async def test_a_run_is_kept_once_and_read_again() -> None:
    keeping = Archiver(90, 100)
    await asyncio.gather(*(keeping.keep("run", LEARNER, EVENTS) for _ in range(5)))
    assert [row.run for row in await rows()] == ["run"]
    assert [each.kind for each in await keeping.events("run")] == [each.kind for each in EVENTS]
    assert [each.seq for each in await keeping.events("run", 7)] == [each.seq for each in EVENTS[7:]]
    assert await keeping.events("run", len(EVENTS)) == ()


async def test_who_asks_at_the_same_time_gets_the_same_events_and_who_goes_away_harms_nobody() -> None:
    keeping = Archiver(90, 100)
    await keeping.keep("run", LEARNER, EVENTS)
    asking = [asyncio.create_task(keeping.events("run")) for _ in range(3)]
    await asyncio.sleep(0)
    asking[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking[0]
    one = await asking[1]
    assert one is await asking[2]
    assert len(one) == len(EVENTS)
    assert await keeping.events("run") is not one, "nothing is held once it is told"
    with pytest.raises(RunUnknown):
        await keeping.events("nothing")


async def test_who_goes_away_before_a_run_is_unknown_leaves_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    archiver = Archiver(90, 10)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await archiver.events("nonesuch")
    await until_async(lambda: not archiver._reading, "it was read")
    gc.collect()
    assert not caplog.records


async def test_a_database_that_comes_back_gets_the_run(caplog: pytest.LogCaptureFixture) -> None:
    await away()
    task = asyncio.create_task(Archiver(90, 100, [0.01] * 500).keep("run", LEARNER, EVENTS))
    try:
        await until_async(lambda: "not archived yet" in caplog.text, "a first attempt")
    finally:
        await back()
    await task
    assert len(await rows()) == 1


async def test_a_database_that_stays_away_is_logged_and_nothing_else_fails(caplog: pytest.LogCaptureFixture) -> None:
    keeping = Archiver(90, 100, [0.01, 0.01])
    await away()
    try:
        await keeping.keep("run", LEARNER, EVENTS)
        with pytest.raises(LogUnavailable):
            await keeping.events("run")
    finally:
        await back()
    assert [each.levelno for each in caplog.records if each.name == "lessons.runs.archiver"] == [
        logging.WARNING,
        logging.WARNING,
        logging.ERROR,
    ]


async def test_a_row_that_is_damaged_is_as_if_it_were_not_there(caplog: pytest.LogCaptureFixture) -> None:
    keeping = Archiver(90, 100)
    await keeping.keep("run", LEARNER, EVENTS)
    await sync_to_async(ArchivedRun.objects.update)(events=b"damaged")
    with pytest.raises(RunUnknown):
        await keeping.events("run")
    assert "cannot be read" in caplog.text


async def test_a_process_prunes_by_itself_and_a_database_that_is_away_does_not_end_that(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(archiver_module, "FIRST", 0.01)
    monkeypatch.setattr(archiver_module, "EVERY", 0.01)
    keeping = Archiver(90, 100)
    for run in ("old", "young"):
        await keeping.keep(run, LEARNER, EVENTS)
    long_ago = timezone.now() - timedelta(days=91)
    await away()
    tidying = asyncio.create_task(keeping.tidy())
    try:
        await until_async(lambda: "not pruned this time" in caplog.text, "a first attempt")
    finally:
        await back()
    await sync_to_async(ArchivedRun.objects.filter(run="old").update)(archived_at=long_ago)
    await until_async(lambda: archived("young"), "the old run is pruned")
    tidying.cancel()
    await asyncio.gather(tidying, return_exceptions=True)


# With a lab


@pytest.fixture
async def runs() -> AsyncIterator[Runs]:
    runs = Runs(MemoryLog(ttl=60), Lab(), Archiver(90, 100))
    yield runs
    await runs.close()


async def ended(runs: Runs, run: str) -> tuple[Event, ...]:
    """The run's events once it is archived."""
    async for batch in runs.log.follow(run):
        if isinstance(batch.events[-1].body, ev.RunEnded):
            break
    await until_async(ArchivedRun.objects.filter(run=run).aexists, "the run is archived")
    return (await runs.log.read(run)).events


async def test_a_run_that_ends_is_archived_with_the_machines_load(runs: Runs) -> None:
    run = await runs.send(FAST, LEARNER)
    events = await ended(runs, run)
    (row,) = await rows()
    assert (row.run, row.learner, row.count, row.outcome) == (run, LEARNER, len(events), "done")
    assert row.load is not None
    assert row.load >= 0
    assert row.cores
    assert set(row.totals) == {scenes.SYNC, scenes.ASYNC}
    await runs.log.remove(run)
    lesson, again = await runs.history(run)
    assert lesson.slug == "why-async-matters"
    assert list(map(codec.pack_event, again)) == list(map(codec.pack_event, events))


async def test_a_run_of_a_lane_that_its_lesson_has_not_any_more_is_unknown(runs: Runs) -> None:
    spec = RunSpec("why-async-matters", (LaneSpec("renamed", "daphne"),))
    events = [Event(0.0, ev.RunCreated(spec.as_data())), Event(1.0, ev.RunEnded("done"))]
    await Archiver(90, 100).keep("run", LEARNER, events)
    with pytest.raises(RunUnknown, match="renamed@daphne"):
        await runs.history("run")
    with pytest.raises(RunUnknown):
        async with runs.hubs.watch("run"):
            pass


async def test_a_part_of_a_measurement_is_nobodys(runs: Runs) -> None:
    run = await runs.send(FAST, LEARNER, listed=False)
    await ended(runs, run)
    (row,) = await rows()
    assert row.learner == ""
    assert identity.owns_run(run, (await runs.stage(run)).owner, LEARNER), "it can be cancelled nevertheless"


async def test_deleting_takes_a_run_out_of_archive_and_log(runs: Runs) -> None:
    run = await runs.send(FAST, LEARNER)
    await ended(runs, run)
    assert not await runs.delete(run, "somebody-else")
    assert (await runs.stage(run)).ended
    assert await runs.delete(run, LEARNER)
    with pytest.raises(RunUnknown):
        await runs.stage(run)
    assert not await rows()


async def test_a_run_that_ends_with_its_process_is_archived() -> None:
    runs = Runs(MemoryLog(ttl=60), Lab(), Archiver(90, 100))
    run = await runs.send(RunSpec("why-async-matters", scenes.spec().lanes, requests=1, wait=3.0), LEARNER)
    await anext(runs.log.follow(run))
    await runs.close()
    (row,) = await rows()
    assert (row.run, row.learner, row.outcome) == (run, LEARNER, "cancelled")
    assert archive.unpack_events(bytes(row.events))[-1].kind == "run.ended"


@pytest.mark.parametrize("ended", [False, True], ids=["going on", "ended"])
async def test_what_a_process_that_is_gone_left_is_archived_though_nobody_watches(
    monkeypatch: pytest.MonkeyPatch, ended: bool
) -> None:
    log = MemoryLog(ttl=60)
    for name in ("left", "orders:left"):
        await log.create(name)
    await log.append("orders:left", [Event(0.0, ev.RunCreated({}, LEARNER))])
    await log.append("left", EVENTS if ended else EVENTS[:9])
    monkeypatch.setattr(patrol, "SWEEP", 0.05)
    runs = Runs(log, Lab(), Archiver(90, 100))

    async def taken_over() -> bool:
        return await archived("left") and not await log.names("orders:")

    await until_async(taken_over, "the run is archived and its orders are gone")
    (row,) = await rows()
    assert (row.run, row.learner, row.outcome) == ("left", LEARNER, "done" if ended else "failed")
    assert row.count == (len(EVENTS) if ended else 10)
    await runs.close()


async def test_who_sent_a_run_is_not_for_browsers(runs: Runs) -> None:
    run = await runs.send(FAST, LEARNER)
    for name in (f"orders:{run}", f"orders-{run}"):
        with pytest.raises(RunUnknown):
            await runs.stage(name)
    events = await ended(runs, run)
    assert LEARNER not in repr(events)
