"""The programs that tests need are found, installed with apt, or asked for by name."""

import os
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from bootstrap import parts
from bootstrap.faults import SetupFault


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A machine with no part; the commands that would have been run there. Installing nginx makes it appear."""
    made: list[str] = []

    def run(command: list[str], **_: object) -> CompletedProcess[bytes]:
        made.append(" ".join(command))
        return CompletedProcess(command, 0)

    def find(program: str) -> str | None:
        return f"/usr/sbin/{program}" if any(parts.PACKAGES[program] in call for call in made) else None

    monkeypatch.setattr("bootstrap.parts.subprocess.run", run)
    monkeypatch.setattr(parts, "find", find)
    monkeypatch.setattr(parts, "SHELL", tmp_path / "shell")
    return made


def test_root_gets_what_is_missing_with_apt(calls: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "_may_use_apt", lambda: True)
    parts.prepare_parts(Path("python"))
    assert calls[0] == "apt-get update -qq"
    assert calls[1].endswith("redis-server nginx postgresql chromium")
    assert calls[3].endswith("chromium-headless-shell")


def test_the_quicker_browser_may_be_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("bootstrap.parts.subprocess.run", lambda command, **_: CompletedProcess(command, 100))
    monkeypatch.setattr(parts, "find", lambda program: program)
    monkeypatch.setattr(parts, "SHELL", tmp_path / "shell")
    monkeypatch.setattr(parts, "_may_use_apt", lambda: True)
    parts.prepare_parts(Path("python"))
    assert "The tests do without it." in capfd.readouterr().out


def test_others_are_told_what_to_install(calls: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "_may_use_apt", lambda: False)
    with pytest.raises(SetupFault, match="apt install redis-server nginx postgresql"):
        parts.prepare_parts(Path("python"))
    assert calls == ["python -m playwright install chromium"]  # the one part that needs no root


def test_nothing_is_run_when_all_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(parts, "SHELL", tmp_path)  # is there
    monkeypatch.setattr("bootstrap.parts.subprocess.run", lambda *_, **__: pytest.fail("nothing was missing"))
    parts.prepare_parts(Path("python"))


def test_the_newest_postgresql_is_taken():
    found = parts.find("initdb")
    assert found
    assert os.access(found, os.X_OK)
