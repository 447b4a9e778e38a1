"""Measurements by the real lab: one after another, bounded, cancelled, and never left behind."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace

import pytest

from lessons import catalogue, identity
from lessons.content.model import Lesson
from lessons.content.teaching import Performance, Series, Teaching
from lessons.lab import events as ev
from lessons.lab.events import Event
from lessons.lab.supervisor import Lab
from lessons.log.memory import MemoryLog
from lessons.log.open import open_log
from lessons.log.protocol import RunUnknown
from lessons.models import LatestMeasurement
from lessons.performance.model import KEY, Measurement
from lessons.performance.service import GONE, MAX_GOING, Measurements, NothingToMeasure, TooManyMeasurements
from lessons.runs.service import NotYours, Runs
from tests.stage import scenes
from tests.waiting import until_async

pytestmark = pytest.mark.django_db(transaction=True)
ME, YOU = "a" * 20, "b" * 20
SMALL = Performance(
    wait=0.2,
    requests=(1, 3),
    series=(Series("Sync", "sync@waitress", 1), Series("Async", "async@daphne", 1)),
    patterns=(),
    law="",
    tips=(),
)


@pytest.fixture
def lesson(monkeypatch: pytest.MonkeyPatch) -> Lesson:
    """The lesson with few points to measure."""
    small = replace(scenes.lesson(), teaching=Teaching(performance=SMALL))
    monkeypatch.setattr(catalogue, "find_lesson", {small.slug: small}.__getitem__)
    return small


@pytest.fixture
async def runs() -> AsyncIterator[Runs]:
    runs = Runs(MemoryLog(ttl=60), Lab())
    yield runs
    await runs.close()


@pytest.fixture
async def measurements(runs: Runs) -> AsyncIterator[Measurements]:
    measurements = Measurements(runs)
    yield measurements
    await measurements.close()


async def reached(measurements: Measurements, name: str, condition: Callable[[Measurement], bool]) -> Measurement:
    """The measurement as soon as it is as the condition wants it."""
    found = await measurements.state(name)

    async def as_wanted() -> bool:
        nonlocal found
        found = await measurements.state(name)
        return condition(found)

    await until_async(as_wanted, lambda: f"the measurement gets there; it is {found}", 60)
    return found


async def test_every_point_is_measured_and_follows_the_law(
    measurements: Measurements, runs: Runs, lesson: Lesson
) -> None:
    name = await measurements.begin(lesson, ME, guess=0.7)
    found = await reached(measurements, name, lambda found: found.ended)
    assert (found.outcome, found.guess) == ("done", 0.7)
    one, three = (point.total or 0.0 for point in found.of(0))
    assert one >= 0.2
    assert three >= 0.6
    assert all((point.total or 0.0) >= 0.2 for point in found.of(1))
    for point in found.points:
        stage = await runs.stage(point.run)
        assert stage.spec is not None
        assert (stage.spec.requests, stage.outcome, stage.lanes[0].id) == (point.requests, "done", point.lane)


class OrderedLog(MemoryLog):
    """Remembers in which order runs began and ended."""

    def __init__(self) -> None:
        super().__init__(ttl=60)
        self.turns: list[tuple[str, str]] = []

    async def append(self, run: str, events: Sequence[Event]) -> int:
        self.turns += [(run, event.kind) for event in events if event.kind in ("run.started", "run.ended")]
        return await super().append(run, events)


async def test_runs_of_a_measurement_go_one_after_another(lesson: Lesson) -> None:
    log = OrderedLog()
    runs = Runs(log, Lab())
    measurements = Measurements(runs)
    name = await measurements.begin(lesson, ME)
    found = await reached(measurements, name, lambda found: found.ended)
    own = [point.run for point in found.points]
    expected = [(run, kind) for run in own for kind in ("run.started", "run.ended")]
    assert [turn for turn in log.turns if turn[0] in own] == expected
    await measurements.close()
    await runs.close()


async def test_a_learner_has_one_measurement_and_may_begin_another_after_it(
    measurements: Measurements, runs: Runs, lesson: Lesson
) -> None:
    name = await measurements.begin(lesson, ME)
    assert await measurements.begin(lesson, ME) == name == measurements.of(ME)
    await measurements.cancel(name, ME)
    await reached(measurements, name, lambda found: found.ended)
    await measurements.settled()
    assert await measurements.begin(lesson, ME) != name


async def test_the_latest_measurement_of_a_learner_is_known(
    measurements: Measurements, runs: Runs, lesson: Lesson
) -> None:
    assert await measurements.latest(ME, lesson) == ""
    name = await measurements.begin(lesson, ME)
    assert await measurements.latest(ME, lesson) == name
    await measurements.cancel(name, ME)
    await measurements.settled()
    assert await measurements.latest(ME, lesson) == name
    assert await measurements.latest(YOU, lesson) == ""
    assert await measurements.latest(ME, replace(lesson, slug="another")) == ""


async def test_a_measurement_outlives_its_process_and_the_log(
    measurements: Measurements, runs: Runs, lesson: Lesson
) -> None:
    name = await measurements.begin(lesson, ME)
    await measurements.settled()
    here = await measurements.state(name)
    assert here.outcome == "done"
    assert await measurements.remaining(here) == frozenset(point.run for point in here.points)
    after = Runs(MemoryLog(ttl=60), Lab())  # has never heard of it
    try:
        found = Measurements(after)
        assert await found.latest(ME, lesson) == name
        assert await found.state(name) == here
        assert (await LatestMeasurement.objects.aget()).complete
        assert await found.remaining(replace(here, at=1000.0)) == frozenset()  # these runs were not archived
        await found.cancel(await found.begin(lesson, ME), ME)
        await found.settled()
        with pytest.raises(RunUnknown):
            await found.state(name)  # the next one has taken its place
        row = await LatestMeasurement.objects.aget()
        assert (row.complete, row.measurement) == (True, await found.latest(ME, lesson))  # was completed once
        assert row.history is not None
        assert row.history[-1]["kind"] == "run.ended"
    finally:
        await after.close()


async def test_a_measurement_of_other_points_is_not_shown_as_one_of_these(
    measurements: Measurements, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = await measurements.begin(lesson, ME)
    await measurements.cancel(name, ME)
    await measurements.settled()
    other = replace(lesson, teaching=Teaching(performance=replace(SMALL, requests=(1, 2))))
    monkeypatch.setattr(catalogue, "find_lesson", {other.slug: other}.__getitem__)
    with pytest.raises(RunUnknown):
        await measurements.state(name)


async def test_more_than_a_few_at_once_are_refused(measurements: Measurements, lesson: Lesson) -> None:
    for number in range(MAX_GOING):
        await measurements.begin(lesson, f"{number}" * 20)
    with pytest.raises(TooManyMeasurements):
        await measurements.begin(lesson, ME)
    assert measurements.of(ME) == ""


async def test_a_cancel_ends_the_run_under_way_and_keeps_what_was_measured(
    measurements: Measurements, runs: Runs, lesson: Lesson
) -> None:
    name = await measurements.begin(lesson, ME)
    await reached(measurements, name, lambda found: found.over >= 1)
    await measurements.cancel(name, ME)
    found = await reached(measurements, name, lambda found: found.ended)
    assert found.outcome == "cancelled"
    assert found.over >= 1
    for point in found.points:
        if point.run:
            async for _ in runs.log.follow(point.run):
                pass
            assert (await runs.stage(point.run)).ended


async def test_nobody_else_can_cancel(measurements: Measurements, lesson: Lesson) -> None:
    name = await measurements.begin(lesson, ME)
    with pytest.raises(NotYours):
        await measurements.cancel(name, YOU)
    assert not (await measurements.state(name)).cancelling


async def test_closing_ends_the_run_under_way_and_begins_no_other(
    measurements: Measurements, runs: Runs, lesson: Lesson
) -> None:
    name = await measurements.begin(lesson, ME)
    await reached(measurements, name, lambda found: found.over >= 1)
    await measurements.close()
    found = await measurements.state(name)
    assert found.ended
    assert sum(bool(point.run) for point in found.points) <= found.over + 1
    assert measurements.of(ME) == ""


async def test_a_full_lab_is_waited_for(lesson: Lesson) -> None:
    runs = Runs(MemoryLog(ttl=60), Lab(max_runs=1, max_queue=0))
    measurements = Measurements(runs)
    taken = await runs.send(scenes.spec(requests=1, lanes=(scenes.ASYNC,)), YOU)
    name = await measurements.begin(lesson, ME)
    found = await reached(measurements, name, lambda found: found.ended)
    assert found.outcome == "done"
    assert (await runs.stage(taken)).outcome == "done"
    await measurements.close()
    await runs.close()


async def test_a_measurement_whose_process_is_gone_is_ended(
    measurements: Measurements, runs: Runs, lesson: Lesson
) -> None:
    await runs.log.create("lost")
    created = ev.RunCreated({KEY: lesson.slug}, identity.owner_mark("lost", ME))
    await runs.log.append("lost", [Event(0.0, created), Event(0.0, ev.RunStarted(1000.0, 0.0, "3", "6"))])
    await LatestMeasurement.objects.acreate(learner=ME, lesson=lesson.slug, measurement="lost")
    before = (await runs.log.read("lost")).events
    found = await measurements.state("lost")
    assert (found.outcome, found.reason) == ("failed", GONE)
    assert (await runs.log.read("lost")).events == before  # who looks changes nothing
    assert (await LatestMeasurement.objects.aget()).history is None

    await measurements.end_abandoned()
    assert await measurements.state("lost") == found
    assert isinstance((await runs.log.read("lost")).events[-1].body, ev.RunEnded)
    assert (await LatestMeasurement.objects.aget()).history


async def test_a_measurement_that_goes_on_is_not_taken_for_abandoned(
    measurements: Measurements, runs: Runs, lesson: Lesson
) -> None:
    name = await measurements.begin(lesson, ME)
    other = Measurements(runs)  # knows of it by its history alone
    await other.end_abandoned()
    await measurements.end_abandoned()
    assert not (await measurements.state(name)).ended
    assert (await LatestMeasurement.objects.aget()).history is None
    await other.close()


async def test_another_process_shows_and_cancels_a_measurement(redis_url: str, lesson: Lesson) -> None:
    here, there = (Runs(open_log(redis_url, 60), Lab()) for _ in range(2))
    owner, other = Measurements(here), Measurements(there)
    try:
        name = await owner.begin(lesson, ME)
        await reached(other, name, lambda found: found.over >= 1)
        await other.cancel(name, ME)
        found = await reached(other, name, lambda found: found.ended)
        assert found.outcome == "cancelled"
        await owner.settled()
    finally:
        for each in (owner, other, here, there):  # who measures ends before its runs: it would ask Redis once more
            await each.close()


async def test_what_is_no_measurement_is_unknown(measurements: Measurements, runs: Runs, lesson: Lesson) -> None:
    run = await runs.send(scenes.spec(requests=1, lanes=(scenes.ASYNC,)), ME)
    for name in (run, "nothing"):
        with pytest.raises(RunUnknown):
            await measurements.state(name)


async def test_a_lesson_without_the_part_cannot_be_measured(measurements: Measurements) -> None:
    bare = replace(scenes.lesson(), teaching=Teaching())
    with pytest.raises(NothingToMeasure):
        await measurements.begin(bare, ME)
