"""Playback holds every step, goes forward only, and ends live."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons.stage.playback import HOLD, Mark, Playback

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy

ONE_LANE = [Mark(3, 0.1, "a", 1), Mark(5, 0.2, "a", 2), Mark(9, 1.2, "a", 3)]
TWO_LANES = [Mark(3, 0.1, "a", 1), Mark(4, 0.1, "b", 1), Mark(7, 0.2, "a", 2), Mark(9, 0.3, "b", 2)]


def watch(playback: Playback, marks: Sequence[Mark], end: int) -> list[tuple[float, int]]:
    """When and where the cursor stood, from 0 s on, looked at whenever it moves."""
    now, stands = 0.0, [(0.0, playback.cursor(marks, end, 0.0))]
    while playback.next_at is not None:
        now = playback.next_at
        stands.append((now, playback.cursor(marks, end, now)))
    return stands


def test_live_is_the_last_event() -> None:
    playback = Playback()
    assert playback.cursor(ONE_LANE, 4, 0.0) == 4
    assert playback.cursor(ONE_LANE, 12, 0.0) == 12
    assert playback.next_at is None


def test_holding_stands_still_at_every_mark_and_then_goes_live() -> None:
    stands = watch(Playback(hold=True), ONE_LANE, 12)
    assert stands == [
        (0.0, 3),
        (pytest.approx(HOLD), 5),
        (pytest.approx(2 * HOLD), 9),
        (pytest.approx(3 * HOLD), 12),
    ]


def test_what_lies_before_the_first_mark_is_run_through() -> None:
    assert Playback(hold=True).cursor([], 2, 0.0) == 2


def test_the_same_step_of_two_lanes_shares_a_hold() -> None:
    assert [cursor for _, cursor in watch(Playback(hold=True), TWO_LANES, 9)] == [4, 9]


def test_a_lane_that_comes_late_to_a_step_joins_those_who_stand_there() -> None:
    playback = Playback(hold=True)
    assert playback.cursor(TWO_LANES[:1], 3, 0.0) == 3
    assert playback.cursor(TWO_LANES, 9, 0.01) == 4
    assert playback.next_at == pytest.approx(0.01 + HOLD)


def test_a_lane_never_shares_a_hold_with_itself() -> None:
    again = [Mark(1, 0.0, "a", 1), Mark(2, 0.0, "a", 1)]
    assert [cursor for _, cursor in watch(Playback(hold=True), again, 2)] == [1, 2]


def test_waiting_for_the_run_needs_no_alarm() -> None:
    playback = Playback(hold=True)
    assert playback.cursor(ONE_LANE[:1], 3, 0.1) == 3
    assert playback.next_at is None
    assert playback.cursor(ONE_LANE, 12, 0.3) == 3
    assert playback.next_at == pytest.approx(0.1 + HOLD)


def test_switching_hold_off_is_live_at_once() -> None:
    playback = Playback(hold=True)
    playback.cursor(ONE_LANE, 12, 0.0)
    playback.hold = False
    assert playback.cursor(ONE_LANE, 12, 0.1) == 12
    assert playback.next_at is None


def test_switching_hold_on_holds_what_is_still_to_come() -> None:
    playback = Playback()
    assert playback.cursor(ONE_LANE[:1], 4, 0.1) == 4
    playback.hold = True
    assert playback.cursor(ONE_LANE, 12, 1.3) == 5


def test_who_joins_late_stands_where_the_others_stand() -> None:
    assert Playback(hold=True).join(ONE_LANE, 12, 0.5) == 3
    assert Playback(hold=True).join(ONE_LANE, 12, 0.1 + HOLD + 0.1) == 5
    assert Playback(hold=True).join(ONE_LANE, 12, 100.0) == 12
    joined = Playback(hold=True)
    joined.join(ONE_LANE, 12, 0.5)
    assert joined.next_at == pytest.approx(0.1 + HOLD)


@st.composite
def runs(draw: st.DrawFn) -> tuple[list[Mark], int]:
    """Marks of up to three lanes among other events, and the number of the last event."""
    seq, t, marks = 0, 0.0, []
    steps = dict.fromkeys(draw(st.sampled_from(["a", "ab", "abc"])), 0)
    for lane in draw(st.lists(st.sampled_from(sorted(steps)), max_size=18)):
        seq += draw(st.integers(1, 4))
        t += draw(st.floats(0, 3))
        steps[lane] += 1
        marks.append(Mark(seq, t, lane, steps[lane]))
    return marks, seq + draw(st.integers(0, 3))


# What a viewer does next: time that passes, events that arrive, whether hold is pressed.
LOOKS = st.lists(st.tuples(st.floats(0, 2), st.integers(0, 6), st.booleans()), max_size=40)


def arrived(run: tuple[list[Mark], int], end: int) -> list[Mark]:
    return [mark for mark in run[0] if mark.seq <= end]


@patient
@given(runs(), LOOKS)
def test_the_cursor_never_goes_back_and_never_passes_the_end(
    run: tuple[list[Mark], int], looks: list[tuple[float, int, bool]]
) -> None:
    playback, now, end, before = Playback(hold=True), 0.0, 0, 0
    for passed, came, press in looks:
        now, end = now + passed, min(end + came, run[1])
        playback.hold ^= press
        cursor = playback.cursor(arrived(run, end), end, now)
        assert before <= cursor <= end
        before = cursor


@patient
@given(runs(), LOOKS)
def test_every_mark_gets_its_hold_however_it_is_looked_at(
    run: tuple[list[Mark], int], looks: list[tuple[float, int, bool]]
) -> None:
    playback, now, end, since = Playback(hold=True), 0.0, 0, 0.0
    cursors = [(0.0, 0)]
    for passed, came, _ in looks:
        now, end = now + passed, min(end + came, run[1])
        cursors.append((now, playback.cursor(arrived(run, end), end, now)))
    for (_, before), (now, cursor) in pairwise(cursors):
        passed_by = [mark for mark in run[0] if before < mark.seq <= cursor]
        assert len({mark.step for mark in passed_by}) <= 1, "only marks of one step may stand together"
        assert len({mark.lane for mark in passed_by}) == len(passed_by)
        stood = [mark for mark in run[0] if mark.seq <= before][-1:]
        if cursor > before and stood and not (passed_by and passed_by[0].step == stood[0].step):
            assert now - since >= HOLD - 1e-9
        if passed_by:
            assert cursor == passed_by[-1].seq
            since = now


@patient
@given(runs(), st.floats(0, 60))
def test_holding_always_ends_live(run: tuple[list[Mark], int], now: float) -> None:
    playback = Playback(hold=True)
    cursor = playback.join(*run, now)
    while playback.next_at is not None:
        cursor = playback.cursor(*run, playback.next_at)
    assert cursor == run[1]


@patient
@given(runs(), st.floats(0, 60))
def test_joining_late_equals_having_watched(run: tuple[list[Mark], int], now: float) -> None:
    """A viewer who looked at every arrival and every alarm stands where one stands who joins now."""
    marks, end = run[0], max((mark.seq for mark in run[0] if mark.t <= now), default=0)
    watcher, seen = Playback(hold=True), 0

    def look_until(t: float) -> None:
        while watcher.next_at is not None and watcher.next_at <= t:
            watcher.cursor(arrived(run, seen), seen, watcher.next_at)

    for mark in marks:
        if mark.t <= now:
            look_until(mark.t)
            seen = mark.seq
            watcher.cursor(arrived(run, seen), seen, mark.t)
    look_until(now)
    assert Playback(hold=True).join(arrived(run, end), end, now) == watcher.cursor(arrived(run, end), end, now)
