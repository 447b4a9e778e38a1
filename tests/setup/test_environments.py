"""`.venv` is made once, and again when its reason changes."""

import os
from pathlib import Path

import pytest

from bootstrap import environments
from bootstrap.faults import SetupFault


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that needs no package."""
    (tmp_path / "requirements").mkdir()
    for group in environments.GROUPS:
        (tmp_path / "requirements" / f"{group}.txt").write_text("")
    return tmp_path


def test_it_is_made_once(checkout: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    python = environments.prepare(checkout, "dev")
    assert os.access(python, os.X_OK)
    assert "Making .venv" in capfd.readouterr().out

    monkeypatch.setenv("PATH", "")  # a second time nothing is looked for
    for group in ("dev", "run"):  # what dev installs is enough to run
        assert environments.prepare(checkout, group) == python
    assert capfd.readouterr().out == ""

    (checkout / "requirements" / "run.txt").write_text("# changed\n")
    environments.prepare(checkout, "run")
    assert "Installing requirements/run.txt" in capfd.readouterr().out


def test_without_a_network_it_says_so(checkout: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/")  # nobody listens there
    monkeypatch.setenv("PIP_RETRIES", "0")
    (checkout / "requirements" / "run.txt").write_text(f"django==6.1.3 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(SetupFault, match="Is the network there"):
        environments.prepare(checkout, "run")
    assert not (checkout / ".venv" / "run.stamp").exists()
