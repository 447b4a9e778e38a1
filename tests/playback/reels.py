"""Runs as playback sees them: times of events, marks of steps, an end."""

from collections.abc import Sequence

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from lessons.playback.clock import PlaybackClock, Reel, StepMark

patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy

MARKS = [StepMark(3, 4, 0.1), StepMark(5, 8, 0.2), StepMark(9, 10, 1.2)]


def reel(marks: Sequence[StepMark], end: int, ended: bool = False) -> Reel:
    """Twelve events and more, a tenth of a second apart."""
    return Reel([each / 10 for each in range(60)], end, marks, ended)


def over(end: int = 30) -> Reel:
    """An ended run of three seconds."""
    return reel(MARKS, end, ended=True)


def at(playback: PlaybackClock, of: Reel, now: float = 0.0) -> int:
    return playback.cursor(of, now)


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


def known(run: tuple[list[StepMark], int], end: int) -> list[StepMark]:
    return [mark for mark in run[0] if mark.cursor < end or end == run[1]]
