"""Which Python is chosen: the newest that is supported and answers."""

import os
import sys
from pathlib import Path

import pytest

from bootstrap import interpreters
from bootstrap.faults import SetupFault


def fake(folder: Path, name: str, version: str, *, kind: str = "1", ensurepip: str = "1", fails: bool = False) -> Path:
    """A program that answers as an interpreter of that version does."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    answer = f"{version.replace('.', ' ')} {kind} {ensurepip} {program}"
    program.write_text(f"#!/bin/sh\n{'exit 127' if fails else f'echo {answer}'}\n")
    program.chmod(0o755)
    return program


def chosen(environ: dict[str, str]) -> str:
    return interpreters.newest(environ).path


def test_the_newest_on_path_is_chosen(tmp_path: Path):
    fake(tmp_path, "python3", "3.11.2")
    fake(tmp_path, "python3.12", "3.12.4")
    newest = fake(tmp_path, "python3.13", "3.13.1")
    assert chosen({"PATH": str(tmp_path)}) == str(newest)


def test_pyenv_is_searched_behind_an_older_python(tmp_path: Path):
    fake(tmp_path / "bin", "python3", "3.11.2")
    newest = fake(tmp_path / ".pyenv/versions/3.14.0/bin", "python3.14", "3.14.0")
    assert chosen({"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}) == str(newest)


def test_pyenv_may_stand_elsewhere(tmp_path: Path):
    newest = fake(tmp_path / "versions/3.12.9/bin", "python3.12", "3.12.9")
    assert chosen({"PATH": "", "HOME": "/nowhere", "PYENV_ROOT": str(tmp_path)}) == str(newest)


def test_a_shim_that_does_not_answer_is_passed_over(tmp_path: Path):
    fake(tmp_path / "shims", "python3.14", "3.14.0", fails=True)
    answers = fake(tmp_path / "bin", "python3.12", "3.12.1")
    assert chosen({"PATH": f"{tmp_path / 'shims'}{os.pathsep}{tmp_path / 'bin'}"}) == str(answers)


def test_a_version_behind_the_supported_ones_is_not_taken(tmp_path: Path):
    fake(tmp_path, "python3", "3.15.0")
    with pytest.raises(SetupFault, match=r"3\.12, 3\.13 or 3\.14"):
        chosen({"PATH": str(tmp_path)})


def test_a_prerelease_is_not_taken(tmp_path: Path):
    fake(tmp_path, "python3.14", "3.14.0", kind="0")
    final = fake(tmp_path, "python3.13", "3.13.0")
    assert chosen({"PATH": str(tmp_path)}) == str(final)


def test_none_at_all_says_what_to_install():
    with pytest.raises(SetupFault, match=r"apt install python3\.13 python3\.13-venv"):
        chosen({"PATH": "", "HOME": "/nowhere"})


def test_a_python_without_its_venv_module_says_what_to_install(tmp_path: Path):
    fake(tmp_path, "python3.13", "3.13.5", ensurepip="0")
    with pytest.raises(SetupFault, match=r"apt install python3\.13-venv"):
        chosen({"PATH": str(tmp_path)})


def test_a_real_interpreter_answers():
    found = interpreters.ask_interpreter(sys.executable)
    assert found
    assert found.version == sys.version_info[:3]
