"""The clock of the browser, tested where it runs."""

import subprocess

from tests.processes import ROOT


def test_the_displayed_moment() -> None:
    command = [
        str(ROOT / ".venv/bin/deno"),
        "test",
        "--no-config",
        "--no-remote",
        "--no-check",
        "tests/js/clock_test.js",
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
