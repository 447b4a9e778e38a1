"""A seeded minute of `make chaos`."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from tests.deploy.chaos import FAULTS, rage, report


def test_whatever_dies_each_learner_has_seen_what_the_log_holds() -> None:
    folder = Path(tempfile.mkdtemp(prefix="lessons-chaos-"))
    folder.chmod(0o711)  # PostgreSQL's user must get in
    try:
        storm = asyncio.run(rage(folder, 60, seed=1))
    finally:
        shutil.rmtree(folder)
    assert not storm.wrong, report(storm)
    assert len(storm.faults) > len(FAULTS) / 2
    assert sum(bool(each.over) and not each.lost for each in storm.watched) > 20
