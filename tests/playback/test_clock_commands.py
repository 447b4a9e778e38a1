"""Playback goes where it is told, at the rate it is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.playback.clock import BEAT, HOLD, START, PlaybackClock, Reel, StepMark
from tests.playback.reels import MARKS, at, known, over, patient, reel, runs


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
