"""Who may go at once, who is next, and how long the others wait."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.lab.admission import OVERHEAD, Job, Room, expected_job, expected_waits, next_to_begin, turn_order
from tests.lab.watching import a_spec

WIDE = Room(100, 100.0)
JOBS = st.lists(
    st.builds(
        Job, st.sampled_from(["", "ann", "bob", "cy"]), st.integers(0, 3), st.floats(0.1, 30), st.floats(0.01, 3)
    ),
    max_size=12,
)
ROOMS = st.builds(Room, st.integers(1, 5), st.floats(0.1, 4))


def job(owner: str = "", turn: int = 0, seconds: float = 1.0, load: float = 1.0) -> Job:
    return Job(owner, turn, seconds, load)


def test_as_many_go_as_there_is_room_for() -> None:
    waiting = [job() for _ in range(5)]
    assert next_to_begin([], waiting, WIDE) == [0, 1, 2, 3, 4]
    assert next_to_begin([], waiting, Room(3, 100.0)) == [0, 1, 2]
    assert next_to_begin([job()], waiting, Room(100, 3.5)) == [0, 1]


def test_what_is_larger_than_the_machine_goes_alone() -> None:
    large = job(load=50.0)
    assert next_to_begin([], [large, job()], Room(16, 2.0)) == [0]
    assert next_to_begin([job()], [large, job()], Room(16, 2.0)) == [], "nor is it overtaken"


def test_an_owner_who_has_a_run_going_is_passed_over() -> None:
    assert next_to_begin([job("ann")], [job("ann"), job("bob"), job("bob")], WIDE) == [1]


def test_lower_turns_go_first_and_of_one_turn_who_came_first() -> None:
    assert turn_order([job(turn=1), job(turn=0), job(turn=1), job(turn=0)]) == [1, 3, 0, 2]


def test_a_large_run_keeps_more_of_the_machine_busy() -> None:
    loads = [
        expected_job("", 0, spec, seconds).load
        for spec, seconds in (
            (a_spec("async@daphne", requests=10), 1.0),
            (a_spec("async@daphne", requests=100), 1.0),
            (a_spec("async@daphne", "sync@daphne", requests=100), 1.0),
        )
    ]
    assert all(one < other for one, other in pairwise(loads))
    assert expected_job("", 0, a_spec("async@daphne"), 10.0).seconds == 10.0 + OVERHEAD


@pytest.mark.parametrize(
    ("going", "waiting", "waits"),
    [
        ([], [], []),
        ([job(seconds=4)], [job(seconds=2), job(seconds=3)], [4, 6]),
        ([job(seconds=4)], [job(turn=1, seconds=2), job(seconds=3)], [7, 4]),
        ([job(seconds=0)], [job()], [0]),
    ],
    ids=["nobody", "one after another", "in turn", "due"],
)
def test_the_time_until_ones_turn(going: Sequence[Job], waiting: Sequence[Job], waits: Sequence[float]) -> None:
    assert expected_waits(going, waiting, Room(1, 1.0)) == waits


def test_an_owners_second_run_waits_for_the_first_though_there_is_room() -> None:
    assert expected_waits([job("ann", seconds=9)], [job("ann"), job("bob")], WIDE) == [9, 0]


@given(JOBS, JOBS, ROOMS)
def test_everybodys_turn_comes_and_nobody_waits_for_less_than_nothing(
    going: list[Job], waiting: list[Job], room: Room
) -> None:
    waits = expected_waits(going, waiting, room)
    assert len(waits) == len(waiting)
    assert all(0 <= wait <= sum(each.seconds for each in (*going, *waiting)) for wait in waits)
    for at in next_to_begin(going, waiting, room):
        assert waits[at] == 0


@given(JOBS, ROOMS)
def test_what_begins_has_room_and_an_owner_one_run(waiting: list[Job], room: Room) -> None:
    begun = [waiting[at] for at in next_to_begin([], waiting, room)]
    owners = [each.owner for each in begun if each.owner]
    assert len(set(owners)) == len(owners)
    assert len(begun) <= 1 or (len(begun) <= room.runs and sum(each.load for each in begun) <= room.load + 1e-9)
    assert bool(begun) == bool(waiting)
