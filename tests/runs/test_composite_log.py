"""One log: what is live, what is recorded, what is archived."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.log.memory import MemoryLog
from lessons.log.protocol import Batch, RunUnknown
from lessons.runs.composite_log import ARCHIVED, CompositeLog, recording_name
from tests.stage import scenes

EVENTS = scenes.one_each()


class Kept:
    """An archive with one run in it, which remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    async def events(self, run: str, after: int) -> Sequence[Event]:
        self.asked.append((run, after))
        if run != "kept":
            raise RunUnknown(run)
        return EVENTS[after:]


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
async def log() -> AsyncIterator[MemoryLog]:
    log = MemoryLog(ttl=60)
    yield log
    await log.close()


@pytest.fixture
def shelf(log: MemoryLog, kept: Kept) -> CompositeLog:
    return CompositeLog(log, kept.events)


async def followed(shelf: CompositeLog, run: str, after: int = 0, epoch: str = "") -> list[Batch]:
    return [batch async for batch in shelf.follow(run, after, epoch)]


async def test_an_archived_run_is_read_and_followed_to_its_end(shelf: CompositeLog) -> None:
    assert await shelf.read("kept") == Batch(ARCHIVED, EVENTS)
    assert await shelf.read("kept", 7) == Batch(ARCHIVED, EVENTS[7:])
    assert await followed(shelf, "kept") == [Batch(ARCHIVED, EVENTS)]
    assert await followed(shelf, "kept", 7) == [Batch(ARCHIVED, EVENTS[7:])]
    assert await followed(shelf, "kept", len(EVENTS), ARCHIVED) == []


async def test_who_knows_another_history_of_it_gets_all_of_it(shelf: CompositeLog) -> None:
    assert await followed(shelf, "kept", 7, "another") == [Batch(ARCHIVED, EVENTS)]


async def test_the_archive_is_not_asked_for_what_is_in_the_log_or_recorded(
    shelf: CompositeLog, log: MemoryLog, kept: Kept
) -> None:
    await log.create("live")
    await log.append("live", EVENTS)
    assert (await shelf.read("live")).events == EVENTS
    assert (await shelf.read(recording_name(scenes.lesson()))).events
    with pytest.raises(RunUnknown):
        await shelf.read("recorded-nothing")
    assert kept.asked == []


async def test_a_run_that_leaves_the_log_while_it_is_followed_goes_on_from_the_archive(
    shelf: CompositeLog, log: MemoryLog
) -> None:
    await log.create("kept")
    await log.append("kept", EVENTS[:3])
    batches = shelf.follow("kept")
    assert (await anext(batches)).events == EVENTS[:3]
    rest = asyncio.ensure_future(anext(batches))
    await asyncio.sleep(0)
    await shelf.remove("kept")
    assert await rest == Batch(ARCHIVED, EVENTS)
    with pytest.raises(StopAsyncIteration):
        await anext(batches)


async def test_a_run_that_is_nowhere_is_unknown(shelf: CompositeLog, log: MemoryLog) -> None:
    await log.create("live")
    await shelf.remove("live")
    for run in ("live", "nothing"):
        with pytest.raises(RunUnknown):
            await shelf.read(run)
        with pytest.raises(RunUnknown):
            await followed(shelf, run)


async def test_nothing_is_added_to_what_has_ended(shelf: CompositeLog) -> None:
    for run in ("kept", recording_name(scenes.lesson())):
        with pytest.raises(RunUnknown):
            await shelf.append(run, [Event(0.0, ev.ClockTicked())])


@pytest.mark.parametrize("run", ["", "orders:kept", "a" * 65, "kept\x00", "kept\n", "\ud800", "../kept", "kępt", "k e"])
async def test_names_that_no_run_can_have_reach_nobody(
    shelf: CompositeLog, log: MemoryLog, kept: Kept, run: str
) -> None:
    await log.create(run)
    with pytest.raises(RunUnknown):
        await shelf.read(run)
    with pytest.raises(RunUnknown):
        await followed(shelf, run)
    assert kept.asked == []
