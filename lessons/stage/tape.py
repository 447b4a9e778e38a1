"""The events of one run with the stage at each of them."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence

from lessons.content.model import Lesson
from lessons.lab.events import Event
from lessons.stage.fold import apply, empty
from lessons.stage.model import Stage
from lessons.stage.playback import Mark

EVERY = 256  # events between two stages that are kept for good
RECENT = 64  # stages kept besides them; one cursor then always gives the same stage, not only an equal one


class Tape:
    """Grows at its end and can be looked at anywhere. Events are numbered densely from 1."""

    def __init__(self, lesson: Lesson) -> None:
        self.live = empty(lesson)
        self._steps = {step.on: step.number for step in lesson.steps}
        self._events: list[Event] = []
        self._kept = [self.live]
        self._recent: OrderedDict[int, Stage] = OrderedDict()
        self._marks: dict[int, list[Mark]] = {}
        self._begun: set[tuple[str, int, int]] = set()

    @property
    def end(self) -> int:
        """The number of the last event; 0: there is none."""
        return len(self._events)

    def add(self, events: Iterable[Event]) -> None:
        """Append events that follow on the last one."""
        for event in events:
            self._events.append(event)
            self.live = apply(self.live, event)
            if self.end % EVERY == 0:
                self._kept.append(self.live)
            self._mark(event)

    def stage(self, cursor: int) -> Stage:
        """The stage after the event numbered `cursor`; 0 is the empty stage."""
        if (found := self._recent.get(cursor)) is None:
            found = self.live if cursor >= self.end else self._folded(cursor)
            self._recent[cursor] = found
        self._recent.move_to_end(cursor)
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        return found

    def marks(self, request: int) -> Sequence[Mark]:
        """Where the steps of this request begin, in every lane, in the order of the log."""
        return self._marks.get(request, ())

    def _folded(self, cursor: int) -> Stage:
        near = max((at for at in self._recent if at <= cursor), default=0)
        kept = cursor - cursor % EVERY
        at, stage = (near, self._recent[near]) if near > kept else (kept, self._kept[kept // EVERY])
        for event in self._events[at:cursor]:
            stage = apply(stage, event)
        return stage

    def _mark(self, event: Event) -> None:
        step = self._steps.get(event.kind)
        place = (event.lane, event.request, step or 0)
        if step and event.request and place not in self._begun:
            self._begun.add(place)
            self._marks.setdefault(event.request, []).append(Mark(event.seq, event.t, event.lane, step))
