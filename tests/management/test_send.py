"""`manage.py send`, as it is called in a terminal."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lessons.lab.events import Event
from lessons.lab.spec import RunSpec
from lessons.management.commands.send import Command
from tests.processes import ROOT, clean_environ

COMMAND = [sys.executable, "-W", "error", "manage.py", "send"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return clean_environ(DATA_DIR=str(tmp_path))


def send(environment: dict[str, str], *options: str) -> "subprocess.CompletedProcess[str]":
    command = [*COMMAND, *options]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_json_is_one_event_a_line_from_created_to_ended(environment: dict[str, str]) -> None:
    done = send(environment, "--json", "--requests", "2", "--wait", "0.1")
    assert (done.returncode, done.stderr) == (0, "")
    header, *records = [json.loads(line) for line in done.stdout.splitlines()]
    assert header == {"format": "live-lessons run", "version": 1, "lesson": "why-async-matters"}
    assert [record["seq"] for record in records] == list(range(1, len(records) + 1))
    assert {tuple(record) for record in records} == {("seq", "t", "lane", "request", "kind", "data")}
    assert [Event.from_record(record).as_record() for record in records] == records
    assert (records[0]["kind"], records[-1]["kind"]) == ("run.created", "run.ended")
    spec = RunSpec.from_data(records[0]["data"]["spec"])
    assert (spec.requests, spec.wait, [lane.lane for lane in spec.lanes]) == (2, 0.1, ["sync@waitress", "async@daphne"])
    lanes = records[-1]["data"]["lanes"]
    assert lanes["sync@waitress"].keys() == {"total", "done", "failed"}
    assert lanes["async@daphne"]["total"] < lanes["sync@waitress"]["total"]


def test_lanes_and_workers_can_be_chosen(environment: dict[str, str]) -> None:
    options = (
        "--lane",
        "async_blocking",
        "--lane",
        "sync@daphne",
        "--workers",
        "3",
        "--requests",
        "1",
        "--wait",
        "0.1",
    )
    done = send(environment, "--json", *options)
    spec = RunSpec.from_data(json.loads(done.stdout.splitlines()[1])["data"]["spec"])
    assert [lane.lane for lane in spec.lanes] == ["async_blocking@daphne", "sync@daphne"]
    assert spec.workers == 3


def test_without_json_totals_and_the_execution_table_are_printed(environment: dict[str, str]) -> None:
    done = send(environment, "--requests", "2", "--wait", "0.2")
    assert (done.returncode, done.stderr) == (0, "")
    for text in ("Sync view", "waitress 3.", "daphne 4.", "Execution table: Async view, request #1"):
        assert text in done.stdout
    assert "came after" in done.stdout or "The machine was too busy" in done.stdout
    for text in ("Request received", "Await fetch_data()", "Return the response", "Server block"):
        assert text in done.stdout


def test_a_terminal_shows_bars_while_it_happens(environment: dict[str, str]) -> None:
    ours, theirs = pty.openpty()
    environment |= {"TERM": "xterm-256color", "COLUMNS": "120"}
    command = [*COMMAND, "--requests", "2", "--wait", "0.5"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = _read_all(ours)
    os.close(ours)
    assert process.returncode == 0
    for text in ("0/2", "1/2", "2/2", "waiting"):
        assert text in shown


def test_what_is_printed_fits_eighty_columns(environment: dict[str, str]) -> None:
    done = send(environment | {"COLUMNS": "80"}, "--requests", "1", "--wait", "0.2")
    assert "…" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--requests", "0"), "--requests: Requests must be a whole number from 1 to 100."),
        (("--requests", "101"), "--requests: "),
        (("--requests", "2.5"), "--requests: "),
        (("--requests", "many"), "--requests: "),
        (("--wait", "0"), "--wait: Wait must be a number from 0.1 to 3.0."),
        (("--wait", "nan"), "--wait: "),
        (("--workers", "17"), "--workers: Workers must be a whole number from 1 to 16."),
        (("--lane", "nope"), "choose sync@waitress, async@daphne, async_blocking@daphne or sync@daphne."),
        (("--lane", "async@waitress"), "--lane: why-async-matters has no lane 'async@waitress'"),
        (("--lane", "sync@"), "--lane: "),
        (("--lane", "sync", "--lane", "sync@waitress"), "--lane: Choose each lane once."),
        (("--lesson", "nope"), "--lesson: there is no lesson 'nope'; choose why-async-matters or await-together."),
        (("--nope",), "--nope"),
    ],
)
def test_a_bad_option_is_named_and_nothing_is_run(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["manage.py", "send", *options])
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""


def test_in_a_terminal_a_bad_option_ends_it_with_a_sentence(environment: dict[str, str]) -> None:
    done = send(environment, "--requests", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "CommandError: --requests: Requests must be a whole number from 1 to 100.\n"


def test_interrupting_cancels_the_run_cleanly(environment: dict[str, str]) -> None:
    command = [*COMMAND, "--json", "--requests", "3", "--wait", "3"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        kinds = []
        for line in process.stdout:
            kinds.append(json.loads(line).get("kind", "header"))
            if kinds[-1] == "fetch.called":
                os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the children, too
                break
        rest = [json.loads(line) for line in process.stdout]
        assert rest[-1]["data"]["outcome"] == "cancelled"
        assert "cancel.requested" in [record["kind"] for record in rest]
        assert process.stderr.read() == "CommandError: The run was cancelled.\n"
    assert process.returncode == 130


def test_a_reader_that_leaves_early_ends_it(environment: dict[str, str]) -> None:
    command = [*COMMAND, "--json", "--requests", "1", "--wait", "3"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert "live-lessons run" in process.stdout.readline()
        process.stdout.close()
        assert process.wait(10) == 1
        assert process.stderr.read() == ""


def _read_all(fd: int) -> str:
    chunks = []
    try:
        while chunk := os.read(fd, 65536):
            chunks.append(chunk)
    except OSError:  # how Linux says that the other end has closed
        pass
    return b"".join(chunks).decode()
