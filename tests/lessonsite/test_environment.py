"""What the environment may say, and how loudly a bad value is refused."""

from pathlib import Path

import pytest

from lessonsite.environment import VARIABLES, YEAR, BadEnvironment, read_environment
from lessonsite.formats import Database

BAD = {
    "DEBUG": ["maybe"],
    "SECRET_KEY": ["short"],
    "ALLOWED_HOSTS": ["example.org:8000", ",", "https://example.org"],
    "CSRF_TRUSTED_ORIGINS": ["example.org", "https://example.org/", "https://", "https://a.org#b", "https://me@a.org"],
    "DATA_DIR": [__file__, f"{__file__}/below", "~nobody-of-this-name/data", "/dev/null/below"],
    "DATABASE_URL": [
        "mysql://localhost/lessons",
        "postgres://localhost",
        "postgres://localhost:port/lessons",
        "postgres://localhost/lessons?sslmode=require",
        "sqlite://host/file",
    ],
    "REDIS_URL": [
        "localhost:6379",
        "redis://",
        "redis://host:port/0",
        "redis://host/lessons",
        "unix://",
        "http://host",
    ],
    "SECURE": ["2"],
    "PROXIES": ["-1", "nginx"],
    "HSTS_SECONDS": ["a year", "-1"],
    "HSTS_SUBDOMAINS": ["all"],
    "HSTS_PRELOAD": ["chrome"],
    "HOST": ["not a host"],
    "PORT": ["70000", "http"],
    "LAB_APART": ["elsewhere"],
    "DRAIN_SECONDS": ["-1", "for ever"],
    "LAB_MAX_RUNS": ["0", "1.5"],
    "DATABASE_CONNECTIONS": ["0"],
    "LAB_CORES": ["-1", "all"],
    "LAB_MAX_QUEUE": ["-1"],
    "METRICS": ["on please"],
    "LOG_FORMAT": ["XML"],
    "ADDRESS_RUNS": ["0", "many"],
    "CONNECTIONS": ["9", "all"],
    "ADDRESS_CONNECTIONS": ["0", "few"],
    "REQUEST_SECONDS": ["0", "601"],
    "LAB_TIME_BOX": ["nan", "inf"],
    "RUN_TTL": ["soon", "599"],
    "ARCHIVE_DAYS": ["0"],
    "ARCHIVE_MAX_RUNS": ["-1"],
    "SECURITY_CONTACT": ["security@example.org", "http://example.org/", "mailto:a@b\nExpires: never"],
    "FORGET_DAYS": ["-1", "never"],
    "LOG_LEVEL": ["LOUD"],
}


def told(**environ: str) -> str:
    """What is said of a bad environment."""
    with pytest.raises(BadEnvironment) as caught:
        read_environment(environ)
    return str(caught.value)


def test_an_empty_environment_is_made_for_production():
    found = read_environment({})
    assert (found.debug, found.secure, found.redis_url, found.port) == (False, False, "", 8000)
    assert found.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert found.database == Database("django.db.backends.sqlite3", str(found.data_dir / "db.sqlite3"))
    assert (found.lab_max_runs, found.lab_max_queue, found.lab_time_box, found.run_ttl) == (16, 64, 30.0, 3600.0)


def test_an_empty_value_means_the_default():
    assert read_environment(dict.fromkeys(VARIABLES, " ")) == read_environment({})


@pytest.mark.parametrize("name", VARIABLES)
def test_a_bad_value_is_refused_with_name_and_what_is_allowed(name: str):
    for value in BAD[name]:
        line = told(**{name: value})
        assert line.startswith(f"The environment variable {name} has ")
        assert line.endswith(f"Allowed: {VARIABLES[name].format.allowed}.")
        assert "\n" not in line


@pytest.mark.parametrize("name", VARIABLES)
def test_a_bad_value_is_shown_unless_it_is_secret(name: str):
    for value in BAD[name]:
        assert (repr(value) in told(**{name: value})) != VARIABLES[name].secret


