"""A lab that leaves nothing behind."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from lessons.lab.supervisor import Lab
from tests.lab.watching import processes


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    lab = Lab()
    yield lab
    await lab.close()
    assert processes() == {}


@pytest.fixture
def sample(tmp_path: Path) -> Callable[[str], dict[str, Path]]:
    """Writes a sample's source; returns the samples of a lesson that has only this one, `own`."""

    def write(source: str) -> dict[str, Path]:
        file = tmp_path / "own.py"
        file.write_text(source)
        return {"own": file}

    return write
