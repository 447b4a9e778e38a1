"""Finds the Pythons on this machine that the project supports."""

import os
import subprocess
from pathlib import Path
from typing import Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple

from bootstrap.faults import SetupFault

SUPPORTED = ((3, 12), (3, 13), (3, 14))
ASK_TIMEOUT = 20  # seconds an interpreter has to say its version
# A pre-release or a free-threaded build finds no wheels; Debian's python without its -venv package has no ensurepip.
QUESTION = """
import sys, importlib.util as find
whole = sys.version_info[3] == "final" and "t" not in getattr(sys, "abiflags", "")
print(*sys.version_info[:3], int(whole), int(find.find_spec("ensurepip") is not None), sys.executable)
"""


class Interpreter(NamedTuple):
    """A Python that answered."""

    version: Tuple[int, int, int]
    path: str
    makes_venv: bool  # has ensurepip


def newest(environ: Mapping[str, str]) -> Interpreter:
    """The newest supported interpreter that can make a virtual environment. Raises `SetupFault` if there is none."""
    found = supported_interpreters(environ)
    usable = [each for each in found if each.makes_venv]
    if usable:
        return max(usable)
    if found:
        raise SetupFault(_no_ensurepip(max(found)))
    raise SetupFault(_nothing_found())


def newest_of_each(environ: Mapping[str, str]) -> Dict[Tuple[int, int], Interpreter]:
    """By minor version, the newest, those first that can make a virtual environment; none for one that is not there."""
    found = sorted(supported_interpreters(environ), key=lambda each: (each.makes_venv, each))
    return {each.version[:2]: each for each in found}


def supported_interpreters(environ: Mapping[str, str]) -> List[Interpreter]:
    """Every interpreter of a supported version that answers."""
    return [
        answer for answer in map(ask_interpreter, candidates(environ)) if answer and answer.version[:2] in SUPPORTED
    ]


def candidates(environ: Mapping[str, str]) -> Iterator[str]:
    """Paths of programs that may be a supported interpreter, each once."""
    seen = set()
    for path in [*_on_path(environ), *_of_pyenv(environ)]:
        real = os.path.realpath(path)
        # A shim is one file behind many names, so it is told apart by its own path.
        key = path if os.path.basename(real) == os.path.basename(path) else real
        if key not in seen and os.access(path, os.X_OK):
            seen.add(key)
            yield path


def ask_interpreter(path: str) -> Optional[Interpreter]:
    """Run the interpreter to learn its version; None if it does not answer (a shim of pyenv may not)."""
    try:
        answer = subprocess.run(
            [path, "-I", "-c", QUESTION],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=ASK_TIMEOUT,
            check=True,
        )
        major, minor, micro, whole, ensurepip, real = answer.stdout.decode().strip().split(" ", 5)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    if whole != "1":
        return None
    return Interpreter((int(major), int(minor), int(micro)), real, ensurepip == "1")


def _names() -> List[str]:
    return ["python%d.%d" % version for version in reversed(SUPPORTED)] + ["python3"]


def _on_path(environ: Mapping[str, str]) -> Iterator[str]:
    for folder in environ.get("PATH", "").split(os.pathsep):
        for name in _names():
            if folder:
                yield os.path.join(folder, name)


def _of_pyenv(environ: Mapping[str, str]) -> Iterator[str]:
    roots = [environ.get("PYENV_ROOT", ""), os.path.join(environ.get("HOME", ""), ".pyenv")]
    for root in filter(os.path.isabs, roots):
        for binaries in sorted(Path(root).glob("versions/*/bin")):
            for name in _names()[:-1]:
                yield str(binaries / name)


def _no_ensurepip(found: Interpreter) -> str:
    name = "python%d.%d" % found.version[:2]
    return (
        "{} is installed ({}) but cannot make a virtual environment.\nInstall its venv module: apt install {}-venv"
    ).format(name, found.path, name)


def _nothing_found() -> str:
    return (
        "No Python 3.12, 3.13 or 3.14 was found (on PATH, in $PYENV_ROOT/versions or ~/.pyenv/versions).\n"
        "Install one, for example:  apt install python3.13 python3.13-venv   or   pyenv install 3.13\n"
        "It may stand beside an older python3; nothing has to be selected."
    )
