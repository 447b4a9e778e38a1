"""Two processes of one user that is not root: one keeps a secret, the other looks for it.

`keep` prints a line and waits; `keep-hidden` hides its memory before; `look PID` prints what it may open of the other.
"""

import ctypes
import os
import signal
import sys
from contextlib import suppress
from typing import Final

from lessons.lab import confinement
from lessons.lab.processor import processor_time

NOBODY: Final = 65534
FILES: Final = ("environ", "mem", "maps", "fd/0")


def step_down() -> None:
    """Root may look at everybody; who was root has memory that is hidden already."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        ctypes.CDLL(None).prctl(confinement.SET_DUMPABLE, ctypes.c_ulong(1), *confinement.UNUSED)


def keep(*, hidden: bool) -> None:
    step_down()
    if hidden:
        confinement.hide_memory()
    print("keeping", flush=True)
    signal.pause()


def look(pid: int) -> None:
    step_down()
    found = []
    for name in FILES:
        with suppress(PermissionError), open(f"/proc/{pid}/{name}", "rb"):
            found.append(name)
    print(f"open: {' '.join(found)}; time: {processor_time(pid) is not None}")


if __name__ == "__main__":
    if sys.argv[1] == "look":
        look(int(sys.argv[2]))
    else:
        keep(hidden=sys.argv[1] == "keep-hidden")
