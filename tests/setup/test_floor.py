"""The floor of the coverage only rises."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.floor import advice
from tests.processes import ROOT


def git(*arguments: str) -> str:
    return subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True).stdout


def floor(text: str) -> float:
    """`fail_under` of a pyproject.toml; 0 if it has none."""
    found = re.search(r"^fail_under = ([\d.]+)", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the history")
def test_it_was_never_higher():
    commits = git("log", "--format=%H", "-G^fail_under", "--", "pyproject.toml").split()
    before = [floor(git("show", f"{commit}:pyproject.toml")) for commit in commits]
    assert floor(Path(ROOT / "pyproject.toml").read_text()) >= max([1.0, *before])


@pytest.mark.parametrize(
    ("measured", "said"), [(80.4, ""), (81.4, ""), (81.5, "fail_under = 81"), (93, "fail_under = 92")]
)
def test_it_can_rise_when_the_coverage_lies_well_above_it(measured: float, said: str):
    assert said in advice(measured, 80)
    assert bool(said) == bool(advice(measured, 80))
