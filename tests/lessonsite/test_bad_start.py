"""Whatever is started with a bad setting ends at once, with a line on stderr and without a traceback."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import get_commands
from redis import Redis

from tests.log.redis_server import RedisServer
from tests.processes import ROOT, clean_environ

FAULTS = {
    "value": ({"LAB_MAX_RUNS": "many"}, "LAB_MAX_RUNS has the value 'many'"),
    "secret": ({"SECRET_KEY": "pa55"}, "SECRET_KEY has a value that is not shown"),
    "name": ({"ALOWED_HOSTS": "pa55"}, "ALOWED_HOSTS is not read. Is ALLOWED_HOSTS meant?"),
    "both": ({"SECRETKEY": "pa55", "PORT": "http"}, "PORT has the value 'http'"),
    "contradiction": ({"HSTS_PRELOAD": "1"}, "HSTS_PRELOAD=1 needs SECURE=1"),
    "folder": ({"DATA_DIR": "/dev/null"}, "DATA_DIR has the value '/dev/null'"),
}
STARTS = {
    "serve": [sys.executable, "manage.py", "serve"],
    "serve --reload": [sys.executable, "manage.py", "serve", "--reload"],
    "daphne": [sys.executable, "-m", "daphne", "-p", "0", "lessonsite.asgi:application"],
    "manage.py": [sys.executable, "manage.py"],
    **{name: [sys.executable, "manage.py", name] for name in ("check", "migrate", "createsuperuser")},
    **{name: [sys.executable, "manage.py", name] for name, app in sorted(get_commands().items()) if app == "lessons"},
}


def ended(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    environ = clean_environ(**variables)
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)


def assert_told(found: subprocess.CompletedProcess[str], line: str, lines: int = 2) -> None:
    assert found.returncode != 0
    assert line in found.stderr
    assert 1 <= len(found.stderr.splitlines()) <= lines
    assert found.stdout == ""
    assert "pa55" not in found.stderr


@pytest.mark.parametrize("start", STARTS)
def test_every_entry_point_ends_with_a_line(start: str, tmp_path: Path):
    assert_told(ended(STARTS[start], DATA_DIR=str(tmp_path), LAB_MAX_RUNS="many"), FAULTS["value"][1], 1)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_kind_of_fault_is_told(fault: str, tmp_path: Path):
    variables, line = FAULTS[fault]
    assert_told(ended(STARTS["serve"], **{"DATA_DIR": str(tmp_path), **variables}), line)


def test_make_run_says_it_too():
    found = ended(["make", "run", "PORT=http"])
    assert_told(found, "PORT has the value 'http'")
    assert found.stderr.splitlines()[1].startswith("make: ***")  # make's own word for it


def test_a_secret_key_that_cannot_be_read_is_told(tmp_path: Path):
    (tmp_path / "secret_key").mkdir()
    assert_told(ended(STARTS["serve"], DATA_DIR=str(tmp_path)), "The secret key cannot be read from", 1)


def test_a_damaged_secret_key_is_told(tmp_path: Path):
    (tmp_path / "secret_key").write_text("pa55")
    assert_told(ended(STARTS["serve"], DATA_DIR=str(tmp_path)), "is damaged. Delete the file, or set SECRET_KEY.", 1)


@pytest.mark.parametrize("command", ["serve", "forget", "createsuperuser"])
@pytest.mark.parametrize("url", ["postgres://anna:pa55@127.0.0.1:1/lessons", "sqlite:///proc/db.sqlite3"])
def test_a_database_that_cannot_be_used_is_told(command: str, url: str, tmp_path: Path):
    found = ended(
        [*STARTS["manage.py"], command, *(["--port=0"] if command == "serve" else [])],
        DATABASE_URL=url,
        DATA_DIR=str(tmp_path),
    )
    assert_told(found, "The database of DATABASE_URL cannot be used: ", 1)


def test_a_redis_that_is_not_there_is_told(tmp_path: Path):
    found = ended([*STARTS["serve"], "--port=0"], REDIS_URL="redis://127.0.0.1:1/0", DATA_DIR=str(tmp_path))
    assert_told(found, "The Redis of REDIS_URL cannot be used: Error 111 connecting to 127.0.0.1:1.", 1)


def test_a_redis_that_refuses_the_password_is_told(redis_server: RedisServer, tmp_path: Path):
    with Redis.from_url(redis_server.url) as redis:
        redis.config_set("requirepass", "another")
    url = redis_server.url.replace("redis://", "redis://:pa55@")
    found = ended([*STARTS["serve"], "--port=0"], REDIS_URL=url, DATA_DIR=str(tmp_path))
    assert_told(found, "The Redis of REDIS_URL cannot be used: ", 1)


def test_a_database_of_a_later_version_is_told(prepared: Path, tmp_path: Path):
    shutil.copytree(prepared, data := tmp_path / "data")
    with closing(sqlite3.connect(data / "db.sqlite3")) as database, database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('lessons', '9999_later', '2026-11-01')"
        )
    found = ended([*STARTS["serve"], "--port=0"], DATA_DIR=str(data))
    assert_told(found, "was used by a later version of this site: it has the migration lessons.9999_later.", 1)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_of_somebody_else_is_told(tmp_path: Path):
    tmp_path.chmod(0o755)
    nobody = "os.setgroups([]); os.setgid(65534); os.setuid(65534)"
    drop = f"import os; from lessonsite.environment import read_environment as read; {nobody}"
    found = ended([sys.executable, "-c", f"{drop}; read({{'DATA_DIR': {str(tmp_path)!r}}})"])
    assert "Allowed: a folder that can be written to" in found.stderr
