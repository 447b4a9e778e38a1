"""A place in a run is named by a query, and comes back as it went."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.stage.place import NotInRun, Place, amiss, asked, moment, query, returned, token
from lessons.stage.render import Viewpoint
from lessons.stage.tape import Tape
from tests.stage import scenes

MANY = "place." + urlsafe_b64encode(b"a=1&" * 99).decode()


@pytest.fixture(scope="module")
def tape() -> Tape:
    return Tape.of(scenes.lesson(), scenes.one_each())


def test_nothing_is_asked_for() -> None:
    assert asked({}) == Place()


@pytest.mark.parametrize("cursor", ["", "-1", "1.5", "x", "1e3", "²", "9" * 10, " 1", "<script>"])
def test_a_cursor_that_is_no_number_is_told(cursor: str, tape: Tape) -> None:
    place = asked({"lane": scenes.SYNC, "cursor": cursor})
    assert place.viewpoint.lane == scenes.SYNC
    with pytest.raises(NotInRun, match="The cursor must be a whole number"):
        moment(tape, tape.end, place)


def test_a_cursor_that_the_run_does_not_have_is_told(tape: Tape) -> None:
    assert moment(tape, tape.end, Place(cursor=tape.end)) == tape.end
    with pytest.raises(NotInRun, match=f"no event {tape.end + 1}; it has events 1 to {tape.end}"):
        moment(tape, tape.end, Place(cursor=tape.end + 1))
    with pytest.raises(NotInRun, match="it has events 1 to 5"):
        moment(tape, 5, Place(cursor=6))


def test_a_step_is_the_moment_at_which_its_facts_are_known(tape: Tape) -> None:
    for mark in tape.marks(scenes.SYNC, 1):
        place = asked({"lane": scenes.SYNC, "request": "1", "step": str(mark.step)})
        assert moment(tape, tape.end, place) == mark.place
    with pytest.raises(NotInRun, match="Request #1 has no step 7 in this run"):
        moment(tape, tape.end, Place(step=7))
    with pytest.raises(NotInRun, match="no step 6"):
        moment(tape, 20, Place(step=6))


@pytest.mark.parametrize("rate", ["0", "9", "nan", "-1", "1e0", ""])
def test_a_rate_that_is_not_offered_is_as_if_it_were_not_asked_for(rate: str) -> None:
    assert asked({"rate": rate}).rate == 1.0


@given(
    st.text("abcz_@-", min_size=1),
    st.integers(1, 999),
    st.booleans(),
    st.none() | st.integers(0, 10**6),
    st.sampled_from([0.1, 0.25, 1.0, 4.0]),
)
def test_a_place_comes_back_as_it_went(lane: str, request: int, hold: bool, cursor: int | None, rate: float) -> None:
    place = Place(Viewpoint(lane, request, hold=hold), cursor, rate=rate)
    assert returned(token(place.viewpoint, cursor, rate)) == place
    assert "&" in query(place.viewpoint, cursor, rate)


@pytest.mark.parametrize(
    "text",
    ["", "place", "graphql-ws", "place.!", "place.a", "place." + "a" * 2000, "place._w", MANY],
)
def test_what_names_no_place_is_none(text: str) -> None:
    assert returned(text) is None


@given(st.text())
def test_no_subprotocol_breaks_anything(text: str) -> None:
    returned(text)
    returned("place." + text)


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
def test_a_pin_that_the_run_does_not_have_is_told(fields: dict[str, str], words: str, tape: Tape) -> None:
    assert tape.live.spec is not None
    told = amiss(tape.live.lesson, tape.live.spec, asked(fields))
    assert told.startswith(words)
    assert bool(told) == bool(words)
    assert "<b>" not in told
