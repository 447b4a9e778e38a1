"""Set-up is started by whatever `python3` a machine has."""

import glob
import os
import shutil
import subprocess
import sys

import pytest

from bootstrap import interpreters
from tests.processes import ROOT, clean_environ

ROOTS = {os.environ.get("PYENV_ROOT", ""), os.path.expanduser("~/.pyenv")} - {""}
OLD = ("3.8", "3.9", "3.10", "3.11")
STARTERS = [sys.executable] + [
    path for root in sorted(ROOTS) for old in OLD for path in sorted(glob.glob(f"{root}/versions/{old}.*/bin/python3"))
]


@pytest.mark.parametrize("starter", STARTERS)
def test_it_runs_and_finds_the_newest(starter: str):
    script = (
        "import os, bootstrap.__main__, bootstrap.parts, bootstrap.interpreters as i; print(i.newest(os.environ).path)"
    )
    environ = clean_environ()
    found = subprocess.run(
        [starter, "-c", script], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=True
    )
    assert found.stdout.strip() == interpreters.newest(environ).path


def test_without_a_supported_python_it_says_what_to_install(tmp_path):
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
