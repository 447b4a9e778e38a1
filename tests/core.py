"""The tests of the core: what every supported Python runs, in a small environment (requirements/core.in).

As a plugin of pytest (`-p tests.core`) it stands in for pytest-django and the site's settings, which are not there.
"""

import atexit
import shutil
import tempfile
from pathlib import Path
from typing import Final

import django
import pytest
from django.conf import settings

from bootstrap import environments
from bootstrap.interpreters import Interpreter
from tests.processes import ROOT

FOLDERS: Final = (
    "tests/content",
    "tests/lab/test_outbox.py",
    "tests/lab/test_snapshot.py",
    "tests/lab/test_tracer.py",
    "tests/log",
    "tests/performance/test_model.py",
    "tests/playback",
    "tests/stage",
)
# Test modules of these folders that ask for more: pytest-django's settings, or a package of requirements/dev.in.
NEED_MORE: Final = (
    "tests/content/test_authoring.py",
    "tests/content/test_check.py",
    "tests/content/test_schema.py",
    "tests/content/test_variants.py",
)


def command(interpreter: Interpreter, root: Path = ROOT) -> list[str]:
    """Prepares an environment of this interpreter, and says how its tests are run. Raises `SetupFault`."""
    python = environments.prepare_beside(root, "core", interpreter)
    ignored = [f"--ignore={path}" for path in NEED_MORE]
    return [str(python), "-m", "pytest", "-p", "tests.core", "-p", "no:cacheprovider", "-q", "-n2", *ignored, *FOLDERS]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("DJANGO_SETTINGS_MODULE", "of pytest-django: the core knows no settings")


def pytest_configure() -> None:
    """The folders of the lessons and of the templates; nothing else of the site is set."""
    data = Path(tempfile.mkdtemp(prefix="lessons-core-"))
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    tags = (ROOT / "lessons" / "templatetags").glob("[a-z]*.py")
    libraries = {file.stem: f"lessons.templatetags.{file.stem}" for file in tags}
    templates = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {"libraries": libraries},
    }
    settings.configure(LESSONS_DIR=ROOT / "lessons" / "content", DATA_DIR=data, TEMPLATES=[templates])
    django.setup()
