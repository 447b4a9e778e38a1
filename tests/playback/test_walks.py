"""However a run is walked, what is seen at a place is the fold of the events up to it."""

from contextlib import suppress
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.lab.events import Event
from lessons.playback.hub import Hub, Hubs
from lessons.playback.position import NotInRun
from lessons.playback.timeline import Timeline
from lessons.playback.viewer import Viewer
from lessons.stage.fold import apply_event, fold_events
from lessons.stage.model import Stage
from lessons.stage.viewpoint import Viewpoint
from tests.playback.watched import Watched
from tests.stage import scenes

patient = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@cache
def real() -> tuple[Lesson, tuple[Event, ...]]:
    """A run that was recorded."""
    lesson = scenes.lesson()
    return lesson, catalogue.recorded_events(lesson)


@cache
def folded(cursor: int) -> Stage:
    """The stage at this place of the run."""
    lesson, events = real()
    stage = fold_events(lesson, events[:cursor])
    if cursor >= len(events):
        return stage
    late = {(lane.id, span.start) for lane in fold_events(lesson, events).lanes for span in lane.blocks}
    lanes = tuple(lane._replace(late=(lane.id, lane.probe) in late) for lane in stage.lanes)
    return stage._replace(past=True, lanes=lanes)


@patient
@given(st.data())
def test_a_prefix_and_then_the_rest_is_all(data: st.DataObject) -> None:
    lesson, events = real()
    cut = data.draw(st.integers(0, len(events)))
    stage = fold_events(lesson, events[:cut])
    for event in events[cut:]:
        stage = apply_event(stage, event)
    assert stage == folded(len(events))


@patient
@given(st.lists(st.integers(0, 616), max_size=20), st.integers(1, 300))
def test_the_tape_gives_the_same_stage_however_it_was_filled_and_looked_at(looks: list[int], batch: int) -> None:
    lesson, events = real()
    timeline = Timeline(lesson)
    for start in range(0, len(events), batch):
        timeline.add(events[start : start + batch])
        timeline.stage(start)
    for cursor in looks:
        assert timeline.stage(cursor) == folded(cursor)


# A walk: what one of several viewers says, or time that passes.
LANES = (scenes.SYNC, scenes.ASYNC, "nobody@daphne")
SAYINGS = st.one_of(
    st.tuples(st.just("step"), st.sampled_from([1, -1]), st.sampled_from(["step", "event"])),
    st.tuples(st.just("seek"), st.integers(0, 700)),
    st.tuples(st.just("scrub"), st.floats(0, 12)),
    st.tuples(st.just("speed"), st.floats(0.1, 4)),
    st.tuples(st.just("hold"), st.booleans()),
    st.tuples(st.just("pin"), st.sampled_from(LANES), st.integers(0, 12)),
    st.tuples(st.just("show"), st.sampled_from(LANES), st.integers(1, 10), st.integers(0, 7)),
    st.tuples(st.sampled_from(["play", "pause", "live"])),
)
WALKS = st.lists(st.tuples(st.integers(0, 2), SAYINGS, st.floats(0, 3)), max_size=25)


class Walked(Watched):
    """A run whose regions are its stage itself."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[int, Stage] = {}
        self.hubs = Hubs(self.log, lambda spec: scenes.lesson(), lambda: self._see)

    def _see(self, stage: Stage, viewpoint: Viewpoint) -> dict[str, str]:
        self.seen[stage.seq] = stage
        return {"stage": f"<p id=stage>{stage.seq} {viewpoint}</p>"}


def said(viewer: Viewer, saying: tuple[object, ...]) -> None:
    name, *arguments = saying
    with suppress(NotInRun):  # then nothing has moved, as the walk goes on to show
        getattr(viewer, str(name))(*arguments)


def alone(hub: Hub, viewpoint: Viewpoint, cursor: int) -> dict[str, str]:
    """What somebody sees who goes there directly."""
    stage = folded(cursor)
    assert hub.timeline.stage(cursor) == stage
    return {"stage": f"<p id=stage>{stage.seq} {viewpoint}</p>"}


@patient
@given(WALKS)
async def test_every_walk_of_three_viewers_shows_each_of_them_what_is_there(
    walk: list[tuple[int, tuple[object, ...], float]],
) -> None:
    walked = Walked()
    await walked.log.create("run")
    await walked.log.append("run", real()[1])
    async with walked.hub() as hub:
        now = 0.0
        hub.now = lambda: now  # type: ignore[method-assign]
        viewers = [Viewer(hub, Viewpoint()) for _ in range(3)]
        standing = [viewer._look().cursor for viewer in viewers]
        for who, saying, passed in walk:
            said(viewers[who], saying)
            for number, viewer in enumerate(viewers):
                view = viewer._look()
                if number != who:
                    assert view.cursor == standing[number], "nobody else has moved"
                assert view.regions == alone(hub, viewer._viewpoint, view.cursor)
            now += passed
            standing = [viewer._look().cursor for viewer in viewers]
    await walked.log.close()
