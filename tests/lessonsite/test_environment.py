"""What the environment may say, and how loudly a bad value is refused."""

from pathlib import Path

import pytest

from lessonsite import environment
from lessonsite.environment import BadEnvironment, Database, read
from tests.processes import ROOT

BAD = {
    "DEBUG": "maybe",
    "SECRET_KEY": "short",
    "ALLOWED_HOSTS": "example.org:8000",
    "CSRF_TRUSTED_ORIGINS": "example.org",
    "DATA_DIR": __file__,
    "DATABASE_URL": "mysql://localhost/lessons",
    "REDIS_URL": "localhost:6379",
    "SECURE": "2",
    "HOST": "not a host",
    "PORT": "70000",
    "LAB_MAX_RUNS": "0",
    "LAB_MAX_QUEUE": "-1",
    "LAB_TIME_BOX": "nan",
    "RUN_TTL": "soon",
    "ARCHIVE_DAYS": "0",
    "ARCHIVE_MAX_RUNS": "-1",
    "LOG_LEVEL": "LOUD",
}


def test_an_empty_environment_is_made_for_production():
    found = read({})
    assert (found.debug, found.secure, found.redis_url, found.port) == (False, False, "", 8000)
    assert found.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert found.database_url.name == str(found.data_dir / "db.sqlite3")
    assert (found.lab_max_runs, found.lab_max_queue, found.lab_time_box, found.run_ttl) == (16, 64, 30.0, 3600.0)


def test_an_empty_value_means_the_default():
    assert read(dict.fromkeys(BAD, "")) == read({})


@pytest.mark.parametrize("name", environment.VARIABLES)
def test_a_bad_value_is_refused_with_name_and_what_is_allowed(name: str):
    with pytest.raises(BadEnvironment) as caught:
        read({name: BAD[name]})
    assert name in str(caught.value)
    assert environment.VARIABLES[name][2] in str(caught.value)


def test_a_bad_value_is_shown_unless_it_is_secret():
    with pytest.raises(BadEnvironment, match="70000"):
        read({"PORT": "70000"})
    with pytest.raises(BadEnvironment) as caught:
        read({"DATABASE_URL": "mysql://lessons:pa55@localhost/lessons"})
    assert "pa55" not in str(caught.value)


def test_a_postgresql_address_is_taken_apart():
    found = read({"DATABASE_URL": "postgres://anna:a%40b@db.example.org:5433/lessons"}).database_url
    assert found == Database("django.db.backends.postgresql", "lessons", "anna", "a@b", "db.example.org", "5433")


def test_a_sqlite_address_names_a_file():
    assert read({"DATABASE_URL": "sqlite:///srv/lessons.db"}).database_url.name == "/srv/lessons.db"


def test_the_data_folder_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    assert read({"DATA_DIR": "state"}).data_dir == tmp_path / "state"


def test_lists_are_parted_by_commas():
    found = read(
        {"ALLOWED_HOSTS": "example.org, .example.com ,", "CSRF_TRUSTED_ORIGINS": "https://a.org,http://b.org:81"}
    )
    assert found.allowed_hosts == ("example.org", ".example.com")
    assert found.csrf_trusted_origins == ("https://a.org", "http://b.org:81")


@pytest.mark.parametrize("name", environment.VARIABLES)
def test_every_variable_is_in_the_readme(name: str):
    assert f"`{name}`" in (ROOT / "README.md").read_text()
