"""What the tests of the lab see: a run's events as they come, and the processes of this machine."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from lessons.lab.events import Event, RunEnded
from lessons.lab.spec import LaneSpec, RunSpec
from lessons.lab.supervisor import Lab
from tests.waiting import PATIENCE, until_async

CONTENT = Path(__file__).parents[2] / "lessons" / "content" / "why-async-matters" / "samples"
SAMPLES = {file.stem: file for file in CONTENT.glob("*.py")}


def a_spec(*lanes: str, requests: int = 1, wait: float = 0.1, workers: int = 1) -> RunSpec:
    """A spec of lanes written as SAMPLE@SERVER."""
    return RunSpec("a-lesson", tuple(map(LaneSpec.parse, lanes)), requests, wait, workers)


class Watch:
    """Takes a run's events; tests wait here for what they want to see."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.batches: list[list[Event]] = []
        self._news = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def emit(self, events: Sequence[Event]) -> None:
        self.events += events
        self.batches.append(list(events))
        self._news.set()

    async def reach(self, kind: str, lane: str = "") -> None:
        """Wait for an event of that kind, of that lane if one is given."""
        await until_async(
            lambda: self.of(kind, lane),
            lambda: f"{kind} of {lane or 'the run'}; there are {[each.kind for each in self.events]}",
            news=self._news,
        )

    def of(self, kind: str, lane: str = "", request: int = 0) -> list[Event]:
        return [
            each
            for each in self.events
            if each.kind == kind and lane in ("", each.lane) and request in (0, each.request)
        ]

    def kinds(self, lane: str, request: int) -> list[str]:
        return [each.kind for each in self.events if (each.lane, each.request) == (lane, request)]

    async def end(self) -> RunEnded:
        """Wait for the end; `run.ended` must be there once, and last."""
        assert self.task is not None
        async with asyncio.timeout(PATIENCE):
            await self.task
        assert len(self.of("run.ended")) == 1
        body = self.events[-1].body
        assert isinstance(body, RunEnded)
        return body


def submit(
    lab: Lab,
    spec: RunSpec,
    samples: Mapping[str, Path] = SAMPLES,
    run: str = "a-run",
    owner: str = "",
    seconds: float | None = None,
) -> Watch:
    watch = Watch()
    watch.task = lab.submit(run, spec, samples, watch.emit, owner, seconds=seconds)
    return watch


async def run(lab: Lab, spec: RunSpec, samples: Mapping[str, Path] = SAMPLES) -> Watch:
    """A whole run that must end as done."""
    watch = submit(lab, spec, samples)
    ended = await watch.end()
    assert (ended.outcome, ended.reason) == ("done", "")
    return watch


def processes(name: str = "lab-") -> dict[int, str]:
    """Processes below this one, and of its session, whose name begins so: pid -> name.

    A site that another test started has a session of its own; its processes are not ours.
    """
    parents: dict[int, int] = {}
    names: dict[int, str] = {}
    for entry in filter(str.isdecimal, os.listdir("/proc")):
        try:
            head, _, tail = Path(f"/proc/{entry}/stat").read_text().rpartition(")")
        except OSError:
            continue  # gone in the meantime
        _, parent, _, session = tail.split()[:4]
        if int(session) == os.getsid(0):
            names[int(entry)] = head.partition("(")[2]
            parents[int(entry)] = int(parent)
    return {pid: names[pid] for pid in names if names[pid].startswith(name) and _is_below(pid, parents)}


def _is_below(pid: int, parents: Mapping[int, int]) -> bool:
    while pid in parents and pid != os.getpid():
        pid = parents[pid]
    return pid == os.getpid()


def pid_of(name: str) -> int:
    (pid,) = processes(name)
    return pid
