"""Events of several processes become ordered batches."""

import asyncio
import time
from collections.abc import Sequence

import pytest

from lessons.lab.events import ClockTicked, Event, RunEnded
from lessons.lab.outbox import PERIOD, Outbox


def at(t: float) -> Event:
    return Event(t, ClockTicked())


class Reader:
    def __init__(self) -> None:
        self.batches: list[list[float]] = []
        self.times: list[float] = []
        self.called = asyncio.Event()

    async def emit(self, events: Sequence[Event]) -> None:
        self.times.append(time.monotonic())
        self.batches.append([event.t for event in events])
        self.called.set()


async def test_a_batch_is_sorted_by_time() -> None:
    reader = Reader()
    outbox = Outbox(reader.emit)
    for t in (0.3, 0.1, 0.2):
        outbox.put(at(t))
    await outbox.close()
    assert reader.batches == [[0.1, 0.2, 0.3]]


async def test_batches_keep_a_distance() -> None:
    reader = Reader()
    outbox = Outbox(reader.emit)
    for _ in range(200):
        outbox.put(at(0.0))
        await asyncio.sleep(0)
        await asyncio.sleep(0.0005)
    await outbox.close()
    assert sum(map(len, reader.batches)) == 200
    gaps = [later - earlier for earlier, later in zip(reader.times, reader.times[1:-1], strict=False)]
    assert min(gaps) > PERIOD * 0.8


async def test_an_event_waits_for_an_earlier_one_of_a_slower_process() -> None:
    reader = Reader()
    outbox = Outbox(reader.emit)
    outbox.begin(time.monotonic())
    outbox.put(at(0.0))
    await reader.called.wait()
    now = time.monotonic() - reader.times[0]
    outbox.put(at(now + 0.004))
    outbox.put(at(now + 0.001))
    reader.called.clear()
    await reader.called.wait()
    await outbox.close()
    assert [t for batch in reader.batches for t in batch] == pytest.approx([0.0, now + 0.001, now + 0.004])


async def test_behind_a_failure_only_the_end_is_tried() -> None:
    calls: list[list[Event]] = []

    async def emit(events: Sequence[Event]) -> None:
        calls.append(list(events))
        raise OSError("full")

    outbox = Outbox(emit)
    outbox.put(at(0.0))
    async with asyncio.timeout(5):
        await outbox.broken.wait()
    outbox.put(at(0.1))
    outbox.put(end := Event(0.2, RunEnded("failed")))
    await outbox.close()
    assert calls == [[at(0.0)], [end]]
