"""The core's tests run on every supported Python that is there, and what is missing is said."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap.environments import GROUPS
from bootstrap.interpreters import Interpreter, newest_of_each
from tests import core
from tests.__main__ import FEW, core_on, pythons, run_few_again
from tests.processes import ROOT, clean_environ

SOME = Interpreter((3, 12, 4), sys.executable, makes_venv=True)


def test_one_line_says_what_runs_where_and_what_was_not_found():
    bare = Interpreter((3, 14, 0), "/usr/bin/python3.14", makes_venv=False)
    assert pythons((3, 13, 1), [SOME, bare]) == (
        "Pythons: everything on 3.13.1; core and tracer on 3.12.4; without its venv module: 3.14.0"
    )
    assert pythons((3, 12, 1), []) == "Pythons: everything on 3.12.1; not found: 3.13; not found: 3.14"


def test_the_newest_of_each_version_that_can_make_an_environment_is_taken(monkeypatch: pytest.MonkeyPatch):
    answers = [
        SOME,
        SOME._replace(version=(3, 12, 9), makes_venv=False),
        SOME._replace(version=(3, 12, 2)),
        SOME._replace(version=(3, 14, 0), makes_venv=False),
    ]
    monkeypatch.setattr("bootstrap.interpreters.supported_interpreters", lambda environ: answers)
    assert newest_of_each({}) == {(3, 12): SOME, (3, 14): answers[3]}


def test_the_python_at_hand_is_among_those_that_are_found():
    assert sys.version_info[:2] in newest_of_each(os.environ)


@pytest.mark.parametrize("path", [*core.FOLDERS, *core.NEED_MORE])
def test_what_the_core_names_is_there(path: str):
    assert (ROOT / path).exists()


def test_what_needs_more_is_left_out_of_folders_of_the_core():
    assert all(path.startswith(core.FOLDERS) for path in core.NEED_MORE)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which the core needs no package; so pytest is not there either."""
    (tmp_path / "requirements").mkdir()
    for group in GROUPS:
        (tmp_path / "requirements" / f"{group}.txt").write_text("")
    return tmp_path


def test_each_python_has_an_environment_and_a_core_that_fails_there_is_told(
    checkout: Path, capfd: pytest.CaptureFixture[str]
):
    assert core_on(SOME, checkout) == 1
    assert os.access(checkout / ".venv-3.12" / "bin" / "python", os.X_OK)
    assert not (checkout / ".venv").exists()
    said = capfd.readouterr().err
    assert f"{checkout}/.venv-3.12/bin/python: No module named pytest" in said
    assert "The core failed on Python 3.12.4; the whole suite was not begun." in said


def test_an_environment_that_cannot_be_made_says_why(checkout: Path, capfd: pytest.CaptureFixture[str]):
    assert core_on(SOME._replace(path="/bin/false"), checkout) == 1
    assert "The virtual environment could not be made" in capfd.readouterr().err


def test_a_choice_is_given_to_pytest_alone():
    command = [sys.executable, "-m", "tests", "--collect-only", "-q", "tests/setup/test_pythons.py"]
    found = subprocess.run(command, cwd=ROOT, env=clean_environ(), capture_output=True, text=True, timeout=60)
    assert found.returncode == 0
    assert "Pythons:" not in found.stdout
    assert "test_a_choice_is_given_to_pytest_alone" in found.stdout


ONCE = """
from pathlib import Path
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_fails_{times}(number):
    seen = Path(f"seen-{{number}}")
    before = len(seen.read_text()) if seen.exists() else 0
    seen.write_text("x" * (before + 1))
    assert before >= {least}
"""


@pytest.mark.parametrize(
    ("count", "least", "status", "told"), [(2, 1, 0, True), (1, 2, 1, True), (FEW + 1, 1, 1, False), (1, 0, 0, False)]
)
def test_a_few_tests_that_failed_are_told_and_run_once_more(
    count: int, least: int, status: int, told: bool, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:django\n")
    (tmp_path / "test_once.py").write_text(ONCE.format(count=count, least=least, times="at_first"))
    first = subprocess.run([sys.executable, "-m", "pytest", "-q"], cwd=tmp_path).returncode
    assert run_few_again(first, tmp_path) == status
    assert ("run once more alone" in capfd.readouterr().out) is told