def test_secret_values_are_the_key_and_the_addresses_that_may_hold_a_password():
    assert {name for name, each in VARIABLES.items() if each.secret} == {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"}


def test_everything_that_is_wrong_is_told_at_once():
    lines = told(PORT="70000", ALOWED_HOSTS="example.org", LOG_LEVEL="LOUD").splitlines()
    assert [next(name for name in ("ALOWED_HOSTS", "PORT", "LOG_LEVEL") if name in line) for line in lines] == [
        "ALOWED_HOSTS",
        "PORT",
        "LOG_LEVEL",
    ]


def test_a_long_value_with_several_lines_is_told_in_one_short_line():
    line = told(ALLOWED_HOSTS="a b\n" * 1000)
    assert len(line.splitlines()) == 1
    assert len(line) < 250


def test_a_postgresql_address_is_taken_apart():
    found = read_environment({"DATABASE_URL": "postgres://anna:a%40b@db.example.org:5433/lessons"}).database
    assert found == Database("django.db.backends.postgresql", "lessons", "anna", "a@b", "db.example.org", "5433")


def test_a_sqlite_address_names_a_file():
    assert read_environment({"DATABASE_URL": "sqlite:///srv/lessons.db"}).database.name == "/srv/lessons.db"


@pytest.mark.parametrize(
    "url", ["redis://h", "redis://:pw@h:1/2", "rediss://h:1", "unix:///run/r.sock", "redis://[::1]:1/0"]
)
def test_a_redis_address_is_taken_as_it_is(url: str):
    assert read_environment({"REDIS_URL": url}).redis_url == url


def test_the_data_folder_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    assert read_environment({"DATA_DIR": "state"}).data_dir == tmp_path / "state"


def test_lists_are_parted_by_commas():
    found = read_environment(
        {"ALLOWED_HOSTS": "example.org, .example.com ,", "CSRF_TRUSTED_ORIGINS": "https://a.org,http://*.b.org:81"}
    )
    assert found.allowed_hosts == ("example.org", ".example.com")
    assert found.csrf_trusted_origins == ("https://a.org", "http://*.b.org:81")


@pytest.mark.parametrize(
    "environ",
    [
        {"HSTS_SUBDOMAINS": "1"},
        {"SECURE": "1", "HSTS_SUBDOMAINS": "1", "HSTS_SECONDS": "0"},
        {"SECURE": "1", "HSTS_PRELOAD": "1", "HSTS_SECONDS": str(YEAR)},
        {"SECURE": "1", "HSTS_PRELOAD": "1", "HSTS_SUBDOMAINS": "1"},
    ],
)
def test_what_would_have_no_effect_is_refused(environ: dict[str, str]):
    assert "HSTS_" in told(**environ)


def test_preloading_is_had_by_saying_all_of_it():
    found = read_environment({"SECURE": "1", "HSTS_PRELOAD": "1", "HSTS_SUBDOMAINS": "1", "HSTS_SECONDS": str(YEAR)})
    assert (found.hsts_preload, found.hsts_subdomains, found.hsts_seconds) == (True, True, YEAR)


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{'k' * 40}\n")
    assert read_environment({"SECRET_KEY_FILE": str(file)}).secret_key == "k" * 40
    assert read_environment({"SECRET_KEY_FILE": ""}).secret_key == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file or directory"),
        (b"\n", "it is empty"),
        (b"\xff" * 40, "it is not text"),
        (b"k" * 5000, "it is larger than 4096 bytes"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_without_its_content(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "url"
    if content is not None:
        file.write_bytes(content)
    assert told(REDIS_URL_FILE=str(file)) == f"The file that REDIS_URL_FILE names, {file}, cannot be used: {reason}."


def test_a_value_from_a_file_is_checked_like_any_other_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("http://user:hidden@host")
    said = told(REDIS_URL_FILE=str(tmp_path / "url"))
    assert "REDIS_URL has a value that is not shown" in said
    assert "hidden" not in said


def test_a_secret_in_two_places_is_refused(tmp_path: Path) -> None:
    assert told(SECRET_KEY="k" * 40, SECRET_KEY_FILE=str(tmp_path / "key")) == (
        "SECRET_KEY and SECRET_KEY_FILE are both set. Keep one of them."
    )
