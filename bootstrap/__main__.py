"""`python3 -m bootstrap GROUP [--parts] [-- ARGUMENTS]`: prepare `.venv`, then become its Python.

GROUP is a lock file in requirements/: run, dev or lock. `--parts` also sees to the programs that the
tests start. ARGUMENTS go to `.venv`'s Python, which takes this process's place, so that signals reach it.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import List, Optional

from bootstrap import environments
from bootstrap.faults import SetupFault

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: List[str]) -> int:
    """Prepare what the command line asks for, and become its Python; the exit status if there is nothing to become."""
    group, *rest = arguments or [""]
    if group not in environments.GROUPS:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, _leave)
    try:
        python = environments.prepare(ROOT, group)
        if "--parts" in rest[:1]:
            from bootstrap import parts  # not needed, and not paid for, by `make run`

            parts.prepare_parts(python)
            del rest[0]
    except SetupFault as fault:
        print("\n%s\n" % fault, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if rest[:1] == ["--"]:
        sys.stdout.flush()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.execv(str(python), [str(python), *rest[1:]])  # noqa: S606  (no shell is wanted)
    return 0


def _leave(_signal: int, _frame: Optional[FrameType]) -> None:
    sys.exit(143)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
