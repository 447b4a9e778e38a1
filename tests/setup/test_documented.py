"""Commands of `make` that the documents and the Makefile show can be given as they stand there."""

import re
import subprocess
import sys
from itertools import chain

import pytest

from bench.__main__ import names
from tests.processes import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "Makefile", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = "\n".join(document.read_text() for document in DOCUMENTS)
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def shown(variable: str) -> set[str]:
    """The values that are given to a variable of `make` somewhere."""
    return set(chain.from_iterable(re.findall(rf"\b{variable}=(?:'([^']+)'|(\w[\w/]*))", TEXT))) - {""}


def test_every_target_is_there():
    targets = set(re.findall(r"(?:`|^    )make ([a-z]+)", TEXT, re.MULTILINE))
    assert {"run", "test"} <= targets <= TARGETS


def test_every_benchmark_is_there():
    chosen = {name for value in shown("BENCH") for name in value.split()}
    assert chosen
    assert chosen <= set(names())


@pytest.mark.parametrize("choice", sorted(shown("TESTS")))
def test_every_choice_of_tests_chooses_some(choice: str):
    command = f"{sys.executable} -m pytest --collect-only -q {choice}"
    found = subprocess.run(command.split(), cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert found.returncode == 0, found.stdout  # 5 if none is chosen
