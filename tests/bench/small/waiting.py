"""One that is ended from outside, while a process of its own goes on."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.report import Figure


@contextmanager
def started() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as child:
        try:
            yield child
        finally:
            child.kill()


def figures() -> Iterator[Figure]:
    with started() as child:
        yield Figure("process", child.pid, at_most=sys.maxsize)
        child.wait()
