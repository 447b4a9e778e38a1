"""What docs/OPERATIONS.md tells operators to do, done."""

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lessonsite.environment import VARIABLES
from tests.deploy.parts import PostgresServer, program
from tests.processes import ROOT, Site, clean_environ
from tests.runs.sending import sent
from tests.visiting import Visitor

OPERATIONS = (ROOT / "docs" / "OPERATIONS.md").read_text()
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())


def recipe(start: str) -> list[str]:
    """The command of the document that begins so, in words."""
    (line,) = re.findall(rf"^    ({re.escape(start)}.*)$", OPERATIONS, re.MULTILINE)
    return shlex.split(line)


def test_a_backup_of_sqlite_is_taken_while_the_site_runs_and_restored(tmp_path: Path, prepared: Path) -> None:
    site = Site(tmp_path / "site", prepared).ready()
    data = tmp_path / "site" / "data"
    command = recipe(".venv/bin/python -m sqlite3")
    try:
        visitor = Visitor(site.url)
        kept = sent(visitor)
        command[0], command[3] = sys.executable, str(data / "db.sqlite3")
        subprocess.run(command, check=True, cwd=tmp_path)
        later = sent(visitor)
    finally:
        site.kill()
    shutil.copy(tmp_path / "backup.sqlite3", data / "db.sqlite3")
    for leaving in ("db.sqlite3-wal", "db.sqlite3-shm"):
        (data / leaving).unlink(missing_ok=True)
    again = Site(tmp_path / "site").ready()
    try:
        page = visitor.at(again.url).page("/runs/")
    finally:
        again.kill()
    assert (kept in page, later in page) == (True, False)


def test_a_backup_of_postgresql_is_taken_while_the_site_runs_and_restored(tmp_path: Path, prepared: Path) -> None:
    server = PostgresServer()
    tools = Path(program("initdb")).parent
    dump, restore = (
        shlex.split(shlex.join(recipe(f"docker compose exec -T postgres {tool}"))) for tool in ("pg_dump", "pg_restore")
    )
    to, into = dump.index(">"), restore.index("<")

    def run(words: list[str], **files: object) -> None:
        address = re.fullmatch(r"postgres://lessons@127\.0\.0\.1:(\d+)/postgres", server.url)
        assert address
        own = [
            "postgres" if word == "lessons" and at and words[at - 1] != "--username" else word
            for at, word in enumerate(words)
        ]
        subprocess.run([str(tools / own[0]), "--host=127.0.0.1", f"--port={address[1]}", *own[1:]], check=True, **files)  # type: ignore[call-overload]

    try:
        site = Site(tmp_path / "site", prepared, DATABASE_URL=server.start().url).ready()
        try:
            visitor = Visitor(site.url)
            kept = sent(visitor)
            with (tmp_path / "backup.dump").open("wb") as file:
                run(dump[5:to], stdout=file)
            later = sent(visitor)
        finally:
            site.kill()
        with (tmp_path / "backup.dump").open("rb") as backup:
            run(restore[5:into], stdin=backup)
        again = Site(tmp_path / "site", DATABASE_URL=server.url).ready()
        try:
            page = visitor.at(again.url).page("/runs/")
        finally:
            again.kill()
    finally:
        server.close()
    assert (kept in page, later in page) == (True, False)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_starts_what_there_is_and_gives_its_runs_time(unit: Path) -> None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit)
    service = parser["Service"]
    python, *command = shlex.split(service["ExecStart"])
    assert python.endswith(".venv/bin/python")
    assert command in (["manage.py", "serve"], ["manage.py", "lab"])
    subprocess.run([sys.executable, *command, "--help"], check=True, cwd=ROOT, env=clean_environ(), capture_output=True)
    given = {word.partition("=")[0] for word in shlex.split(service["Environment"])}
    assert given <= {*VARIABLES, "PYTHONUNBUFFERED"}
    assert int(service["TimeoutStopSec"]) > float(VARIABLES["DRAIN_SECONDS"].default) + 10
    assert unit.name in OPERATIONS
