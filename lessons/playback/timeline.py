"""The events of one run with the stage at each of them."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Self

from lessons.content.model import Lesson
from lessons.lab.events import Event
from lessons.playback.clock import FACTS, StepMark
from lessons.stage.facts import RunFacts
from lessons.stage.fold import apply_event, empty_stage, startable_steps
from lessons.stage.model import Stage

EVERY = 256  # events between two stages that are kept for good
RECENT = 64  # stages kept besides them; one cursor then always gives the same stage, not only an equal one


class Timeline:
    """Grows at its end and can be looked at anywhere. Events are numbered densely from 1."""

    def __init__(self, lesson: Lesson) -> None:
        self.live = empty_stage(lesson)
        self._events: list[Event] = []
        self._kept = [self.live]
        self._recent: OrderedDict[int, Stage] = OrderedDict()
        self.facts = RunFacts(lesson)
        self._times: list[float] = []  # the latest time any event up to this one told
        self._begun: dict[tuple[str, int], dict[int, int]] = {}  # lane, request -> step -> the event that began it

    @classmethod
    def of(cls, lesson: Lesson, events: Iterable[Event]) -> Self:
        """A timeline with these events."""
        timeline = cls(lesson)
        timeline.add(events)
        return timeline

    @property
    def end(self) -> int:
        """The number of the last event; 0: there is none."""
        return len(self._events)

    @property
    def times(self) -> Sequence[float]:
        """For each event the latest time any event up to it told: seconds since the run began, rising."""
        return self._times

    @property
    def load_start(self) -> int:
        """The number of the event with which the load begins; before it, of the first one."""
        return bisect_left(self._times, self.live.zero) + 1 if self.live.zero else 1

    @property
    def telling(self) -> int:
        """The number of the event at which a still picture tells most: half way through the quickest lane."""
        first = min((lane.total for lane in self.live.lanes if lane.total), default=0.0)
        return max(1, bisect_left(self._times, self.live.zero + first / 2))

    def add(self, events: Iterable[Event]) -> None:
        """Append events that follow on the last one."""
        for event in events:
            self._events.append(event)
            self._times.append(max(event.t, self._times[-1] if self._times else 0.0))
            before, self.live = self.live, apply_event(self.live, event)
            if self.live.ended:
                self._recent.clear()  # they were of a run under way
            self.facts.add(before, self.live, event.t)
            if self.end % EVERY == 0:
                self._kept.append(self.live)
            self._note(event)

    def stage(self, cursor: int) -> Stage:
        """The stage after the event numbered `cursor`; 0 is the empty stage."""
        if (found := self._recent.get(cursor)) is None:
            found = self.live if cursor >= self.end else self._past(self._folded(cursor))
            self._recent[cursor] = found
        self._recent.move_to_end(cursor)
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        return found

    def marks(self, lane: str, request: int) -> Sequence[StepMark]:
        """The steps of this request whose place is known, in the order of the log."""
        begun = sorted((seq, step) for step, seq in self._begun.get((lane, request), {}).items())
        found = (
            self._mark(seq, step, then) for (seq, step), (then, _) in zip_longest(begun, begun[1:], fillvalue=(0, 0))
        )
        return [mark for mark in found if mark]

    def _mark(self, seq: int, step: int, then: int) -> StepMark | None:
        """The mark of a step that `seq` began, where the next one, if it has begun, did so with `then`."""
        known = bisect_left(self._times, self._times[seq - 1] + FACTS, lo=seq - 1) + 1
        known = min(known, then or known)
        if known <= self.end:
            return StepMark(seq, known - 1, self._times[known - 1], step)
        return StepMark(seq, self.end, self._times[-1], step) if self.live.ended else None

    def _past(self, stage: Stage) -> Stage:
        """Once the run has ended, what was learnt later about earlier is told from its beginning on."""
        if not self.live.ended:
            return stage
        late = {(lane.id, span.start) for lane in self.live.lanes for span in lane.blocked(self.live.t)}
        lanes = (lane._replace(late=(lane.id, lane.probe) in late) for lane in stage.lanes)
        return stage._replace(past=True, lanes=tuple(lanes))

    def _folded(self, cursor: int) -> Stage:
        near = max((at for at in self._recent if at <= cursor), default=0)
        kept = cursor - cursor % EVERY
        at, stage = (near, self._recent[near]) if near > kept else (kept, self._kept[kept // EVERY])
        for event in self._events[at:cursor]:
            stage = apply_event(stage, event)
        return stage

    def _note(self, event: Event) -> None:
        steps = startable_steps(self.live.lesson, event) if event.request else ()
        if steps:
            begun = self._begun.setdefault((event.lane, event.request), {})
            if step := next((at + 1 for at in steps if at + 1 not in begun), 0):
                begun[step] = event.seq
