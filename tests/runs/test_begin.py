"""What is known of a run when the press that sent it is answered."""

from collections.abc import AsyncIterator

import pytest

from lessons.lab.spec import LaneSpec, RunSpec
from lessons.lab.supervisor import Lab
from lessons.log.memory import MemoryLog
from lessons.runs.service import Runs

SPEC = RunSpec("why-async-matters", (LaneSpec.parse("sync@waitress"),), requests=1, wait=0.1, workers=1)


@pytest.fixture
async def runs() -> AsyncIterator[Runs]:
    found = Runs(MemoryLog(ttl=60), Lab(max_runs=1, max_queue=2))
    yield found
    await found.close()


async def test_whether_it_starts_or_waits_is_known_at_once(runs: Runs) -> None:
    first, begun = await runs.begin(SPEC)
    second, waits = await runs.begin(SPEC)
    assert [(each.seq, each.kind) for each in begun] == [(1, "run.created"), (2, "run.started")]
    assert [(each.seq, each.kind) for each in waits] == [(1, "run.created"), (2, "run.queued")]
    assert (await runs.log.read(first)).events[:2] == begun
    assert (await runs.log.read(second)).events[:2] == waits
