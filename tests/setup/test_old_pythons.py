"""Set-up is started by whatever `python3` a machine has."""

import glob
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from bootstrap import interpreters
from tests.processes import ROOT, clean_environ

ROOTS = sorted({os.environ.get("PYENV_ROOT", ""), os.path.expanduser("~/.pyenv")} - {""})
OLD = ["3.8", "3.9", "3.10", "3.11"]


@cache
def starter(version: str) -> str:
    """A Python of this version that answers; skips the test where there is none (vermin reads the code anywhere)."""
    pyenv = (path for root in ROOTS for path in glob.glob(f"{root}/versions/{version}.*/bin/python3"))
    for path in filter(None, [shutil.which(f"python{version}"), *pyenv]):
        answer = interpreters.ask_interpreter(path)
        if answer and "{}.{}".format(*answer.version) == version:
            return path
    pytest.skip(f"there is no Python {version}")


@pytest.mark.parametrize("version", [*OLD, "{}.{}".format(*sys.version_info)])
def test_it_runs_and_finds_the_newest(version: str):
    script = (
        "import os, bootstrap.__main__, bootstrap.parts, bootstrap.interpreters as i; print(i.newest(os.environ).path)"
    )
    environ = clean_environ()
    found = subprocess.run(
        [starter(version), "-c", script], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=True
    )
    assert found.stdout.strip() == interpreters.newest(environ).path


@pytest.mark.parametrize(("source", "accepted"), [("x = 'a'.removeprefix('b')", False), ("x = 'a'.strip()", True)])
def test_what_python_3_8_does_not_know_is_refused(tmp_path: Path, source: str, accepted: bool):
    """The command by which `make check` reads the code of set-up."""
    (command,) = re.findall(r"^\t(\S+/vermin .+) bootstrap$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    (tmp_path / "some.py").write_text(source)
    read = subprocess.run([*command.split(), str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (read.returncode == 0) == accepted, read.stdout


def test_without_a_supported_python_it_says_what_to_install(tmp_path: Path):
    shutil.copytree(ROOT / "bootstrap", tmp_path / "bootstrap")
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    ended = subprocess.run(
        [sys.executable, "-m", "bootstrap", "run"],
        cwd=tmp_path,
        env={"PATH": "/nowhere", "HOME": "/nowhere"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "No Python 3.12, 3.13 or 3.14 was found" in ended.stderr
    assert "Traceback" not in ended.stderr
