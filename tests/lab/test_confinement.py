"""What a lane's process can't take, and what others of its user can't take from it."""

import ast
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.lab.confinement import LIMITS
from lessons.lab.events import ViewReturned
from lessons.lab.supervisor import Lab
from tests.lab.watching import a_spec, run
from tests.neighbour import FILES, ORDINARY, readable_files
from tests.processes import Process, clean_environ

Write = Callable[[str], dict[str, Path]]
KEEPER = """
import signal
from lessons.lab.confinement import hide_memory
{}
print("ready", flush=True)
signal.pause()
"""


@pytest.mark.parametrize(("first", "readable"), [("", list(FILES)), ("hide_memory()", [])])
def test_a_process_of_the_same_user_reads_nothing_of_one_that_is_hidden(
    tmp_path: Path, first: str, readable: list[str]
) -> None:
    process = Process([*ORDINARY, sys.executable, "-c", KEEPER.format(first)], tmp_path / "output.txt", clean_environ())
    try:
        process.until_prints("ready")
        assert readable_files(process.pid) == [*readable, "time"]  # the lab goes on measuring what the machine gave it
    finally:
        process.stop()


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
