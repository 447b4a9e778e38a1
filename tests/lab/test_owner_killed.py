"""Nothing outlives the process that owns a lab."""

import signal
import sys
from pathlib import Path

import pytest

from tests.processes import Process, clean_environ
from tests.waiting import until

LIMIT = 5.0  # seconds; 2 are promised, on a machine that does nothing else


@pytest.mark.parametrize("moment", ["run.started", "lane.started", "fetch.called"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_every_process_goes_with_its_owner(moment: str, number: signal.Signals, tmp_path: Path) -> None:
    owner = Process([sys.executable, "-m", "tests.lab.owner", moment], tmp_path / "output.txt", clean_environ())
    try:
        owner.until_prints(moment)
        assert owner.pid in owner.members()
        owner.send(number)
        owner.wait()
        until(lambda: not owner.members(), lambda: f"no process is left; there are {names(owner)}", LIMIT)
    finally:
        owner.stop()


def names(owner: Process) -> list[str]:
    return [Path(f"/proc/{pid}/comm").read_text().strip() for pid in owner.members()]
