"""Playback follows the run, holds every step, and goes where it is told, at the rate it is told."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons.playback.clock import BEAT, HOLD, START, PlaybackClock, Reel, StepMark

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy

MARKS = [StepMark(3, 4, 0.1), StepMark(5, 8, 0.2), StepMark(9, 10, 1.2)]


def reel(marks: Sequence[StepMark], end: int, ended: bool = False) -> Reel:
    """Twelve events and more, a tenth of a second apart."""
    return Reel([each / 10 for each in range(60)], end, marks, ended)


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


@st.composite
def runs(draw: st.DrawFn) -> tuple[list[StepMark], int]:
    """Marks of a request among other events, and the number of the last event."""
    place, t, marks = 0, 0.0, []
    for _ in range(draw(st.integers(0, 8))):
        seq = place + draw(st.integers(1, 4))
        place = seq + draw(st.integers(0, 4))
        t += draw(st.floats(0, 3))
        marks.append(StepMark(seq, place, t))
    return marks, place + draw(st.integers(0, 3))


# What a viewer does next: time that passes, events that arrive.
LOOKS = st.lists(st.tuples(st.floats(0, 2), st.integers(0, 6)), max_size=40)


def known(run: tuple[list[StepMark], int], end: int) -> list[StepMark]:
    return [mark for mark in run[0] if mark.cursor < end or end == run[1]]


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


# Going where one is told


def over(end: int = 30) -> Reel:
    """An ended run of three seconds."""
    return reel(MARKS, end, ended=True)


def at(playback: PlaybackClock, of: Reel, now: float = 0.0) -> int:
    return playback.cursor(of, now)


def test_paused_is_not_live() -> None:
    playback = PlaybackClock()
    at(playback, reel(MARKS, 5))
    playback.pause()
    assert at(playback, reel(MARKS, 12), 9.0) == 5
    assert playback.next_at is None


def test_steps_lead_from_mark_to_mark_and_to_both_ends() -> None:
    playback, places = PlaybackClock(), []
    at(playback, over())
    for _ in range(5):
        playback.step(-1, "step", over())
        places.append(at(playback, over()))
    assert places == [10, 8, 4, START, START]
    for _ in range(5):
        playback.step(1, "step", over())
        places.append(at(playback, over()))
    assert places[5:] == [4, 8, 10, 30, 30]


def test_a_mark_that_may_not_be_shown_yet_is_no_step() -> None:
    playback = PlaybackClock(cursor=4)
    playback.step(1, "step", reel(MARKS, 7))
    assert at(playback, reel(MARKS, 7)) == 7


def test_events_lead_one_by_one_and_stop_at_both_ends() -> None:
    playback, places = PlaybackClock(cursor=2), []
    for by in (-1, -1, -1, 1, 1):
        playback.step(1 if by > 0 else -1, "event", over())
        places.append(at(playback, over()))
    assert places == [1, 1, 1, 2, 3]
    playback.seek(30, over())
    playback.step(1, "event", over())
    assert at(playback, over()) == 30


def test_a_moment_is_the_last_event_that_was_known_then() -> None:
    playback = PlaybackClock()
    for t, cursor in ((0.0, 1), (0.1, 2), (0.19, 2), (0.2, 3), (99.0, 30), (-1.0, START)):
        playback.scrub(t, over())
        assert at(playback, over()) == cursor


def test_events_that_came_late_do_not_turn_time_back() -> None:
    late = Reel([0.0, 0.5, 0.5, 0.5, 0.9], 5, [], ended=True)
    playback = PlaybackClock()
    playback.scrub(0.5, late)
    assert at(playback, late) == 4


# Playing


def played(playback: PlaybackClock, of: Reel, now: float = 0.0) -> list[tuple[float, int]]:
    """When and where the cursor stood, until it moves no more."""
    stands = [(now, playback.cursor(of, now))]
    while playback.next_at is not None:
        now = playback.next_at
        stands.append((now, playback.cursor(of, now)))
    return stands


@pytest.mark.parametrize("rate", [0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 1.7])
def test_a_run_is_played_along_its_true_times(rate: float) -> None:
    playback = PlaybackClock(cursor=1, rate=rate)
    playback.play(over(), 5.0)
    stands = played(playback, over(), 5.0)
    for now, cursor in stands:
        shown = (now - 5.0) * rate
        assert (cursor - 1) / 10 <= shown + 1e-9
        assert cursor / 10 >= shown - BEAT * rate - 1e-9, "it lags behind by a beat at most"
    assert stands[-1][1] == 30
    assert stands[-1][0] == pytest.approx(5.0 + 2.9 / rate, abs=BEAT + 1e-9)


def test_playing_ends_paused_and_starts_over() -> None:
    playback = PlaybackClock(cursor=20)
    playback.play(over(), 0.0)
    assert played(playback, over())[-1][1] == 30
    assert playback.mode == "paused"
    playback.play(over(), 10.0)
    assert at(playback, over(), 10.0) == START
    assert at(playback, over(), 11.0) == 11


def test_a_viewer_at_the_end_of_an_ended_run_plays_it_from_the_start() -> None:
    playback = PlaybackClock()
    assert at(playback, over()) == 30
    playback.play(over(), 0.0)
    assert playback.mode == "playing"
    assert at(playback, over(), 0.0) == START


def test_play_is_nothing_new_to_somebody_live() -> None:
    playback = PlaybackClock()
    at(playback, reel(MARKS, 5))
    playback.play(reel(MARKS, 5), 0.0)
    assert playback.mode == "live"


def test_a_pause_keeps_the_moment_and_play_goes_on_from_it() -> None:
    playback = PlaybackClock(cursor=1)
    playback.play(over(), 0.0)
    assert at(playback, over(), 1.0) == 11
    playback.pause()
    assert at(playback, over(), 50.0) == 11
    playback.play(over(), 60.0)
    assert at(playback, over(), 60.5) == 16


def test_another_rate_goes_on_from_the_moment_that_is_shown() -> None:
    playback = PlaybackClock(cursor=1)
    playback.play(over(), 0.0)
    assert at(playback, over(), 1.0) == 11
    playback.speed(0.5, over(), 1.0)
    assert at(playback, over(), 2.0) == 16


@pytest.mark.parametrize("rate", [0.0, -1.0, 0.09, 4.01, float("nan"), float("inf")])
def test_a_rate_that_is_not_offered_is_refused(rate: float) -> None:
    playback = PlaybackClock(cursor=1, rate=2.0)
    with pytest.raises(ValueError, match=str(rate)):
        playback.speed(rate, over(), 0.0)
    assert playback.rate == 2.0


def test_a_live_viewer_who_slows_down_falls_behind() -> None:
    playback = PlaybackClock()
    assert at(playback, reel([], 11), 1.0) == 11
    playback.speed(0.5, reel([], 11), 1.0)
    assert at(playback, reel([], 11), 1.1) == 11, "and waits for events, without being live again"
    assert at(playback, reel([], 31), 3.0) == 21


def test_who_plays_faster_catches_up_and_is_live() -> None:
    playback = PlaybackClock(cursor=1, rate=4.0)
    playback.play(reel([], 11), 1.0)
    assert at(playback, reel([], 11), 1.1) == 5
    assert at(playback, reel([], 16), 2.0) == 16
    assert (playback.mode, playback.rate) == ("live", 1.0)
    assert at(playback, reel([], 20), 2.1) == 20


def test_a_faster_rate_does_not_make_a_live_viewer_hurry() -> None:
    playback = PlaybackClock()
    at(playback, reel([], 11))
    playback.speed(2.0, reel([], 11), 1.0)
    assert playback.mode == "live"


def test_back_to_live_is_where_the_run_is_whatever_was_held() -> None:
    playback = PlaybackClock(hold=True)
    assert at(playback, reel(MARKS, 12), 0.0) == 4
    playback.live(reel(MARKS, 12))
    assert at(playback, reel(MARKS, 12), 0.1) == 12
    later = [*MARKS, StepMark(14, 15, 1.4)]
    assert at(playback, reel(later, 18), 0.2) == 15, "what comes is held again"


def test_a_played_run_is_held_at_every_step_while_its_clock_stands() -> None:
    playback = PlaybackClock(hold=True, cursor=1)
    playback.play(over(), 0.0)
    stands = played(playback, over())
    stays = [(now, cursor) for now, cursor in stands if cursor in (4, 8, 10)]
    assert [cursor for _, cursor in stays] == [4, 8, 10]
    for mark, (now, cursor) in zip(MARKS, stays, strict=True):
        after = next(later for later, place in stands if place > cursor)
        assert after - now >= HOLD, mark
    assert stands[-1][0] == pytest.approx(2.9 + 3 * HOLD, abs=4 * BEAT)


def test_a_hold_that_is_switched_off_while_playing_goes_on_at_once() -> None:
    playback = PlaybackClock(hold=True, cursor=1)
    playback.play(over(), 0.0)
    assert at(playback, over(), 0.4) == 4
    assert playback.standing
    playback.switch_hold(False, over(), 0.5)
    assert at(playback, over(), 0.6) == 5


def test_switching_hold_moves_nobody_who_is_paused() -> None:
    playback = PlaybackClock(cursor=9)
    playback.switch_hold(True, over(), 0.0)
    assert at(playback, over()) == 9
    assert playback.mode == "paused"


def test_a_shorter_history_keeps_the_cursor_within_it() -> None:
    playback = PlaybackClock(cursor=25)
    assert at(playback, over()) == 25
    assert at(playback, over(7)) == 7


COMMANDS = st.one_of(
    st.tuples(st.just("step"), st.sampled_from([(by, unit) for by in (1, -1) for unit in ("step", "event")])),
    st.tuples(st.just("seek"), st.integers(-5, 90)),
    st.tuples(st.just("scrub"), st.floats(-1, 9)),
    st.tuples(st.just("speed"), st.floats(0.1, 4)),
    st.tuples(st.just("hold"), st.booleans()),
    st.tuples(st.sampled_from(["play", "pause", "live"]), st.none()),
)


def told(playback: PlaybackClock, command: tuple[str, object], of: Reel, now: float) -> None:  # noqa: C901  (flat)
    match command:
        case "step", (by, unit):
            playback.step(by, unit, of)  # type: ignore[arg-type]
        case "seek", int(to):
            playback.seek(to, of)
        case "scrub", float(t):
            playback.scrub(t, of)
        case "speed", float(rate):
            playback.speed(rate, of, now)
        case "hold", bool(on):
            playback.switch_hold(on, of, now)
        case "play", _:
            playback.play(of, now)
        case "pause", _:
            playback.pause()
        case "live", _:
            playback.live(of)


@patient
@given(runs(), st.lists(st.tuples(COMMANDS, st.floats(0, 2), st.integers(0, 6)), max_size=30))
def test_whatever_is_said_the_cursor_is_in_the_run_and_the_next_move_is_ahead(
    run: tuple[list[StepMark], int], walk: list[tuple[tuple[str, object], float, int]]
) -> None:
    playback, now, end = PlaybackClock(), 0.0, 1
    for command, passed, came in walk:
        now, end = now + passed, min(end + came, max(1, run[1]))
        of = reel(known(run, end), end, ended=end == run[1])
        playback.cursor(of, now)
        told(playback, command, of, now)
        cursor = playback.cursor(of, now)
        assert START <= cursor <= end
        assert playback.next_at is None or playback.next_at >= now - 1e-9
        if playback.mode == "live" and not playback.hold:
            assert cursor == end


@patient
@given(runs(), st.integers(1, 40), st.sampled_from([0.1, 0.5, 1.0, 4.0]), st.booleans())
def test_playing_always_comes_to_the_end(run: tuple[list[StepMark], int], start: int, rate: float, hold: bool) -> None:
    of = reel(run[0], max(1, run[1]), ended=True)
    playback = PlaybackClock(hold, min(start, of.end), rate)
    playback.play(of, 0.0)
    cursors = [cursor for _, cursor in played(playback, of)]
    assert cursors == sorted(cursors)
    assert cursors[-1] == of.end
    assert playback.mode == "paused"
