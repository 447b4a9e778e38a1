"""Events as JSON Lines: what is written is read again, and nothing else is."""

import json
from dataclasses import fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons import catalogue
from lessons.export import csv_table, picture, svg, trace
from lessons.export.shown import Shown
from lessons.lab import events as ev
from lessons.lab.bounds import MOST_SECONDS, MOST_STEPS
from lessons.lab.events import KINDS, Body, Event, EventError
from lessons.log import jsonl
from lessons.log.jsonl import NotARun
from lessons.rendering.regions import render_regions
from lessons.stage.fold import fold_events
from lessons.stage.viewpoint import Viewpoint
from tests.stage import scenes
from tests.stage.scenes import ASYNC, SYNC

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=32)
SECONDS = st.floats(-MOST_SECONDS, MOST_SECONDS)
WHOLE = st.integers(-(2**63), 2**63 - 1)
PLAIN = st.recursive(
    st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """What a field of this type may hold."""
    if hint is Any:
        return PLAIN
    if get_origin(hint) is Literal:
        return st.sampled_from(get_args(hint))
    if get_origin(hint) is not None and type(None) in get_args(hint):
        return st.none() | values(next(each for each in get_args(hint) if each is not type(None)))
    if get_origin(hint) is not None:
        return st.dictionaries(TEXTS, PLAIN, max_size=3)
    return {float: SECONDS, int: WHOLE, bool: st.booleans(), str: NAMES}[hint]


def bodies(kind: type[Body]) -> st.SearchStrategy[Body]:
    """Any event of this kind."""
    if kind is ev.PredictionMade:
        return st.builds(kind, lane=st.sampled_from([SYNC, ASYNC]), seconds=st.floats(0, 3600))
    hints = get_type_hints(kind)
    return st.builds(kind, **{each.name: values(hints[each.name]) for each in fields(kind)})


MIDDLE = [kind for kind in KINDS.values() if kind not in (ev.RunCreated, ev.RunEnded)]
PLACES = st.sampled_from([("", 0), (SYNC, 0), (SYNC, 1), (ASYNC, 2)])
EVENTS = st.builds(
    lambda t, body, place: Event(t, body, *place), SECONDS, st.sampled_from(MIDDLE).flatmap(bodies), PLACES
)


def created(requests: int = 1) -> Event:
    """The first event as it is read: JSON has no tuples."""
    return Event(0.0, ev.RunCreated(json.loads(json.dumps(scenes.spec(requests).as_data()))))


def test_every_kind_of_event_can_be_made_up() -> None:
    assert len(MIDDLE) == len(KINDS) - 2 > 20


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=8), bodies(ev.RunEnded))
def test_what_is_exported_is_imported(middle: list[Event], end: Body) -> None:
    run = scenes.numbered([created(2), *middle, Event(9.0, end)])
    assert (
        jsonl.load_run("".join(jsonl.dump_run("why-async-matters", run)), scenes.lesson(), catalogue.VOCABULARY) == run
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=8), bodies(ev.RunEnded))
def test_whatever_can_be_imported_can_be_shown(middle: list[Event], end: Body) -> None:
    lesson, run = scenes.lesson(), scenes.numbered([created(2), *middle, Event(9.0, end)])
    stage, viewpoint = fold_events(lesson, run), Viewpoint(ASYNC, 2)
    assert render_regions(stage, viewpoint)
    ElementTree.fromstring(svg.dump_svg(Shown.of(lesson, run), viewpoint))
    ElementTree.fromstring(picture.draw_preview(Shown.of(lesson, run), viewpoint))
    assert csv_table.dump_table(stage, viewpoint).count("\r\n") == len(lesson.steps) + 1
    assert json.loads(trace.dump_trace(lesson, run))["traceEvents"]


@pytest.mark.parametrize("slug", ["why-async-matters", "await-together"])
def test_a_bundled_run_is_an_export_like_any_other(slug: str) -> None:
    lesson = catalogue.find_lesson(slug)
    text = "".join(jsonl.dump_run(slug, catalogue.recorded_events(lesson)))
    assert text.partition("\n")[0] == lesson.recorded.read_text().partition("\n")[0]
    assert jsonl.load_run(text, lesson, catalogue.VOCABULARY) == catalogue.recorded_events(lesson)


def test_who_owns_a_run_stays_here() -> None:
    first, rest = replace(created(), seq=1), scenes.one_each()[1:]
    owned = Event(0.0, ev.RunCreated(scenes.spec().as_data(), "0123456789abcdef"), seq=1)
    text = "".join(jsonl.dump_run("why-async-matters", [owned, *rest]))
    assert "0123456789abcdef" not in text
    assert jsonl.load_run(text, scenes.lesson(), catalogue.VOCABULARY) == (first, *rest)


