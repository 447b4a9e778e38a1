"""What the log and the metrics say of a run: a line when it has ended, a warning for each process that died."""

import logging
import time
from collections.abc import Iterable

from lessons import metrics
from lessons.lab.events import Event, LaneDied, LaneDone, LaneScheduled, LaneStarted, ProcessDied, RunEnded, RunStarted
from lessons.lab.spec import RunSpec
from lessons.stage.disturbance import spoilt_part

log = logging.getLogger(__name__)


class RunAccount:
    """Of one run of this process, from its creation on."""

    def __init__(self, run: str, spec: RunSpec) -> None:
        self._run = run
        self._spec = spec
        self._created = time.monotonic()
        self._waited: float | None = None  # seconds in the queue
        self._scheduled: dict[str, LaneScheduled] = {}
        self._spoilt = 0.0  # the largest part of a lane's total that may be the machine's

    def hear(self, events: Iterable[Event]) -> None:
        """Take in what the lab tells of the run, in order, each event once."""
        for event in events:
            metrics.EVENTS.inc()
            self._hear_of_run(event)
            self._hear_of_lane(event)

    def _hear_of_run(self, event: Event) -> None:
        match event.body:
            case RunStarted():
                self._waited = time.monotonic() - self._created
                metrics.QUEUE_SECONDS.observe(self._waited)
            case ProcessDied(process=process, exit_code=code):
                self._mourn(f"{process} process", process, code)
            case RunEnded() as ended:
                self._close(ended, event.t)

    def _hear_of_lane(self, event: Event) -> None:
        match event.body:
            case LaneStarted(server=server):
                metrics.SERVER_STARTS.labels(server).inc()
            case LaneScheduled() as scheduled:
                self._scheduled[event.lane] = scheduled
            case LaneDone(total=total) if had := self._scheduled.get(event.lane):
                self._spoilt = max(self._spoilt, spoilt_part(total, had.ran, had.waited))
            case LaneDied(exit_code=code):
                self._mourn(f"server process of {event.lane}", event.lane.rpartition("@")[2], code)

    def _mourn(self, name: str, process: str, code: int) -> None:
        metrics.PROCESS_DEATHS.labels(process).inc()
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        log.warning("Run %s: the %s died (%s).", self._run, name, how)

    def _close(self, ended: RunEnded, took: float) -> None:
        waited = time.monotonic() - self._created if self._waited is None else self._waited
        metrics.RUNS.labels(self._spec.lesson, ended.outcome).inc()
        metrics.RUN_SECONDS.observe(took)
        if self._spoilt:
            metrics.RUNS_DISTURBED.inc()
        log.info(
            "Run %s of %s, %d x %d requests: %s, %.2f s after %.2f s in the queue.%s%s",
            self._run,
            self._spec.lesson,
            len(self._spec.lanes),
            self._spec.requests,
            ended.outcome.replace("_", " "),
            took,
            waited,
            f" {ended.reason}" if ended.reason else "",
            f" The machine was too busy: up to {self._spoilt:.0%} of a total." if self._spoilt else "",
            extra={
                "run": self._run,
                "lesson": self._spec.lesson,
                "outcome": ended.outcome,
                "seconds": round(took, 3),
                "queued": round(waited, 3),
                "spoilt": round(self._spoilt, 3),
            },
        )
