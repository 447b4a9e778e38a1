"""Playback follows the run, and holds every step."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.playback.clock import HOLD, PlaybackClock, StepMark
from tests.playback.reels import MARKS, known, patient, reel, runs


def watch(playback: PlaybackClock, marks: Sequence[StepMark], end: int) -> list[tuple[float, int]]:
    """When and where the cursor stood, from 0 s on, looked at whenever it moves."""
    stands = [(0.0, playback.cursor(reel(marks, end), 0.0))]
    while playback.next_at is not None:
        now = playback.next_at
        stands.append((now, playback.cursor(reel(marks, end), now)))
    return stands


def test_live_is_the_last_event() -> None:
    playback = PlaybackClock()
    assert playback.cursor(reel(MARKS, 4), 0.0) == 4
    assert playback.cursor(reel(MARKS, 12), 0.0) == 12
    assert playback.next_at is None


def test_holding_stands_still_at_every_mark_and_then_goes_live() -> None:
    stands = watch(PlaybackClock(hold=True), MARKS, 12)
    assert stands == [
        (0.0, 4),
        (pytest.approx(HOLD), 8),
        (pytest.approx(2 * HOLD), 10),
        (pytest.approx(3 * HOLD), 12),
    ]


def test_what_lies_before_the_first_mark_is_run_through() -> None:
    assert PlaybackClock(hold=True).cursor(reel([], 2), 0.0) == 2


def test_a_place_that_is_already_shown_is_held_all_the_same() -> None:
    playback = PlaybackClock(hold=True)
    assert playback.cursor(reel([], 4), 0.0) == 4
    assert playback.cursor(reel(MARKS[:1], 5), 0.1) == 4
    assert playback.next_at == pytest.approx(0.1 + HOLD)


def test_waiting_for_the_run_needs_no_alarm() -> None:
    playback = PlaybackClock(hold=True)
    assert playback.cursor(reel(MARKS[:1], 4), 0.1) == 4
    assert playback.next_at is None
    assert playback.cursor(reel(MARKS, 12), 0.3) == 4
    assert playback.next_at == pytest.approx(0.1 + HOLD)


def test_switching_hold_off_is_live_at_once() -> None:
    playback = PlaybackClock(hold=True)
    playback.cursor(reel(MARKS, 12), 0.0)
    playback.switch_hold(False, reel(MARKS, 12), 0.1)
    assert playback.cursor(reel(MARKS, 12), 0.1) == 12
    assert playback.next_at is None


def test_switching_hold_on_starts_from_the_first_step() -> None:
    playback = PlaybackClock()
    assert playback.cursor(reel(MARKS, 12), 5.0) == 12
    playback.switch_hold(True, reel(MARKS, 12), 6.0)
    assert playback.cursor(reel(MARKS, 12), 6.0) == 4
    playback.switch_hold(True, reel(MARKS, 12), 6.0)  # is on already
    assert playback.cursor(reel(MARKS, 12), 6.0 + HOLD) == 8


def test_another_pinned_request_is_held_from_where_the_viewer_is() -> None:
    playback = PlaybackClock(hold=True)
    assert playback.cursor(reel(MARKS, 12), 0.0) == 4
    other = [StepMark(1, 2, 0.0), StepMark(6, 7, 0.3)]
    assert playback.cursor(reel(other, 12), HOLD) == 7


def test_who_joins_late_stands_where_the_others_stand() -> None:
    assert PlaybackClock(hold=True).join(reel(MARKS, 12), 0.5) == 4
    assert PlaybackClock(hold=True).join(reel(MARKS, 12), 0.1 + HOLD + 0.1) == 8
    assert PlaybackClock(hold=True).join(reel(MARKS, 12), 100.0) == 12
    joined = PlaybackClock(hold=True)
    joined.join(reel(MARKS, 12), 0.5)
    assert joined.next_at == pytest.approx(0.1 + HOLD)


# What a viewer does next: time that passes, events that arrive.
LOOKS = st.lists(st.tuples(st.floats(0, 2), st.integers(0, 6)), max_size=40)


@patient
@given(runs(), LOOKS)
def test_the_cursor_never_goes_back_and_never_passes_the_end(
    run: tuple[list[StepMark], int], looks: list[tuple[float, int]]
) -> None:
    playback, now, end, before = PlaybackClock(hold=True), 0.0, 0, 0
    for passed, came in looks:
        now, end = now + passed, min(end + came, run[1])
        cursor = playback.cursor(reel(known(run, end), end), now)
        assert before <= cursor <= end
        before = cursor


@patient
@given(runs(), LOOKS)
def test_every_mark_gets_its_hold_however_it_is_looked_at(
    run: tuple[list[StepMark], int], looks: list[tuple[float, int]]
) -> None:
    playback, now, end = PlaybackClock(hold=True), 0.0, 0
    stood = []
    for passed, came in [*looks, (0.0, run[1]), *[(HOLD, 0)] * (len(run[0]) + 1)]:
        now, end = now + passed, min(end + came, run[1])
        stood.append((now, playback.cursor(reel(known(run, end), end), now)))
    for mark in run[0]:
        times = [now for now, cursor in stood if cursor == mark.cursor]
        assert times, "every mark is looked at"
    left = [(now, cursor, before) for (_, before), (now, cursor) in pairwise(stood) if cursor > before]
    for (earlier, cursor, _), (later, _, before) in pairwise(left):
        if before == cursor and any(mark.cursor == cursor for mark in run[0]):
            assert later - earlier >= HOLD - 1e-6


@patient
@given(runs(), st.floats(0, 60))
def test_holding_always_ends_live(run: tuple[list[StepMark], int], now: float) -> None:
    playback = PlaybackClock(hold=True)
    cursor = playback.join(reel(*run), now)
    while playback.next_at is not None:
        cursor = playback.cursor(reel(*run), playback.next_at)
    assert cursor == run[1]
