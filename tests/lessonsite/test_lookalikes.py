"""A name that is nearly one of ours is told; what ordinary environments hold is left alone."""

import os

import pytest

from lessonsite.environment import OWN, VARIABLES, BadEnvironment, read_environment
from lessonsite.lookalikes import OTHER_NAMES, among

MEANT = {
    "ALLOWED_HOST": "ALLOWED_HOSTS",
    "ALOWED_HOSTS": "ALLOWED_HOSTS",
    "ALLWOED_HOSTS": "ALLOWED_HOSTS",
    "ALLOWEDHOSTS": "ALLOWED_HOSTS",
    "allowed_hosts": "ALLOWED_HOSTS",
    "DJANGO_ALLOWED_HOSTS": "ALLOWED_HOSTS",
    "CSRF_TRUST_ORIGINS": "CSRF_TRUSTED_ORIGINS",
    "TRUSTED_ORIGINS": "CSRF_TRUSTED_ORIGINS",
    "LAB_MAX_RUN": "LAB_MAX_RUNS",
    "LAB_TIMEBOX": "LAB_TIME_BOX",
    "ARCHIVE_DAY": "ARCHIVE_DAYS",
    "ARCHIVES_MAX_RUN": "ARCHIVE_MAX_RUNS",
    "RUNTTL": "RUN_TTL",
    "DATADIR": "DATA_DIR",
    "REDIS_URI": "REDIS_URL",
    "DATABASE_URI": "DATABASE_URL",
    "DB_URL": "DATABASE_URL",
    "SECRETKEY": "SECRET_KEY",
    "SECRET-KEY": "SECRET_KEY",
    "DJANGO_SECRET_KEY": "SECRET_KEY",
    "DJANGO_DEBUG": "DEBUG",
    "LESSONS_LOG_LEVEL": "LOG_LEVEL",
    "SECURE_SSL_REDIRECT": "SECURE",
    "SECURE_HSTS_SECONDS": "HSTS_SECONDS",
}
ORDINARY = """
    HOME HOSTNAME HOSTTYPE HOSTS USER PATH PWD SHELL TERM DISPLAY LANG LC_ALL LOGNAME LS_COLORS EDITOR PAGER TMPDIR TZ
    XDG_DATA_DIR XDG_DATA_DIRS XDG_RUNTIME_DIR DBUS_SESSION_BUS_ADDRESS SSH_AUTH_SOCK DEBUG_COLORS DEBUGINFOD_URLS
    PORTS PORT_8000 HTTP_PORT HTTPS_PORT SERVER_PORT APP_PORT LOGLEVEL LOG_LEVELS DEBUGGER SECURED SECRET SECRETS
    AWS_SECRET_KEY AWS_SECRET_ACCESS_KEY S3_SECRET_KEY SECRET_KEY_BASE SECRET_TOKEN JWT_SECRET_KEY
    DATABASE DATABASE_HOST DATABASE_PORT DATABASE_USER DATABASE_NAME DATABASE_SSL DATABASE_PRIVATE_URL DATABASE_DIR
    POSTGRES_URL POSTGRES_PASSWORD PGHOST PGDATA PGSSLMODE REDIS REDIS_HOST REDIS_PORT REDIS_PASSWORD REDIS_TLS_URL
    REDIS_PORT_6379_TCP REDIS_SERVICE_HOST DATABASE_SERVICE_PORT DJANGO_PORT DJANGO_SERVICE_HOST LESSONS_PORT
    LESSONS_HOST LESSONS_LAB_OWNER DJANGO_SETTINGS_MODULE DJANGO_SUPERUSER_PASSWORD DJANGO_COLORS
    DJANGO_ALLOW_ASYNC_UNSAFE DJANGO_RUNSERVER_HIDE_WARNING DATA_DIM DATE_DIR RUN_TTY RUN_ID RUNNER_TEMP
    ARCHIVE ARCHIVE_DIR ARCHIVE_DATE ALLOWED_IPS ALLOWED_ORIGINS LAB LABEL GITLAB_USER_ID CI CI_JOB_ID MAKEFLAGS
    GITHUB_RUN_ID GITHUB_REF_NAME KUBERNETES_SERVICE_HOST VIRTUAL_ENV PYTHONPATH PYTHONUNBUFFERED COMPOSE_PROJECT_NAME
    SECURE_BOOT HOST_IP HSTS HSTS_MAX_AGE POD_NAME NODE_ENV npm_config_cache NO_PROXY http_proxy OLDPWD _
"""


@pytest.mark.parametrize(("name", "meant"), MEANT.items())
def test_a_name_that_can_only_be_meant_for_us_is_refused(name: str, meant: str):
    with pytest.raises(BadEnvironment, match=f"^The environment variable {name} is not read. Is {meant} meant?"):
        read_environment({name: "a-secret-value"})


def test_the_value_of_a_lookalike_is_not_shown():
    with pytest.raises(BadEnvironment) as caught:
        read_environment({"SECRETKEY": "a-secret-value", "DATABASE_URI": "postgres://anna:pa55@db/lessons"})
    assert "a-secret-value" not in str(caught.value)
    assert "pa55" not in str(caught.value)


def test_ordinary_environments_are_left_alone():
    assert dict(among(dict.fromkeys(ORDINARY.split(), "x"), OWN, frozenset(VARIABLES))) == {}
    assert dict(among(os.environ, OWN, frozenset(VARIABLES))) == {}


def test_an_empty_lookalike_says_nothing():
    assert read_environment({"ALOWED_HOSTS": " "}) == read_environment({})


@pytest.mark.parametrize("value", ["example.org", ""])
def test_who_has_set_the_variable_that_would_be_meant_may_have_the_other_too(value: str):
    assert read_environment({"ALLOWED_HOST": "other.example", "ALLOWED_HOSTS": value}) == read_environment(
        {"ALLOWED_HOSTS": value}
    )


def test_other_names_lead_to_variables_that_there_are():
    assert set(OTHER_NAMES.values()) <= set(VARIABLES)
    assert not set(OTHER_NAMES) & set(VARIABLES)


def test_no_variable_looks_like_another():
    for name in VARIABLES:
        assert not list(among({name: "x"}, OWN - {name}, frozenset(VARIABLES) - {name}))
