"""`/readyz` has a word for each part, and says what is wrong as it goes wrong."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import StartSite
from tests.log.redis_server import RedisServer
from tests.processes import Site, free_port, get
from tests.waiting import until

READY = {"database": "ok", "event log": "ok", "lab": "ok, 0 runs going and 0 waiting", "lessons": "ok, 2"}
LATER = "INSERT INTO django_migrations (app, name, applied) VALUES ('lessons', '9999_later', '2026-11-01')"


def told(site: Site) -> tuple[int, dict[str, str]]:
    """Status, and the word of each part."""
    with get(f"{site.url}/readyz") as answer:
        lines = (line.partition(": ") for line in answer.read().decode().splitlines())
        return answer.status, {name: word for name, _, word in lines}


def until_told(site: Site, part: str, word: str) -> None:
    """It is said of this part, and nothing is said against the others."""

    def look() -> bool:
        status, words = told(site)
        return status == 503 and words[part].startswith(word) and words == READY | {part: words[part]}

    until(look, lambda: f"{part}: {word}; it says {told(site)}", 20)


def on_database(folder: Path, statement: str) -> None:
    (file,) = folder.glob("**/db.sqlite3")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(statement)


def test_a_site_that_can_serve_says_so(start_site: StartSite) -> None:
    assert told(start_site()) == (200, READY)


@pytest.mark.parametrize(
    ("statement", "word"),
    [(LATER, "ahead of this version by 1 migration"), ("DELETE FROM django_migrations", "behind by ")],
    ids=["ahead", "behind"],
)
def test_a_database_of_another_version_is_told(
    start_site: StartSite, tmp_path: Path, statement: str, word: str
) -> None:
    site = start_site()
    on_database(tmp_path, statement)
    until_told(site, "database", word)


def test_a_database_that_cannot_be_read_is_told(start_site: StartSite, tmp_path: Path) -> None:
    site = start_site()
    (file,) = tmp_path.glob("**/db.sqlite3")
    for each in file.parent.glob("db.sqlite3-*"):
        each.unlink()
    file.write_bytes(b"no database" * 1000)
    until_told(site, "database", "away (DatabaseError)")


def test_an_event_log_that_is_away_is_told_and_so_is_its_return(start_site: StartSite, tmp_path: Path) -> None:
    redis = RedisServer(tmp_path, free_port())
    redis.start()
    try:
        site = start_site(REDIS_URL=redis.url)
        assert told(site) == (200, READY)
        redis.stop()
        until_told(site, "event log", "no answer within 2 s")
        redis.start()
        until(lambda: told(site) == (200, READY), lambda: f"it is ready again; it says {told(site)}", 20)
    finally:
        redis.stop()
