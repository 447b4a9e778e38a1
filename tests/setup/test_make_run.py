"""`make run`: stays in the foreground, prints an address that can be opened, ends without a trace."""

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import Process, clean_environ, get
from tests.waiting import until


def make(target: str, folder: Path) -> Process:
    command = ["make", target, "PORT=0", f"DATA_DIR={folder / 'data'}"]
    return Process(command, folder / "output.txt", clean_environ())


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Process, Path]]:
    """A site that makes its data folder, and the folder around that."""
    folder = tmp_path_factory.mktemp("first-run")
    process = make("run", folder)
    yield process, folder
    process.stop()


@pytest.fixture
def data(tmp_path: Path, prepared: Path) -> Path:
    """The data folder of another start."""
    return shutil.copytree(prepared, tmp_path / "data")


@pytest.fixture
def make_run(tmp_path: Path, data: Path) -> Iterator[Process]:
    process = make("run", tmp_path)
    yield process
    process.stop()


def address(process: Process) -> str:
    return process.until_prints(r"open at (http://\S+)/ ", seconds=120)[1]


def test_the_printed_address_can_be_opened_at_once(first_run: tuple[Process, Path]):
    with get(address(first_run[0]) + "/") as answer:
        assert answer.status == 200


def test_state_goes_where_data_dir_says(first_run: tuple[Process, Path]):
    address(first_run[0])
    assert {"db.sqlite3", "secret_key", "static"} <= {each.name for each in (first_run[1] / "data").iterdir()}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "term"])
def test_a_signal_to_the_group_ends_it_cleanly(make_run: Process, number: signal.Signals):
    address(make_run)
    make_run.send_group(number)
    make_run.wait()
    until(lambda: not make_run.members(), "nothing of it is left")
    assert "Traceback" not in make_run.text()
    assert "***" not in make_run.text()  # make's word for a recipe that failed


def test_term_to_make_alone_ends_it_cleanly(make_run: Process):
    address(make_run)
    make_run.send(signal.SIGTERM)
    make_run.wait()
    until(lambda: not make_run.members(), "nothing of it is left")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "term"])
def test_a_signal_to_the_site_gives_exit_code_0(make_run: Process, number: signal.Signals):
    address(make_run)
    (site,) = Path(f"/proc/{make_run.pid}/task/{make_run.pid}/children").read_text().split()
    os.kill(int(site), number)
    assert make_run.wait() == 0
    until(lambda: not make_run.members(), "nothing of it is left")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "term"])
def test_make_dev_ends_cleanly_too(tmp_path: Path, data: Path, number: signal.Signals):
    process = make("dev", tmp_path)
    try:
        address(process)
        process.send_group(number)
        process.wait()
        until(lambda: not process.members(), "nothing of it is left")
        assert "Traceback" not in process.text()
    finally:
        process.stop()


def test_a_taken_port_is_told_with_a_way_out(tmp_path: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = Process(
            ["make", "run", f"PORT={port}", f"DATA_DIR={tmp_path}"], tmp_path / "output.txt", clean_environ()
        )
        try:
            assert process.wait(60) != 0
        finally:
            process.stop()
    assert f"Port {port} of 127.0.0.1 is taken" in process.text()
    assert "make run PORT=" in process.text()
    assert "Traceback" not in process.text()
