"""Nothing outlives the process that owns a lab."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import until

ROOT = Path(__file__).parents[2]
LIMIT = 5.0  # seconds; 2 are promised, on a machine that does nothing else


def session(leader: int) -> set[int]:
    """Every process of the session that `leader` began."""
    found = set()
    for entry in filter(str.isdecimal, os.listdir("/proc")):
        try:
            fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader and fields[0] != "Z":
            found.add(int(entry))
    return found


def left(leader: int) -> dict[int, str]:
    return {pid: Path(f"/proc/{pid}/comm").read_text() for pid in session(leader)}


@pytest.mark.parametrize("moment", ["run.started", "lane.started", "fetch.called"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_every_process_goes_with_its_owner(moment: str, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "tests.lab.owner", moment]
    owner = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True)
    with owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == moment.encode() + b"\n"
        assert owner.pid in session(owner.pid)
        owner.send_signal(number)
        owner.wait()
        until(lambda: not session(owner.pid), lambda: f"no process is left; there are {left(owner.pid)}", LIMIT)
