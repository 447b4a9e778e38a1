"""A position in a run is named by a query, and comes back as it went."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.playback.clock import FASTEST, SLOWEST
from lessons.playback.position import (
    NotInRun,
    Position,
    parse_position,
    position_cursor,
    position_faults,
    position_query,
)
from lessons.playback.timeline import Timeline
from lessons.stage.viewpoint import Viewpoint
from tests.stage import scenes


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return Timeline.of(scenes.lesson(), scenes.one_each())


def test_nothing_is_asked_for() -> None:
    assert parse_position({}) == Position()


@pytest.mark.parametrize("cursor", ["", "-1", "1.5", "x", "1e3", "²", "9" * 10, " 1", "<script>"])
def test_a_cursor_that_is_no_number_is_told(cursor: str, timeline: Timeline) -> None:
    position = parse_position({"lane": scenes.SYNC, "cursor": cursor})
    assert position.viewpoint.lane == scenes.SYNC
    with pytest.raises(NotInRun, match="The cursor must be a whole number"):
        position_cursor(timeline, timeline.end, position)


def test_a_cursor_that_the_run_does_not_have_is_told(timeline: Timeline) -> None:
    assert position_cursor(timeline, timeline.end, Position(cursor=timeline.end)) == timeline.end
    with pytest.raises(NotInRun, match=f"no event {timeline.end + 1}; it has events 1 to {timeline.end}"):
        position_cursor(timeline, timeline.end, Position(cursor=timeline.end + 1))
    with pytest.raises(NotInRun, match="it has events 1 to 5"):
        position_cursor(timeline, 5, Position(cursor=6))


def test_a_step_is_the_moment_at_which_its_facts_are_known(timeline: Timeline) -> None:
    for mark in timeline.marks(scenes.SYNC, 1):
        position = parse_position({"lane": scenes.SYNC, "request": "1", "step": str(mark.step)})
        assert position_cursor(timeline, timeline.end, position) == mark.cursor
    with pytest.raises(NotInRun, match="Request #1 has no step 7 in this run"):
        position_cursor(timeline, timeline.end, Position(step=7))
    with pytest.raises(NotInRun, match="no step 6"):
        position_cursor(timeline, 20, Position(step=6))


@pytest.mark.parametrize("rate", ["0", "9", "nan", "-1", "1e0", ""])
def test_a_rate_that_is_not_offered_is_as_if_it_were_not_asked_for(rate: str) -> None:
    assert parse_position({"rate": rate}).rate == 1.0


@given(
    st.text("abcz_@-", min_size=1),
    st.integers(1, 999),
    st.booleans(),
    st.none() | st.integers(0, 10**6),
    st.sampled_from([0.1, 0.25, 1.0, 4.0]),
    st.booleans(),
)
def test_a_position_comes_back_as_it_went(
    lane: str, request: int, hold: bool, cursor: int | None, rate: float, playing: bool
) -> None:
    position = Position(Viewpoint(lane, request, hold=hold), cursor, rate=rate, playing=playing)
    query = position_query(position.viewpoint, cursor, rate, playing=playing)
    assert parse_position(dict(parse_qsl(query))) == position


@given(st.dictionaries(st.sampled_from(["lane", "request", "hold", "cursor", "step", "rate", "play"]), st.text()))
def test_no_query_breaks_anything(query: dict[str, str]) -> None:
    position = parse_position(query)
    assert SLOWEST <= position.rate <= FASTEST
    for number in (position.cursor, position.step, position.viewpoint.request):
        assert 0 <= (number or 0) < 10**9


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ""),
        ({"lane": scenes.SYNC, "request": "1"}, ""),
        ({"lane": "<b>nowhere@server"}, "This run has no such lane. It has "),
        ({"request": "0"}, "The request must be a whole number from 1 to 1 in this run."),
        ({"request": "2"}, "The request must be a whole number from 1 to 1 in this run."),
        ({"request": "NaN"}, "The request must be a whole number from 1 to 1 in this run."),
        ({"request": ""}, "The request must be a whole number from 1 to 1 in this run."),
    ],
)
def test_a_pin_that_the_run_does_not_have_is_told(fields: dict[str, str], words: str, timeline: Timeline) -> None:
    assert timeline.live.spec is not None
    told = position_faults(timeline.live.lesson, timeline.live.spec, parse_position(fields))
    assert told.startswith(words)
    assert bool(told) == bool(words)
    assert "<b>" not in told