# A change to the record with this place (from 0), and words of the reason
WRONG: dict[str, tuple[int, dict[str, Any], str]] = {
    "text for a number": (2, {"data": {"pid": "1"}}, "pid of lane.started must not be '1'"),
    "truth for a number": (2, {"data": {"pid": True}}, "pid of lane.started must not be True"),
    "giant number": (2, {"data": {"pid": 2**64}}, "pid of lane.started"),
    "infinite number": (2, {"t": float("1e999")}, "Infinity is not a number"),
    "list for a text": (2, {"data": {"server": ["x"]}}, "server of lane.started"),
    "text for locals": (5, {"data": {"locals": "x"}, "kind": "line.reached"}, "not an event"),
    "unknown field": (2, {"data": {"more": 1}}, "not an event"),
    "endless run": (2, {"t": 1e9}, "no run lasts longer"),
    "lane of another run": (2, {"lane": "sync@daphne"}, "the run has no lane 'sync@daphne'"),
    "request beyond the spec": (5, {"request": 2}, "request must not be 2"),
    "request below all": (5, {"request": -1}, "request must not be -1"),
    "endless total": (-2, {"data": {"total": 10**12}}, "total must not be 1000000000000"),
    "another age": (1, {"data": {"at": 1e18}}, "at must not be 1e+18"),
    "version of a kilometre": (1, {"data": {"python": "3" * 33}}, "python must be at most 32 printable"),
    "version with a bell": (1, {"data": {"django": "6\x07"}}, "django must be at most 32 printable"),
    "half a character": (-2, {"kind": "lane.died", "data": {"exit_code": 1}, "lane": "\ud800"}, "no lane"),
    "half a character within": (-1, {"data": {"reason": "\ud800"}}, "half a character"),
    "unknown outcome": (-1, {"data": {"outcome": "great"}}, "outcome of run.ended must not be 'great'"),
    "spec of another lesson": (0, {"data": {"spec": {**scenes.spec().as_data(), "lesson": "x"}}}, "not a run of why"),
    "spec with a strange lane": (
        0,
        {"data": {"spec": {**scenes.spec().as_data(), "lanes": [{"sample": "<b>", "server": "daphne"}]}}},
        "has no lane '<b>@daphne'",
    ),
    "spec out of range": (0, {"data": {"spec": {**scenes.spec().as_data(), "requests": 10**9}}}, "whole number from 1"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_what_no_run_holds_is_told_with_its_line(mistake: str) -> None:
    place, change, reason = WRONG[mistake]
    records = [event.as_record() for event in scenes.one_each()]
    data = {**records[place]["data"], **change.get("data", {})} if "kind" not in change else change["data"]
    records[place] |= {**change, "data": data} if "data" in change else change
    text = jsonl.header_line("why-async-matters") + "".join(json.dumps(each) + "\n" for each in records)
    with pytest.raises(NotARun) as caught:
        jsonl.load_run(text, scenes.lesson(), catalogue.VOCABULARY)
    line, told = caught.value.faults[0]
    assert line == f"line {place % len(records) + 2}"
    assert reason in told


def test_a_request_that_drowns_the_others_is_told_once() -> None:
    first, *rest = scenes.one_each()
    steps = [Event(0.5, ev.ViewSuspended(), scenes.ASYNC, 1)] * (MOST_STEPS + 5)
    text = "".join(jsonl.dump_run("why-async-matters", scenes.numbered([first, *steps, *rest])))
    with pytest.raises(NotARun, match="request 1 has more than 21,000 events in this lane") as caught:
        jsonl.load_run(text, scenes.lesson(), catalogue.VOCABULARY)
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"format": "live-lessons run", "version": 2, "lesson": "why-async-matters"}, "this site reads version 1"),
        ({"format": "live-lessons run", "version": True, "lesson": "why-async-matters"}, "version must not be True"),
        ({"format": "another", "version": 1, "lesson": "why-async-matters"}, "is not the header of a run"),
        ({"format": "live-lessons run", "version": 1}, "is not the header of a run"),
        ({"format": "live-lessons run", "version": 1, "lesson": []}, "lesson must not be list"),
        ({"format": "live-lessons run", "version": 1, "lesson": "await-together"}, "a run of 'await-together'"),
        ([], "is not the header of a run"),
        (None, "is not the header of a run"),
    ],
)
def test_a_strange_header_is_told(header: Any, reason: str) -> None:
    text = json.dumps(header) + "\n" + "".join(map(jsonl.event_line, scenes.one_each()))
    with pytest.raises(NotARun, match=reason) as caught:
        jsonl.load_run(text, scenes.lesson(), catalogue.VOCABULARY)
    assert caught.value.faults[0][0] == "line 1"


@pytest.mark.parametrize("record", [{}, {"kind": []}, {"kind": "run.created", "data": 5}, {"kind": "run.ended"}])
def test_a_record_that_is_no_event_is_no_event(record: dict[str, Any]) -> None:
    with pytest.raises(EventError):
        Event.from_record(record)
