"""What a lane's process can't take, and what others of its user can't take from it."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lessons.lab.confinement import LIMITS
from lessons.lab.events import ViewReturned
from lessons.lab.supervisor import Lab
from tests.lab.watching import a_spec, run
from tests.processes import ROOT, Process, clean_environ

Write = Callable[[str], dict[str, Path]]
NEIGHBOUR = [sys.executable, "-m", "tests.lab.neighbour"]


@pytest.fixture(params=["keep", "keep-hidden"])
def keeper(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, int]]:
    process = Process([*NEIGHBOUR, request.param], tmp_path / "output.txt", clean_environ())
    try:
        process.until_prints("keeping")
        yield request.param, process.pid
    finally:
        process.stop()


def test_a_process_of_the_same_user_reads_nothing_of_one_that_is_hidden(keeper: tuple[str, int]) -> None:
    how, pid = keeper
    command = [*NEIGHBOUR, "look", str(pid)]
    told = subprocess.run(command, cwd=ROOT, env=clean_environ(), check=True, capture_output=True, text=True).stdout
    readable = "" if how == "keep-hidden" else "environ mem maps fd/0"
    assert told == f"open: {readable}; time: True\n"  # the lab goes on measuring what the machine gave it


@pytest.mark.parametrize("server", ["waitress", "daphne"])
async def test_a_lane_is_hidden_and_limited(lab: Lab, sample: Write, server: str) -> None:
    source = (
        "import ctypes, resource\n"
        "from django.http import HttpResponse\n"
        "def view(request):\n"
        "    dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)\n"
        f"    core, size, files, space, time = [resource.getrlimit(kind) for kind in {[*LIMITS]}]\n"
        "    return HttpResponse()\n"
    )
    watch = await run(lab, a_spec(f"own@{server}"), sample(source))
    (returned,) = watch.of("view.returned")
    assert isinstance(returned.body, ViewReturned)
    seen = {name: ast.literal_eval(text) for name, text in returned.body.locals.items() if name[0] not in "rk"}
    assert seen["dumpable"] == 0
    found = [seen[name] for name in ("core", "size", "files", "space", "time")]
    for (soft, hard), most in zip(found, LIMITS.values(), strict=True):
        assert soft == hard <= most


async def test_a_view_that_wants_all_memory_gets_an_error_and_no_more(lab: Lab, sample: Write) -> None:
    watch = await run(lab, a_spec("own@waitress"), sample("def view(request):\n    return bytearray(5 * 2**30)\n"))
    assert [event.body.error for event in watch.of("view.raised")] == ["MemoryError"]  # type: ignore[attr-defined]


async def test_a_view_that_fills_the_disk_gets_an_error(lab: Lab, sample: Write, tmp_path: Path) -> None:
    full = tmp_path / "full"
    source = (
        "def view(request):\n"
        f"    with open({str(full)!r}, 'wb', buffering=0) as file:\n"
        "        while True:\n"
        "            file.write(bytes(2**20))\n"
    )
    watch = await run(lab, a_spec("own@waitress"), sample(source))
    assert [event.body.error for event in watch.of("view.raised")] == ["OSError"]  # type: ignore[attr-defined]
    assert full.stat().st_size <= 16 * 2**20
