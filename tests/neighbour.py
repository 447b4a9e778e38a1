"""A process of the same user that looks at others, as a lane's code might."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from lessons.lab.processor import processor_time
from tests.processes import ROOT, clean_environ

FILES: Final = ("environ", "mem", "maps", "fd/0")
# Root may look at everybody, so here it gives up what makes it root. Both have to be started so: nobody looks up.
ORDINARY: Final = () if os.geteuid() else ("setpriv", "--bounding-set=-all")


def readable_files(pid: int) -> list[str]:
    """Which of `FILES` it may open of that process; "time" when it may know how long that ran."""
    command = [*ORDINARY, sys.executable, "-m", "tests.neighbour", str(pid)]
    return subprocess.run(
        command, cwd=ROOT, env=clean_environ(), check=True, capture_output=True, text=True
    ).stdout.split()


def _look(pid: int) -> None:
    for name in FILES:
        with suppress(PermissionError), Path(f"/proc/{pid}/{name}").open("rb"):
            print(name)
    if processor_time(pid):
        print("time")


if __name__ == "__main__":
    _look(int(sys.argv[1]))
