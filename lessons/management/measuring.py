"""One run after another by the lab itself, without a page: what came of it, as a stage."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from lessons.content.model import Lesson
from lessons.lab.events import Event, RunCreated
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.lab.supervisor import Lab
from lessons.stage.fold import fold_events
from lessons.stage.model import Stage


@dataclass
class LessonRuns:
    """Runs of one lesson."""

    lab: Lab
    lesson: Lesson
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    async def run(
        self, lanes: Sequence[str], requests: int, wait: float, workers: int = 1, every: float = 0.0
    ) -> Stage:
        """The stage at the end of a run of these lanes (ids)."""
        return fold_events(self.lesson, await self.events(lanes, requests, wait, workers, every))

    async def events(
        self, lanes: Sequence[str], requests: int, wait: float, workers: int = 1, every: float = 0.0
    ) -> list[Event]:
        """What happened in a run of these lanes, from `run.created` to `run.ended`; not numbered."""
        spec = RunSpec(self.lesson.slug, tuple(map(LaneSpec.parse, lanes)), requests, wait, workers, every)
        events = [Event(0.0, RunCreated(spec.as_data()))]

        async def keep(more: Sequence[Event]) -> None:
            events.extend(more)

        files = {sample.id: sample.path for sample in self.lesson.samples}
        await self.lab.submit(f"{self.lesson.slug}-{next(self._numbers)}", spec, files, keep)
        return events
