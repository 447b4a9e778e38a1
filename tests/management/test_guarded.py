"""What a site that runs leaves open to others: no file of its data, no secret in the processes of its runs."""

import resource
import shutil
import sys
from pathlib import Path

from tests.neighbour import ORDINARY, readable_files
from tests.processes import Process, Site, clean_environ
from tests.runs.sending import last_frame
from tests.visiting import Visitor

SECRET = "a-secret-that-no-lane-may-know-" * 2


def environment(pid: int) -> bytes:
    """As far as this user may know it."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except PermissionError:
        return b""


def test_data_are_their_owners_alone(tmp_path: Path) -> None:
    site = Site(tmp_path / "site").ready()
    try:
        data = tmp_path / "site" / "data"
        assert data.stat().st_mode & 0o077 == 0
        assert [path.name for path in data.glob("db.sqlite3*") if path.stat().st_mode & 0o077] == []
        assert (data / "db.sqlite3").exists()
    finally:
        site.kill()


def test_no_process_of_a_run_has_a_secret_in_its_environment(tmp_path: Path, prepared: Path) -> None:
    site = Site(tmp_path / "site", prepared, SECRET_KEY=SECRET).ready()
    try:
        last_frame(site.url, Visitor(site.url).send())  # the lab is up now, and spare processes are
        others = [pid for pid in site.members() if pid != site.pid]
        knowing = [pid for pid in others if SECRET.encode() in environment(pid)]
        assert len(others) > 2
        assert knowing == []
    finally:
        site.kill()


def test_no_process_with_a_secret_or_with_the_code_of_a_lesson_can_be_read_by_another(
    tmp_path: Path, prepared: Path
) -> None:
    shutil.copytree(prepared, tmp_path / "data")
    environ = clean_environ(DATA_DIR=str(tmp_path / "data"), PORT="0")
    site = Process([*ORDINARY, sys.executable, "manage.py", "serve"], tmp_path / "output.txt", environ)
    try:
        url = site.until_prints(r"open at (http://\S+)/ ")[1]
        last_frame(url, Visitor(url).send())
        commands = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in site.members()}
        mine = [pid for pid, command in commands.items() if "resource_tracker" not in command]
        assert len(mine) > 2
        assert {pid: readable_files(pid) for pid in mine} == {pid: ["time"] for pid in mine}
    finally:
        site.stop()


def test_it_may_have_as_many_connections_as_the_system_lets_it(tmp_path: Path, prepared: Path) -> None:
    site = Site(tmp_path / "site", prepared).ready()
    try:
        soft, hard = resource.prlimit(site.pid, resource.RLIMIT_NOFILE)
        assert soft == hard
    finally:
        site.kill()
