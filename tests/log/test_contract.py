"""What every event log promises, told to both."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from uuid import uuid4

import pytest

from lessons.lab.events import Event, LineReached, RequestSent, RunCreated
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.log.protocol import EventLog, RunOver, RunUnknown
from tests.log.making import Follower, collect, end, seqs, tick, times
from tests.waiting import until_async


async def test_sequence_numbers_are_dense_from_one(log: EventLog) -> None:
    assert await log.append("run", [tick(), tick()]) == 2
    assert await log.append("run", [tick()]) == 3
    assert seqs([await log.read("run")]) == [1, 2, 3]


async def test_events_come_back_as_they_were(log: EventLog) -> None:
    spec = RunSpec("lesson", (LaneSpec("sync", "waitress"),))
    events = [
        Event(0.0, RunCreated(spec.as_data(), "me")),
        Event(0.25, RequestSent(), "sync@waitress", 7),
        Event(0.5, LineReached(3, {"data": "'ü\n'", "n": [1, None]}), "sync@waitress", 7),
    ]
    await log.append("run", events)
    back = (await log.read("run")).events
    assert RunSpec.from_data(back[0].body.spec) == spec  # type: ignore[attr-defined]
    assert [(each.seq, each.t, each.lane, each.request, each.body) for each in back[1:]] == [
        (2, 0.25, "sync@waitress", 7, events[1].body),
        (3, 0.5, "sync@waitress", 7, events[2].body),
    ]


async def test_numbers_that_events_bring_along_do_not_count(log: EventLog) -> None:
    await log.append("run", [Event(0.0, RequestSent(), "a@daphne", 1, seq=42)])
    assert seqs([await log.read("run")]) == [1]


async def test_nothing_appended_changes_nothing(log: EventLog) -> None:
    await log.append("run", [tick()])
    assert await log.append("run", []) == 1
    assert seqs([await log.read("run")]) == [1]


async def test_nothing_is_added_behind_the_end(log: EventLog) -> None:
    await log.append("run", [tick(1), end()])
    for late in ([tick(2)], [end()], [tick(2), end()]):
        with pytest.raises(RunOver):
            await log.append("run", late)
    assert await log.append("run", []) == 2
    assert times([await log.read("run")]) == [1.0, 9.0]
    await log.create("run")  # begun anew, it takes events again
    assert await log.append("run", [tick(3)]) == 1


async def test_histories_are_found_by_how_their_names_begin(log: EventLog) -> None:
    orders = f"orders-{uuid4().hex}:"  # others use the same Redis
    for name in (f"{orders}one", f"{orders}two", f"b{orders}three"):
        await log.create(name)
    assert sorted(await log.names(orders)) == [f"{orders}one", f"{orders}two"]
    await log.remove(f"{orders}one")
    assert list(await log.names(orders)) == [f"{orders}two"]


async def test_read_gives_what_is_behind_a_number(log: EventLog) -> None:
    await log.append("run", [tick(1), tick(2), tick(3)])
    assert times([await log.read("run", 2)]) == [3]
    assert (await log.read("run", 3)).events == ()


async def test_many_writers_get_dense_numbers_and_keep_their_order(log: EventLog) -> None:
    async def write(writer: int) -> None:
        for number in range(10):
            await log.append("run", [tick(writer + number / 100), tick(writer + number / 100 + 0.005)])

    await asyncio.gather(*(write(writer) for writer in range(12)))
    batch = await log.read("run")
    assert seqs([batch]) == list(range(1, 241))
    for writer in range(12):
        own = [t for t in times([batch]) if int(t) == writer]
        assert len(own) == 20
        assert own == sorted(own)


@pytest.mark.parametrize("call", ["append", "read", "follow"])
async def test_a_run_that_never_was_is_unknown(log: EventLog, call: str) -> None:
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "append": lambda: log.append("other", [tick()]),
        "read": lambda: log.read("other"),
        "follow": lambda: anext(log.follow("other")),
    }
    with pytest.raises(RunUnknown):
        await calls[call]()


async def test_runs_do_not_mix(log: EventLog) -> None:
    await log.create("other")
    await log.append("run", [tick(1)])
    assert await log.append("other", [tick(2)]) == 1
    assert times([await log.read("other")]) == [2]


async def test_following_gives_history_then_news_then_ends(log: EventLog) -> None:
    await log.append("run", [tick(1), tick(2)])
    follower = Follower(log)
    await follower.reach(2)
    await log.append("run", [tick(3)])
    await follower.reach(3)
    await log.append("run", [tick(4), end()])
    async with asyncio.timeout(10):
        await follower.task
    assert seqs(follower.batches) == [1, 2, 3, 4, 5]
    assert all(batch.events for batch in follower.batches)
    assert len({batch.epoch for batch in follower.batches}) == 1


async def test_following_a_run_without_events_waits_for_the_first(log: EventLog) -> None:
    follower = Follower(log)
    await log.append("run", [tick()])
    await follower.reach(1)
    await follower.stop()


async def test_following_an_ended_run_ends_at_once(log: EventLog) -> None:
    last = await log.append("run", [tick(), end()])
    assert seqs(await collect(log.follow("run"))) == [1, 2]
    assert await collect(log.follow("run", last)) == []


async def test_following_goes_on_behind_a_place(log: EventLog) -> None:
    await log.append("run", [tick(1), tick(2), end()])
    epoch = (await log.read("run")).epoch
    assert times(await collect(log.follow("run", 1, epoch))) == [2, 9]


async def test_a_place_in_another_epoch_means_the_whole_history(log: EventLog) -> None:
    await log.append("run", [tick(), tick(), end()])
    batches = await collect(log.follow("run", 2, "another"))
    assert seqs(batches) == [1, 2, 3]
    assert batches[0].epoch != "another"


async def test_a_place_beyond_the_end_means_the_whole_history_under_another_name(log: EventLog) -> None:
    await log.append("run", [tick(), end()])
    epoch = (await log.read("run")).epoch
    batches = await collect(log.follow("run", 7, epoch))
    assert seqs(batches) == [1, 2]
    assert batches[0].epoch != epoch


@pytest.mark.parametrize("events", [1, 2, 6], ids=["shorter", "as long", "longer"])
async def test_a_run_begun_anew_reaches_its_followers_from_the_start(log: EventLog, events: int) -> None:
    await log.append("run", [tick(1), tick(2)])
    follower = Follower(log)
    await follower.reach(2)
    epoch = follower.batches[0].epoch
    await log.create("run")
    await log.append("run", [tick(number) for number in range(5, 5 + events)])
    await follower.reach(events, epoch_not=epoch)
    await log.append("run", [end()])
    await follower.task
    anew = [batch for batch in follower.batches if batch.epoch != epoch]
    assert seqs(anew) == list(range(1, events + 2))
    assert times(anew)[:events] == list(range(5, 5 + events))
    assert times(follower.batches[: -len(anew)]) == [1, 2]


async def test_followers_each_get_everything(log: EventLog) -> None:
    followers = [Follower(log) for _ in range(20)]
    for number in range(30):
        await log.append("run", [tick(number)])
    await log.append("run", [end()])
    async with asyncio.timeout(20):
        await asyncio.gather(*(each.task for each in followers))
    assert all(seqs(each.batches) == list(range(1, 32)) for each in followers)


async def test_a_cancelled_follower_leaves_the_others_and_the_log_alone(log: EventLog) -> None:
    await log.append("run", [tick()])
    leaver, stayer = Follower(log), Follower(log)
    await asyncio.gather(leaver.reach(1), stayer.reach(1))
    await leaver.stop()
    await log.append("run", [end()])
    async with asyncio.timeout(10):
        await stayer.task
    assert seqs(leaver.batches) == [1]
    assert seqs(stayer.batches) == [1, 2]


async def test_cancelled_followers_leave_no_task_behind(log: EventLog) -> None:
    await log.append("run", [tick()])
    before = asyncio.all_tasks()
    followers = [Follower(log) for _ in range(5)]
    await asyncio.gather(*(each.reach(1) for each in followers))
    await asyncio.gather(*(each.stop() for each in followers))
    assert asyncio.all_tasks() == before


async def test_a_follower_closed_between_batches_gives_back_what_it_holds(log: EventLog) -> None:
    await log.append("run", [tick()])
    async with aclosing(log.follow("run")) as batches:
        assert (await anext(batches)).events[0].seq == 1
    assert await log.append("run", [tick()]) == 2


async def test_closing_ends_every_follower(log: EventLog) -> None:
    await log.append("run", [tick()])
    followers = [Follower(log) for _ in range(3)]
    await asyncio.gather(*(each.reach(1) for each in followers))
    await log.close()
    async with asyncio.timeout(2):
        await asyncio.gather(*(each.task for each in followers))


async def test_a_removed_run_is_unknown_and_its_followers_are_told(log: EventLog) -> None:
    await log.append("run", [tick()])
    async with aclosing(log.follow("run")) as batches:
        await anext(batches)
        waiting = asyncio.ensure_future(anext(batches))
        await asyncio.sleep(0)
        await log.remove("run")
        async with asyncio.timeout(10):
            with pytest.raises(RunUnknown):
                await waiting
    with pytest.raises(RunUnknown):
        await log.read("run")
    with pytest.raises(RunUnknown):
        await log.append("run", [tick()])
    await log.remove("run")


@pytest.fixture
def name() -> str:
    """One that no other test has claimed: Redis is the same for all."""
    return uuid4().hex


async def test_of_many_that_claim_a_name_one_is_first_and_all_are_told_which(log: EventLog, name: str) -> None:
    assert await log.claimed(name) == ""
    told = await asyncio.gather(*(log.claim(name, f"value-{number}", 60) for number in range(12)))
    assert len(set(told)) == 1
    assert await log.claimed(name) == told[0]
    assert await log.claim(f"{name}-another", "value", 60) == "value"


async def test_a_claim_ends(log: EventLog, name: str) -> None:
    assert await log.claim(name, "first", 0.05) == "first"

    async def free() -> bool:
        return await log.claimed(name) == ""

    await until_async(free, lambda: "the claim ends", 5)
    assert await log.claim(name, "second", 60) == "second"


async def test_a_claim_is_no_history(log: EventLog, name: str) -> None:
    await log.claim("run", "value", 60)
    await log.claim(f"{name}-claimed", "value", 60)
    assert await log.append("run", [tick()]) == 1
    assert f"{name}-claimed" not in await log.names("")
