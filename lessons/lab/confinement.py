"""What a process may not do to others of the same user, and how much of the machine it may take.

Linux alone has all of it; elsewhere what is missing is left out.
"""

import ctypes
import resource
import sys
from collections.abc import Mapping
from typing import Final

SET_DUMPABLE, SET_NAME = 4, 15  # what `prctl` is asked (linux/prctl.h)
UNUSED: Final = (ctypes.c_ulong(0),) * 3

# Far above what a lane needs, so that no measurement feels them, and far below what would harm others.
LIMITS: Final[Mapping[int, int]] = {
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_FSIZE: 16 * 2**20,  # bytes of a file; a lane writes none
    resource.RLIMIT_NOFILE: 1024,  # a hundred requests, each with a question upstream, need some 250
    resource.RLIMIT_AS: 4 * 2**30,  # bytes of addresses; with sixteen threads 1.2 GB are asked for, and 60 MB used
    resource.RLIMIT_CPU: 1800,  # seconds; the longest time box, on three processors
}


def hide_memory() -> None:
    """Nobody of the same user may read this process's memory, environment or files, or trace it; so for its forks."""
    _prctl(SET_DUMPABLE, ctypes.c_ulong(0))


def name_process(name: str) -> None:
    """For operators, who see it in `ps` and `top`. At most 15 bytes."""
    _prctl(SET_NAME, ctypes.c_char_p(name.encode()))


def limit_resources() -> None:
    """Whatever this process runs, it takes no more than `LIMITS`, and can't ask for more."""
    for kind, most in LIMITS.items():
        _, hard = resource.getrlimit(kind)
        wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (wanted, wanted))


def _prctl(option: int, value: ctypes.c_ulong | ctypes.c_char_p) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, *UNUSED)
