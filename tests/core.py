"""The tests of the core: what every supported Python runs, with nothing installed but what tests themselves need.

As a plugin of pytest (`-p tests.core`) it stands in for pytest-django, which is not there.
"""

from pathlib import Path
from typing import Final

import pytest

from bootstrap import environments
from bootstrap.interpreters import Interpreter
from tests.processes import ROOT

FOLDERS: Final = (
    "tests/lab/test_outbox.py",
    "tests/lab/test_snapshot.py",
    "tests/lab/test_tracer.py",
    "tests/stage/test_playback.py",
    "tests/test_measurement.py",
)
NEED_MORE: Final[tuple[str, ...]] = ()  # test modules of these folders that need Django, a server or a database


def command(interpreter: Interpreter, root: Path = ROOT) -> list[str]:
    """Prepares an environment of this interpreter, and says how its tests are run. Raises `SetupFault`."""
    python = environments.prepare_beside(root, "core", interpreter)
    ignored = [f"--ignore={path}" for path in NEED_MORE]
    return [str(python), "-m", "pytest", "-p", "tests.core", "-p", "no:cacheprovider", "-q", "-n2", *ignored, *FOLDERS]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("DJANGO_SETTINGS_MODULE", "of pytest-django: the core knows no settings")
