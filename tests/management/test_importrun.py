"""`manage.py importrun`: runs from elsewhere, whole and harmless, or not at all."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from lessons import catalogue
from lessons.log import jsonl
from lessons.management.commands import importrun
from lessons.models import ArchivedRun
from lessons.runs import archive
from tests.processes import ROOT, clean_environ
from tests.stage import scenes

pytestmark = pytest.mark.django_db
SLUG = "why-async-matters"
BOMB = '{"a":' * 5000 + "1" + "}" * 5000


def exported() -> str:
    return "".join(jsonl.dump_run(SLUG, scenes.one_each()))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A run that can be imported."""
    path = tmp_path / "events.jsonl"
    path.write_text(exported())
    return path


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("importrun", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_run_that_is_imported_has_an_address_and_every_event(file: Path) -> None:
    address = run(file)
    found = re.fullmatch(rf"/lessons/{SLUG}/runs/([\w-]{{16}})/\n", address)
    assert found, address
    row = ArchivedRun.objects.get(run=found[1])
    assert (row.learner, row.lesson, row.outcome, row.python) == ("", SLUG, "done", "3.13")
    events = archive.unpack_events(bytes(row.events))
    assert "".join(jsonl.dump_run(SLUG, events)) == exported()


def test_the_same_file_twice_is_two_runs(file: Path) -> None:
    first, second = run(file, file).split()
    assert first != second
    assert ArchivedRun.objects.count() == 2


def test_checking_stores_nothing(file: Path) -> None:
    assert run("--check", file) == f"{file}: a run of {SLUG} with {len(scenes.one_each())} events\n"
    assert not ArchivedRun.objects.exists()


def test_a_bundled_run_can_be_imported() -> None:
    assert run(*(each.recorded for each in catalogue.all_lessons().values())).count("\n") == 2


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(exported().encode())))
    assert run("-").startswith(f"/lessons/{SLUG}/runs/")


def changed(number: int, **changes: Any) -> bytes:
    """The export with the line of this number (from 1) changed."""
    lines = exported().splitlines()
    lines[number - 1] = json.dumps({**json.loads(lines[number - 1]), **changes})
    return "\n".join(lines).encode()


def line(number: int, text: str) -> bytes:
    """The export with another line of this number."""
    lines = exported().splitlines()
    lines[number - 1] = text
    return "\n".join(lines).encode()


BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "line 1: is not JSON"),
    "an empty line": (b"\n", "line 1: is not JSON"),
    "a page": (b"<!DOCTYPE html><script>alert(1)</script>", "line 1: is not JSON"),
    "bytes": (bytes(range(128, 256)), "line 1: is not UTF-8"),
    "bytes within": (exported().encode().replace(b"WSGIRequest", b"\xff", 1), "line 16: is not UTF-8"),
    "no header": (exported().partition("\n")[2].encode(), "line 1: is not the header of a run"),
    "header alone": (jsonl.header_line(SLUG).encode(), "line 1: no event follows the header"),
    "another version": (changed(1, version=2), "line 1: version must not be 2"),
    "unknown lesson": (changed(1, lesson="no-such"), "line 1: this site has no lesson 'no-such'; it has why-async"),
    "hostile lesson": (changed(1, lesson="../../etc"), "line 1: this site has no lesson '../../etc'"),
    "another lesson": (changed(1, lesson="await-together"), "has no lane 'sync@waitress'"),
    "cut off": (exported().encode()[:-400], "is not JSON"),
    "end missing": (exported().rpartition('{"seq"')[0].encode(), "begins with run.created and ends with run.ended"),
    "a gap": (changed(5, seq=99), "line 5: seq is 99, not 4"),
    "twice": (exported().encode() + exported().encode(), "is not an event"),
    "nested bomb": (line(4, BOMB), "line 4: is not"),
    "list bomb": (line(4, "[" * 60_000), "line 4: is not JSON"),
    "endless line": (line(4, '"' + "x" * 70_000 + '"'), "line 4: has 70,002 characters"),
    "endless number": (line(4, "9" * 5000), "line 4: is not JSON"),
    "no number": (changed(4, t=float("nan")), "line 4: is not JSON: NaN is not a number"),
    "infinity in disguise": (changed(4).replace(b'"t": 0.01', b'"t": 1e999'), "line 4: t is not a time"),
    "giant": (changed(4).replace(b'"pid": 4711', b'"pid": 1' + b"0" * 400), "line 4: not an event: pid"),
    "script for a kind": (changed(4, kind="<script>alert(1)</script>"), "there is no event kind"),
    "control character": (line(4, "\x00"), "line 4: is not JSON"),
    "deep values": (
        changed(8, kind="line.reached", data={"line": 1, "locals": json.loads("[" * 50 + "]" * 50)}),
        "line 8",
    ),
}


@pytest.mark.parametrize("mistake", BAD)
def test_what_is_no_run_is_told_and_not_stored(mistake: str, tmp_path: Path, file: Path) -> None:
    content, reason = BAD[mistake]
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(content)
    with pytest.raises(CommandError) as caught:
        run(file, bad)
    told = str(caught.value)
    assert told.startswith(f"{bad}: ")
    assert reason in told
    assert told.endswith("\nNothing was imported.")
    assert told.count("\n") <= 10
    assert told.replace("\n", "").isprintable()
    assert not ArchivedRun.objects.exists()


@pytest.mark.parametrize(
    ("limit", "most", "reason"),
    [("MAX_BYTES", 1024**2, "is larger than 1 MB"), ("MAX_EVENTS", 10, "lines; a run may have 10 events")],
)
def test_a_run_that_is_too_large_is_refused(
    limit: str, most: int, reason: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importrun, limit, most)
    large = tmp_path / "large.jsonl"
    large.write_text(exported() * 400)
    with pytest.raises(CommandError, match=reason):
        run(large)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be opened: No such file"):
        run(tmp_path / "none.jsonl")
    with pytest.raises(CommandError, match="cannot be opened: Is a directory"):
        run(tmp_path)


def test_the_command_reads_a_pipe_and_ends_with_a_status(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "importrun", "--check", "-"]
    environ = clean_environ(DATA_DIR=str(tmp_path))
    options: dict[str, Any] = {"cwd": ROOT, "env": environ, "capture_output": True, "timeout": 60, "check": False}
    good = subprocess.run(command, input=exported().encode(), **options)
    assert (good.returncode, good.stderr) == (0, b"")
    bad = subprocess.run(command, input=b"\xff\x00", **options)
    assert bad.returncode == 1
    assert bad.stderr.decode().startswith("CommandError: -: line 1: is not UTF-8")
