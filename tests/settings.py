"""The site's settings for tests in this process: a data folder of their own, static files as they are."""

import atexit
import os
import shutil
import tempfile

from lessonsite.environment import VARIABLES

_folder = tempfile.mkdtemp(prefix="lessons-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
for _name in VARIABLES:
    os.environ.pop(_name, None)
os.environ["DATA_DIR"] = _folder

from lessonsite.settings import *  # noqa: E402, F403

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ADDRESS_RUNS = 1_000_000  # one process has all tests for visitors
SERVESTATIC_USE_FINDERS = True
FORGET_DAYS = 0  # runs of tests began at fixed times, long ago
