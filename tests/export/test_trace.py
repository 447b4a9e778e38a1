"""The trace: by the rules of its format, and by VizTracer's own reader."""

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from viztracer.report_builder import ReportBuilder

from lessons import catalogue
from lessons.export.trace import THREADS, dump_trace
from lessons.lab import events as ev
from lessons.lab.events import Event
from tests.stage import scenes
from tests.stage.scenes import ASYNC

Json = dict[str, Any]


def traced(events: tuple[Event, ...], slug: str = "why-async-matters") -> Json:
    found: Json = json.loads(dump_trace(catalogue.find_lesson(slug), events))
    return found


def gathered() -> tuple[Event, ...]:
    """Two calls under way at once, across a suspension that begins before and ends between them."""
    request = scenes.at(
        ASYNC,
        1,
        (0.1, ev.RequestSent()),
        (0.2, ev.RequestReceived(1)),
        (0.25, ev.ViewStarted(1)),
        (0.3, ev.FetchCalled()),
        (0.35, ev.ViewSuspended()),
        (0.4, ev.FetchCalled()),
        (0.6, ev.FetchReturned("1")),
        (0.7, ev.FetchReturned("2")),
        (0.9, ev.ViewResumed()),
        (1.0, ev.ViewReturned()),
        (1.1, ev.ResponseReceived(200, 1)),
    )
    return scenes.numbered([scenes.created(scenes.spec()), *request])


RUNS: dict[str, Callable[[], tuple[Event, ...]]] = {
    "one each": scenes.one_each,
    "calls at once": gathered,
    "not ended": lambda: scenes.one_each()[:20],
    "just created": lambda: scenes.one_each()[:1],
    "recorded": lambda: catalogue.recorded_events(catalogue.find_lesson("why-async-matters")),
}


@pytest.mark.parametrize("run", RUNS)
def test_every_event_is_as_the_format_wants_it(run: str) -> None:
    trace = traced(RUNS[run]())
    kinds = "".join(event["ph"] for event in trace["traceEvents"])
    assert kinds.lstrip("M").strip("Xi") == ""  # metadata first, then stretches and instants
    times = [event["ts"] for event in trace["traceEvents"] if event["ph"] != "M"]
    assert times == sorted(times)
    threads = {(event["pid"], event["tid"]) for event in trace["traceEvents"] if event["name"] == "thread_name"}
    for event in trace["traceEvents"]:
        if event["ph"] == "M":
            assert event["name"] in {"process_name", "process_sort_index", "thread_name", "thread_sort_index"}
        else:
            assert (event["pid"], event["tid"]) in threads
            assert event["name"]
            assert type(event["ts"]) is int
            assert event["ts"] >= 0
            assert type(event.get("dur", 0)) is int
            assert event.get("dur", 0) >= 0
            assert event["ph"] == "X" or event["s"] == "t"


@pytest.mark.parametrize("run", RUNS)
def test_stretches_of_a_thread_nest(run: str) -> None:
    threads: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for event in traced(RUNS[run]())["traceEvents"]:
        if event["ph"] == "X":
            threads[event["tid"]].append((event["ts"], event["ts"] + event["dur"]))
    for stretches in threads.values():
        within: list[tuple[int, int]] = []
        for start, end in stretches:
            while within and within[-1][1] <= start:
                within.pop()
            assert not within or end <= within[-1][1], (start, end, within[-1])
            within.append((start, end))


def test_a_lane_is_a_process_and_a_request_a_thread() -> None:
    events = traced(catalogue.recorded_events(catalogue.find_lesson("why-async-matters")))["traceEvents"]
    names = {event["pid"]: event["args"]["name"] for event in events if event["name"] == "process_name"}
    assert names == {
        1: "Sync view (waitress 3.0.2, 1 worker thread)",
        2: "Async view (daphne 4.2.3, one event loop)",
    }
    threads = [event["args"]["name"] for event in events if event["name"] == "thread_name" and event["pid"] == 1]
    assert threads == ["Who holds the server", *(f"Request #{number}" for number in range(1, 11))]


def test_a_request_is_told_from_outside_in() -> None:
    thread = [each for each in traced(scenes.one_each())["traceEvents"] if each["tid"] == 2 * THREADS + 1]
    told = [(each["cat"], each["name"]) for each in thread if each["ph"] == "X"]
    assert told[:3] == [("request", "Request #1"), ("step", "queued"), ("step", "Request received")]
    assert told[4:8] == [
        ("step", "Await fetch_data()"),
        ("fetch", "fetch_data()"),
        ("suspended", "suspended"),
        ("suspended", "suspended"),
    ]
    line = next(each for each in thread if each["name"].startswith("line 8"))
    assert (line["ph"], line["args"]) == ("i", {"request": "<WSGIRequest>", "data": "'value'"})


def test_calls_at_once_are_told_as_many() -> None:
    found = [
        (each["name"], each["ts"], each["ts"] + each["dur"])
        for each in traced(gathered())["traceEvents"]
        if each.get("cat") in ("fetch", "suspended")
    ]
    assert ("fetch_data(), 2 at once", 400_000, 600_000) in found
    assert ("suspended", 350_000, 400_000) in found
    assert found[-1] == ("suspended", 700_000, 900_000)


def test_calls_within_one_another_are_not_cut() -> None:
    calls = [(0.2 + number / 1000, ev.FetchCalled()) for number in range(500)]
    events = scenes.at(ASYNC, 1, (0.1, ev.RequestSent()), *calls, (1.0, ev.FetchReturned("1")))
    trace = traced(scenes.numbered([scenes.created(scenes.spec()), *events]))
    found = [each for each in trace["traceEvents"] if each.get("cat") == "fetch"]
    assert [each["name"].split(", ")[-1] for each in found[1:]] == [f"{depth} at once" for depth in range(2, 501)]


def test_who_holds_the_server_is_a_thread_of_its_own() -> None:
    (block,) = [each for each in traced(scenes.one_each())["traceEvents"] if each.get("cat") == "holding"]
    assert (block["tid"], block["ts"], block["dur"]) == (THREADS, 120_000, 990_000)


@pytest.mark.parametrize("run", RUNS)
def test_viztracer_reads_it(run: str, tmp_path: Path) -> None:
    source = tmp_path / "run.json"
    source.write_text(dump_trace(scenes.lesson(), RUNS[run]()))
    count = len(json.loads(source.read_text())["traceEvents"])
    builder = ReportBuilder([str(source)], verbose=0)
    builder.save(str(tmp_path / "combined.json"))
    assert builder.invalid_json_paths == []
    assert len(json.loads((tmp_path / "combined.json").read_text())["traceEvents"]) == count
    ReportBuilder([str(source)], verbose=0).save(str(tmp_path / "report.html"))
    assert "Request #1" in (tmp_path / "report.html").read_text()
