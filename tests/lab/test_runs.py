"""Runs on real servers: what is told of them, and how long they take."""

import os
from dataclasses import replace
from math import ceil

import pytest

from lessons.lab.events import LaneDone, LaneStarted, LineReached, ViewReturned, ViewStarted
from lessons.lab.supervisor import Lab
from tests.lab.watching import Watch, a_spec, processes, run, submit

WAIT = 0.2


def total(watch: Watch, lane: str) -> float:
    (done,) = watch.of("lane.done", lane)
    assert isinstance(done.body, LaneDone)
    return done.body.total


def fetching(watch: Watch, lane: str) -> list[tuple[float, float]]:
    """When each request of the lane was in `fetch_data()`, from and to."""
    called, returned = (
        {event.request: event.t for event in watch.of(kind, lane)} for kind in ("fetch.called", "fetch.returned")
    )
    assert called.keys() == returned.keys()
    return [(called[request], returned[request]) for request in called]


def at_once(spans: list[tuple[float, float]]) -> int:
    """The most spans that went on at the same time."""
    return max(sum(start <= moment < end for start, end in spans) for moment, _ in spans)


@pytest.mark.parametrize(("requests", "workers"), [(1, 1), (4, 1), (5, 2), (4, 4)])
async def test_a_worker_pool_takes_as_many_waits_as_it_has_rounds(lab: Lab, requests: int, workers: int) -> None:
    watch = await run(lab, a_spec("sync@waitress", requests=requests, wait=WAIT, workers=workers))
    assert total(watch, "sync@waitress") >= ceil(requests / workers) * WAIT
    assert at_once(fetching(watch, "sync@waitress")) == min(requests, workers)


async def test_a_total_is_from_the_first_request_that_is_told_to_the_last_answer(lab: Lab) -> None:
    watch = await run(lab, a_spec("sync@waitress", requests=3, wait=0.1))
    first = min(event.t for event in watch.of("request.sent", "sync@waitress"))
    last = max(event.t for event in watch.of("response.received", "sync@waitress"))
    assert total(watch, "sync@waitress") == pytest.approx(last - first, abs=3e-6)


@pytest.mark.parametrize("lane", ["async@daphne", "sync@daphne"])
async def test_under_asgi_all_requests_wait_at_the_same_time(lab: Lab, lane: str) -> None:
    watch = await run(lab, a_spec(lane, requests=8, wait=1.0))
    assert at_once(fetching(watch, lane)) == 8
    assert 1.0 <= total(watch, lane) < 8.0


async def test_a_blocking_call_in_a_coroutine_makes_requests_wait_one_after_another(lab: Lab) -> None:
    watch = await run(lab, a_spec("async_blocking@daphne", requests=4, wait=WAIT))
    assert total(watch, "async_blocking@daphne") >= 4 * WAIT
    assert at_once(fetching(watch, "async_blocking@daphne")) == 1


async def test_visitors_come_one_after_another_when_asked(lab: Lab) -> None:
    """Ten a second, and each lane gets them: a pool of two takes four a second, so that a line grows."""
    lanes, every = ("sync@waitress", "async@daphne"), 0.1
    watch = await run(lab, replace(a_spec(*lanes, requests=8, wait=0.5, workers=2), every=every))
    (began,) = watch.of("load.started")
    for lane in lanes:
        sent = [event.t - began.t for event in watch.of("request.sent", lane)]
        assert all(t >= at * every for at, t in enumerate(sent))
    pool, loop = (_waited(watch, lane) for lane in lanes)
    assert total(watch, "async@daphne") >= 7 * every + 0.5
    assert pool[-1] > 0.9  # two seconds of work, of which 0.7 or a little more had passed when the last one came
    assert loop[-1] < pool[-1]


def _waited(watch: Watch, lane: str) -> list[float]:
    """Seconds from each request to its answer, by number."""
    sent, answered = (
        sorted(watch.of(kind, lane), key=lambda each: each.request) for kind in ("request.sent", "response.received")
    )
    return [answer.t - request.t for request, answer in zip(sent, answered, strict=True)]


async def test_lanes_race_under_the_same_load(lab: Lab) -> None:
    watch = await run(lab, a_spec("sync@waitress", "async@daphne", requests=4, wait=WAIT))
    sent = [(event.lane, event.request) for event in watch.of("request.sent")]
    assert sorted(sent[:4]) == [("async@daphne", 1), ("async@daphne", 2), ("sync@waitress", 1), ("sync@waitress", 2)]
    assert total(watch, "async@daphne") < total(watch, "sync@waitress")


async def test_a_sync_request_is_seen_from_start_to_end(lab: Lab) -> None:
    watch = await run(lab, a_spec("sync@waitress"))
    assert watch.kinds("sync@waitress", 1) == [
        "request.sent",
        "request.received",
        "view.resolved",
        "view.started",
        "line.reached",
        "fetch.called",
        "fetch.returned",
        "line.reached",
        "view.returned",
        "response.sent",
        "request.handled",
        "response.received",
    ]


