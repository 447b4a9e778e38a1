"""A run on a terminal: a bar per lane while it happens, then totals and the execution table."""

from collections import Counter
from collections.abc import Sequence
from typing import IO

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from lessons.content.model import Lesson
from lessons.lab.events import Event
from lessons.stage import fold, narration, wording
from lessons.stage.model import LaneStage, RequestStage, Stage
from lessons.stage.steps import StepRow, execution_table

PINNED = 1  # number of the request whose steps are shown


class Screen:
    """Shows a run's events as they come. Without a terminal only the end is printed."""

    def __init__(self, lesson: Lesson, out: IO[str]) -> None:
        self._stage = fold.empty_stage(lesson)
        self._console = Console(file=out)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[clock]}"),
            TextColumn("{task.fields[tally]}", style="dim"),
            console=self._console,
            auto_refresh=False,
            disable=not self._console.is_terminal,
        )
        self._bars: dict[str, TaskID] = {}

    def show(self, events: Sequence[Event]) -> None:
        """Take the next events of the run."""
        for event in events:
            self._stage = fold.apply_event(self._stage, event)
        if not self._bars:
            self._begin()
        for lane in self._stage.lanes:
            self._move(lane)
        self._progress.refresh()
        if self._stage.ended:
            self._finish()

    def _begin(self) -> None:
        self._progress.start()
        for lane in self._stage.lanes:
            name = f"{self._stage.lesson.lane(lane.id).name} [dim]{lane.id}[/]"
            self._bars[lane.id] = self._progress.add_task(name, total=len(lane.requests), clock="", tally="")

    def _move(self, lane: LaneStage) -> None:
        ended = sum(request.ended is not None for request in lane.requests)
        self._progress.update(
            self._bars[lane.id], completed=ended, clock=_clock(self._stage, lane), tally=narration.state_tally(lane)
        )

    def _finish(self) -> None:
        self._progress.stop()
        self._console.print(_totals(self._stage))
        for sentence in (narration.race_verdict(self._stage), narration.run_situation(self._stage)):
            if sentence:
                self._console.print(sentence)
        for lane in self._stage.lanes:
            self._console.print(_execution(self._stage, lane, lane.requests[PINNED - 1]))


def _clock(stage: Stage, lane: LaneStage) -> str:
    if lane.total is not None:
        return wording.seconds_text(lane.total)
    return "" if lane.sent is None else wording.seconds_text(max(0.0, stage.t - lane.sent))


def _totals(stage: Stage) -> Table:
    totals = Table("Lane", "Server", "Capacity", box=box.SIMPLE_HEAD, padding=0, title="Totals", title_justify="left")
    ends = [end for end in ("done", "failed", "cancelled") if end != "cancelled" or stage.outcome == "cancelled"]
    for name in (*ends, "total"):
        totals.add_column(name.capitalize(), justify="right")
    for lane in stage.lanes:
        states = Counter[str](request.state for request in lane.requests)
        totals.add_row(
            stage.lesson.lane(lane.id).name,
            f"{lane.server} {lane.version}",
            narration.server_capacity(stage, lane),
            *(str(states[end]) for end in ends),
            wording.seconds_text(lane.total),
        )
    return totals


def _execution(stage: Stage, lane: LaneStage, request: RequestStage) -> Table:
    name = stage.lesson.lane(lane.id).name
    title = f"Execution table: {name}, request #{request.number}"
    steps = Table("#", box=box.SIMPLE_HEAD, padding=0, title=title, title_justify="left")  # fits 80 columns
    steps.add_column("Action", no_wrap=True)
    for title in ("At ms", "Took ms"):
        steps.add_column(title, justify="right", no_wrap=True)
    for title in ("Async wait", "Server block", "Response sent"):
        steps.add_column(title, no_wrap=title != "Response sent")
    for row in execution_table(stage, lane, request):
        steps.add_row(*_cells(row))
    return steps


def _cells(row: StepRow) -> tuple[str, ...]:
    head = str(row.step.number), row.action
    if not row.reached:
        return (*head, "–", "–", "–", "–", "–")
    return (
        *head,
        wording.milliseconds_text(row.began),
        wording.milliseconds_text(row.took),
        f"Yes ({wording.span_text(row.suspended)})" if row.async_wait else "No",
        f"Yes ({wording.span_text(row.blocked)})" if row.server_block else "No",
        "Yes" if row.response_sent else "No",
    )
