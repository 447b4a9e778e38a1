"""Execution table and variable tracker: what was measured of one request, step by step."""

from collections.abc import Mapping
from dataclasses import dataclass

from lessons.content.model import Lesson, Step
from lessons.lab.events import Plain
from lessons.stage.model import BLOCK, LaneStage, RequestStage, Span, Stage


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of one request. Times are seconds; None: not there yet."""

    step: Step
    action: str
    began: float | None = None  # since the request was sent
    took: float | None = None  # so far, while it is the current one
    suspended: float = 0.0  # of it, the view had given the event loop back
    blocked: float = 0.0  # of it, the server could not have taken another request
    async_wait: bool = False
    server_block: bool = False
    response_sent: bool = False
    current: bool = False  # the last step that began
    going: bool = False  # it has not ended yet, so its times still grow
    start: float = 0.0  # when it began, since the load did

    @property
    def reached(self) -> bool:
        """Has the step begun?"""
        return self.began is not None


def execution_table(stage: Stage, lane: LaneStage, request: RequestStage) -> tuple[StepRow, ...]:
    """A row per step of the lesson, in order."""
    sample = lane.id.partition("@")[0]
    blocks = lane.blocked(stage.t)
    return tuple(_row(stage, blocks, request, step, sample) for step in stage.lesson.steps)


def _row(stage: Stage, blocks: tuple[Span, ...], request: RequestStage, step: Step, sample: str) -> StepRow:
    action = step.actions.get(sample, step.action)
    began = request.begun[step.number - 1]
    if began is None:
        return StepRow(step, action)
    end = _end(stage, request, step.number)
    suspended = _shared(request.suspended, began, end, stage.t)
    blocked = _shared(blocks, began, end, stage.t)
    return StepRow(
        step,
        action,
        began=began - (request.sent if request.sent is not None else began),
        took=max(0.0, end - began),
        suspended=suspended,
        blocked=blocked,
        async_wait=any(
            began <= span.start <= end or span.overlap(began, end, stage.t) > 0.0 for span in request.suspended
        ),
        server_block=blocked >= BLOCK,
        response_sent=request.response_sent is not None and request.response_sent <= end,
        current=request.step == step.number,
        going=request.step == step.number and request.ended is None,
        start=began - stage.zero,
    )


def _end(stage: Stage, request: RequestStage, number: int) -> float:
    """A step ends where the next one that was reached begins; the last one when the answer has come."""
    later = (t for t in request.begun[number:] if t is not None)
    return next(later, request.ended if request.ended is not None else stage.t)


def _shared(spans: tuple[Span, ...], start: float, end: float, now: float) -> float:
    return sum(span.overlap(start, end, now) for span in spans)


@dataclass(frozen=True, slots=True)
class TrackedVariable:
    """A row of the variable tracker: a value for each moment of the lesson."""

    name: str
    values: tuple[str | None, ...]  # None: the moment has not come yet
    latest: int | None  # index of the newest value


UNSET = "not set yet"


def variable_tracker(lesson: Lesson, request: RequestStage) -> tuple[TrackedVariable, ...]:
    """A row per variable the lesson names, in its order."""
    reached = [index for index, values in enumerate(request.moments) if values is not None]
    latest = max(reached, default=None)
    return tuple(
        TrackedVariable(name, tuple(_value(values, name) for values in request.moments), latest)
        for name in lesson.variables
    )


def _value(values: Mapping[str, Plain] | None, name: str) -> str | None:
    return None if values is None else str(values.get(name, UNSET))


def moment_labels(lesson: Lesson, sample: str) -> tuple[str, ...]:
    """The tracker's column heads, in the words for this sample."""
    return tuple(moment.labels.get(sample, moment.label) for moment in lesson.moments)