async def test_an_async_request_is_suspended_while_it_fetches(lab: Lab) -> None:
    watch = await run(lab, a_spec("async@daphne"))
    kinds = watch.kinds("async@daphne", 1)
    fetching = kinds[kinds.index("fetch.called") + 1 : kinds.index("fetch.returned")]
    assert fetching[:2] == ["view.suspended", "view.resumed"]
    assert fetching == ["view.suspended", "view.resumed"] * (len(fetching) // 2)


@pytest.mark.parametrize("lane", ["async_blocking@daphne", "sync@daphne"])
async def test_a_view_that_awaits_nothing_is_never_suspended(lab: Lab, lane: str) -> None:
    watch = await run(lab, a_spec(lane))
    assert "fetch.returned" in watch.kinds(lane, 1)
    assert "view.suspended" not in watch.kinds(lane, 1)


async def test_variables_are_told_as_the_view_fills_them(lab: Lab) -> None:
    watch = await run(lab, a_spec("sync@waitress"))
    (started,), lines, (returned,) = (watch.of(kind) for kind in ("view.started", "line.reached", "view.returned"))
    request, data = {"request": "<WSGIRequest>"}, {"data": "'Fetched data value'"}
    assert isinstance(started.body, ViewStarted)
    assert started.body.locals == request
    assert [(line.body.line, line.body.locals) for line in lines if isinstance(line.body, LineReached)] == [
        (7, request),
        (8, request | data),
    ]
    assert isinstance(returned.body, ViewReturned)
    assert (returned.body.value, returned.body.locals) == ("<JsonResponse>", request | data)


async def test_a_lane_tells_its_server_and_capacity(lab: Lab) -> None:
    watch = await run(lab, a_spec("sync@waitress", "async@daphne", workers=3))
    started = {event.lane: event.body for event in watch.of("lane.started")}
    assert [
        (lane, body.server, body.interface, body.capacity)
        for lane, body in sorted(started.items())
        if isinstance(body, LaneStarted)
    ] == [("async@daphne", "daphne", "ASGI", 1), ("sync@waitress", "waitress", "WSGI", 3)]


async def test_a_run_begins_and_ends_in_order(lab: Lab) -> None:
    watch = await run(lab, a_spec("sync@waitress", requests=2))
    kinds = [event.kind for event in watch.events]
    order = ["run.started", "lane.started", "load.started", "probe.sent", "request.sent", "lane.done", "run.ended"]
    places = [kinds.index(kind) for kind in order]
    assert places == sorted(places)
    assert watch.events[0].t == 0.0
    times = [event.t for event in watch.events]
    assert times == sorted(times)


async def test_the_first_events_are_handed_on_at_once(lab: Lab) -> None:
    watch = submit(lab, a_spec("sync@waitress"))
    await watch.reach("run.started")
    assert [event.kind for event in watch.batches[0]] == ["run.started"]
    await watch.end()


async def test_the_end_tells_the_totals_of_every_lane(lab: Lab) -> None:
    watch = submit(lab, a_spec("sync@waitress", "async@daphne", requests=3))
    ended = await watch.end()
    assert ended.lanes == {
        lane: {"total": total(watch, lane), "done": 3, "failed": 0} for lane in ("sync@waitress", "async@daphne")
    }


async def test_behind_the_end_only_the_upstream_is_left(lab: Lab) -> None:
    watch = submit(lab, a_spec("sync@waitress", "async@daphne"))
    await watch.reach("load.started")
    assert sorted(processes().values()) == ["lab-driver", "lab-lane", "lab-lane", "lab-upstream"]
    await watch.reach("run.ended")
    assert list(processes().values()) == ["lab-upstream"]


async def test_runs_leave_no_open_file_behind(lab: Lab) -> None:
    await run(lab, a_spec("sync@waitress"))
    before = os.listdir("/proc/self/fd")
    for _ in range(3):
        await run(lab, a_spec("sync@waitress", "async@daphne"))
    assert os.listdir("/proc/self/fd") == before


async def test_a_hundred_requests_are_all_answered(lab: Lab) -> None:
    watch = await run(lab, a_spec("async@daphne", "sync@waitress", requests=100, wait=0.3, workers=16))
    for lane in ("async@daphne", "sync@waitress"):
        assert sorted(event.request for event in watch.of("response.received", lane)) == list(range(1, 101))
        assert len(watch.of("request.handled", lane)) == 100


# The probe: could the server take one more right now?


def probed_while_fetching(watch: Watch, lane: str) -> int:
    """Probes that were sent and answered while the one request was in `fetch_data()`."""
    ((start, end),) = fetching(watch, lane)
    sent, answered = (watch.of(kind, lane) for kind in ("probe.sent", "probe.answered"))
    return sum(start < out.t < back.t < end for out, back in zip(sent, answered, strict=True))


@pytest.mark.parametrize(("lane", "workers"), [("sync@waitress", 2), ("sync@daphne", 1), ("async@daphne", 1)], ids=str)
async def test_probes_are_answered_while_the_server_is_free(lab: Lab, lane: str, workers: int) -> None:
    watch = await run(lab, a_spec(lane, wait=0.5, workers=workers))
    assert probed_while_fetching(watch, lane) > 2


@pytest.mark.parametrize("lane", ["sync@waitress", "async_blocking@daphne"])
async def test_no_probe_is_answered_while_the_server_is_held(lab: Lab, lane: str) -> None:
    watch = await run(lab, a_spec(lane, wait=0.5))
    assert probed_while_fetching(watch, lane) == 0


async def test_a_lane_has_at_most_one_probe_under_way(lab: Lab) -> None:
    watch = await run(lab, a_spec("async@daphne", requests=3, wait=0.3))
    probes = [event.kind for event in watch.events if event.kind.startswith("probe.")]
    assert probes == ["probe.sent", "probe.answered"] * (len(probes) // 2) != []


async def test_no_probe_is_under_way_when_the_lane_is_done(lab: Lab) -> None:
    watch = await run(lab, a_spec("sync@waitress", "async@daphne", requests=3))
    for lane in ("sync@waitress", "async@daphne"):
        kinds = [event.kind for event in watch.events if event.lane == lane and event.request == 0]
        assert [kind for kind in kinds if kind != "lane.scheduled"][-2:] == ["probe.answered", "lane.done"]


async def test_the_clock_ticks_while_nothing_happens(lab: Lab) -> None:
    watch = await run(lab, a_spec("sync@waitress", wait=0.5))
    assert len(watch.of("clock.ticked")) >= 3
