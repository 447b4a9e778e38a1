"""`python -m tests [CHOICE …]`: what `make test` runs.

Without a choice: the core and the tracer on every other supported Python that is there, then the whole suite on this
one, with coverage. A choice is given to pytest as it is, and runs on this Python alone.

The suite runs in two processes, each with real servers and a browser, so a test that measures may fail because the
machine was busy. A few that failed are therefore told and run once more, one after another: who fails again has failed.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from bootstrap.faults import SetupFault
from bootstrap.interpreters import SUPPORTED, Interpreter, newest_of_each
from tests import core
from tests.processes import ROOT, run_python

PYTEST: Final = ("-m", "pytest", "--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder")
FEW: Final = 5  # tests that may have failed for the machine's sake; more have failed for ours
FAILED: Final = 1  # pytest's status when tests have failed
LAST_FAILED: Final = Path(".pytest_cache/v/cache/lastfailed")
ALONE: Final = ("-m", "pytest", "--last-failed", "--last-failed-no-failures=none")
MEASURED: Final = ("--cov", "--cov-report=", "-p", "tests.floor")


def main(choice: Sequence[str]) -> NoReturn:
    """Becomes pytest for a choice; else runs all there is, unless the core fails on another Python before that."""
    if choice:
        os.execv(sys.executable, [sys.executable, *PYTEST, *choice])
    sys.exit(core_elsewhere() or whole_suite())


def whole_suite() -> int:
    """Run every test, with coverage; the status is pytest's, or that of the coverage."""
    status = run_python(ROOT, *PYTEST, *MEASURED)
    again = run_few_again(status, ROOT)
    return again or (run_python(ROOT, "-m", "coverage", "report", "--format=total") if again != status else 0)


def run_few_again(status: int, root: Path) -> int:
    """After a run of pytest with this status: the status, once the tests that failed, if few, have run once more."""
    failed = failed_tests(root)
    if status != FAILED or not 0 < len(failed) <= FEW:
        return status
    print("\n".join(["", "Failed beside other tests, and run once more alone:", *failed]), flush=True)
    return run_python(root, *ALONE)


def failed_tests(root: Path) -> list[str]:
    """The tests that failed in the last run, as pytest remembers them."""
    kept = root / LAST_FAILED
    return sorted(json.loads(kept.read_text())) if kept.exists() else []


def core_elsewhere() -> int:
    """Run the core's tests on the other Pythons, and say which; the first status that is not 0 ends it."""
    others = [each for version, each in newest_of_each(os.environ).items() if version != sys.version_info[:2]]
    print(pythons(sys.version_info[:3], others), flush=True)
    before = signal.signal(signal.SIGTERM, _leave)
    statuses = (core_on(each) for each in others if each.makes_venv)
    status = next(filter(None, statuses), 0)
    signal.signal(signal.SIGTERM, before)
    return status


def pythons(here: tuple[int, int, int], others: Iterable[Interpreter]) -> str:
    """One line: what runs on which Python, and the supported ones that cannot be used or were not found."""
    ways = {True: "core and tracer on", False: "without its venv module:"}
    told = [f"{ways[each.makes_venv]} {_dotted(each.version)}" for each in others]
    there = {here[:2], *(each.version[:2] for each in others)}
    missing = [f"not found: {_dotted(version)}" for version in SUPPORTED if version not in there]
    return f"Pythons: {'; '.join([f'everything on {_dotted(here)}', *told, *missing])}"


def core_on(interpreter: Interpreter, root: Path = ROOT) -> int:
    """Run the core's tests on another Python; pytest's exit status, or 1 if there is no environment for them."""
    try:
        status = subprocess.run(core.command(interpreter, root)).returncode
    except SetupFault as fault:
        print(f"\n{fault}\n", file=sys.stderr)
        status = 1
    if status:
        version = _dotted(interpreter.version)
        print(f"The core failed on Python {version}; the whole suite was not begun.", file=sys.stderr)
    return status


def _dotted(version: Iterable[int]) -> str:
    return ".".join(map(str, version))


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(143)


if __name__ == "__main__":
    main(sys.argv[1:])
