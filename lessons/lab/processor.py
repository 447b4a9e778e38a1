"""How long a process ran, and how long it was ready to run and had to wait for a processor: as Linux counts it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")


class ProcessorTime(NamedTuple):
    """Of all threads of a process, in seconds."""

    ran: float
    waited: float

    def since(self, before: "ProcessorTime") -> "ProcessorTime":
        """What has come on top; threads that have ended meanwhile are not counted any more."""
        return ProcessorTime(max(0.0, self.ran - before.ran), max(0.0, self.waited - before.waited))


def processor_time(pid: int) -> ProcessorTime | None:
    """Until now; None where the system does not tell, or there is no such process."""
    found = [*_threads(pid)]
    if not found:
        return None
    return ProcessorTime(sum(ran for ran, _ in found) / 1e9, sum(waited for _, waited in found) / 1e9)


def _threads(pid: int) -> Iterator[tuple[int, int]]:
    """Nanoseconds, from `schedstat` (Linux, Documentation/scheduler/sched-stats.rst)."""
    for path in PROC.glob(f"{pid}/task/*/schedstat"):
        with suppress(OSError, ValueError):
            ran, waited, _ = map(int, path.read_text().split())
            yield ran, waited
