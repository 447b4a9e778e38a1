"""`make dev` starts anew when a file of a lesson changes, not only when a module does."""

import os
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.processes import Process, clean_environ
from tests.waiting import until

LESSON = Path(settings.LESSONS_DIR) / "await-together"
OPEN = "are open at"


@pytest.mark.parametrize("name", ["learn.md", "samples/together.py"])
def test_a_file_of_a_lesson_that_changes_is_noticed(name: str, tmp_path: Path) -> None:
    environ = clean_environ(DATA_DIR=str(tmp_path / "data"), PORT="0", DEBUG="1")
    site = Process([sys.executable, "manage.py", "serve", "--reload"], tmp_path / "output.txt", environ)
    try:
        site.until_prints(OPEN)
        os.utime(LESSON / name)  # its content stays
        until(lambda: site.text().count(OPEN) == 2, "it has started anew")
    finally:
        site.kill()
