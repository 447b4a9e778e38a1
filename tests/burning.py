"""A busy machine, made by processes that want a processor all the time."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


@contextmanager
def burning(core: int) -> Iterator[int]:
    """A process that wants this processor all the time; its id."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        os.sched_setaffinity(process.pid, [core])
        yield process.pid
    finally:
        process.kill()
        process.wait()


@contextmanager
def busy_machine(times: int) -> Iterator[None]:
    """So many of them on each processor."""
    with ExitStack() as burners:
        for core in [*os.sched_getaffinity(0)] * times:
            burners.enter_context(burning(core))
        yield
