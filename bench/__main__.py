"""`python -m bench [--check] [NAME …]`: benchmarks, each with its goals; all of them unless some are named.

A benchmark is a module of this package with a function `figures()` that yields each `Figure` as it is measured, and
raises `Lacking` where the machine lacks something. A name with a dot is any such module.

With `--check` the exit status is 1 if a goal was missed. It is 2 whenever a benchmark broke down.
"""

import argparse
import re
import signal
import sys
import traceback
from collections.abc import Iterable, Sequence
from enum import IntEnum
from importlib import import_module
from pathlib import Path
from types import ModuleType

from bench.report import Figure, Lacking
from tests.processes import ROOT, run_python

FOLDER = Path(__file__).parent
ENDED = 128 + signal.SIGTERM


class Outcome(IntEnum):
    """How a benchmark ended; the exit status of its process. 1 is left to a Python that does not start."""

    MET = 0
    BROKEN = 2
    MISSED = 3
    LACKING = 4


def names() -> list[str]:
    """The benchmarks there are, in alphabetical order."""
    found = (file.stem for file in FOLDER.glob("*.py") if re.search(r"^def figures\(", file.read_text(), re.MULTILINE))
    return sorted(found)


def run_here(name: str) -> Outcome:
    """Run one benchmark in this process and print its figures as they come."""
    try:
        module = import_module(name if "." in name else f"bench.{name}")
        print(f"== {name}: {_title(module)}", flush=True)
        return _judged(module.figures())
    except Lacking as lacking:
        print(f"  skipped: {lacking}", flush=True)
        return Outcome.LACKING
    except Exception:
        traceback.print_exc()
        return Outcome.BROKEN


def run_apart(name: str) -> Outcome:
    """Run one benchmark in a process of its own, so that none meets what another left behind."""
    status = run_python(ROOT, "-m", "bench", "--one", name)
    if status == ENDED:
        sys.exit(ENDED)  # from outside, and so are we
    return Outcome(status) if status in list(Outcome) else Outcome.BROKEN


def summary(outcomes: dict[str, Outcome]) -> str:
    """One line: which benchmarks met all of their goals, and which did not and why."""
    words = {
        Outcome.MET: "met every goal",
        Outcome.MISSED: "missed a goal",
        Outcome.LACKING: "skipped",
        Outcome.BROKEN: "broke down",
    }
    parts = {word: [name for name, each in outcomes.items() if each is outcome] for outcome, word in words.items()}
    return "; ".join(f"{word}: {', '.join(found)}" for word, found in parts.items() if found)


def exit_status(outcomes: Iterable[Outcome], *, check: bool) -> int:
    """2 if a benchmark broke down; else 1 if a goal was missed and that is to be checked; else 0."""
    found = set(outcomes)
    if Outcome.BROKEN in found:
        return 2
    return int(check and Outcome.MISSED in found)


def main(arguments: Sequence[str]) -> int:
    """Run what the command line asks for; the exit status."""
    parser = argparse.ArgumentParser("python -m bench", description=(__doc__ or "").partition(":")[2])
    parser.add_argument("--check", action="store_true", help="exit with 1 if a goal is missed")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names()))
    chosen = parser.parse_args(arguments)
    unknown = [name for name in chosen.names if "." not in name and name not in names()]
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}. There are {', '.join(names())}")
    if chosen.one:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(ENDED))  # so that its site and its clients end, too
        return run_here(chosen.names[0])
    outcomes = {name: run_apart(name) for name in chosen.names or names()}
    print(summary(outcomes))
    return exit_status(outcomes.values(), check=chosen.check)


def _title(module: ModuleType) -> str:
    return (module.__doc__ or "").partition("\n")[0]


def _judged(figures: Iterable[Figure]) -> Outcome:
    outcome = Outcome.MET
    for figure in figures:
        print(figure, flush=True)
        if figure.verdict == "missed":
            outcome = Outcome.MISSED
    return outcome


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
