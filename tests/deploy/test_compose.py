"""docker-compose.yml passes on every setting and holds every service to limits."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from deploy.cluster import NOBODY
from lessonsite.environment import VARIABLES, read_environment
from tests.processes import ROOT

COMPOSE: dict[str, Any] = YAML(typ="safe").load(ROOT / "docker-compose.yml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
WEBS = ("web1", "web2")
SITES = (*WEBS, "lab")
NOT_PASSED_ON = {
    "DEBUG": "errors are not shown to the public",
    "HOST": "the Dockerfile's: all addresses of the container",
    "PORT": "the Dockerfile's: nginx asks there",
    "DATA_DIR": "the Dockerfile's: a volume",
}
SET_HERE = {
    "DATABASE_URL": "the service postgres",
    "LAB_APART": "the service lab",
    "PROXIES": "the service nginx",
    "REDIS_URL": "the service redis",
}
GIVEN = {"SECRET_KEY": "k" * 50, "POSTGRES_PASSWORD": "p" * 32, "REDIS_PASSWORD": "r" * 32}
PATTERN = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def filled_in(text: str, given: Mapping[str, str]) -> str:
    """What Compose makes of `${NAME}`, `${NAME:-default}` and `${NAME:?message}`."""

    def value(match: re.Match[str]) -> str:
        name, sign, rest = match.groups()
        if sign == "?":
            assert given.get(name), rest
        return given.get(name) or (rest if sign == "-" else "")

    return PATTERN.sub(value, text)


def environ(service: str, **given: str) -> dict[str, str]:
    """The environment of a service's container, beside what the image sets."""
    return {name: filled_in(text, GIVEN | given) for name, text in SERVICES[service]["environment"].items()}


@pytest.mark.parametrize("service", SITES)
def test_every_variable_of_the_site_is_passed_on_or_left_out_for_a_reason(service: str):
    passed = {name for name, text in SERVICES[service]["environment"].items() if f"${{{name}:" in text}
    assert passed | set(SET_HERE) | set(NOT_PASSED_ON) == set(VARIABLES)
    assert not passed & (set(SET_HERE) | set(NOT_PASSED_ON))
    assert set(SERVICES[service]["environment"]) == passed | set(SET_HERE)


@pytest.mark.parametrize("service", SITES)
def test_what_is_not_given_has_the_defaults_of_the_site(service: str, tmp_path: Path):
    found = read_environment(environ(service) | {"DATA_DIR": str(tmp_path)})
    bare = read_environment({"SECRET_KEY": GIVEN["SECRET_KEY"], "DATA_DIR": str(tmp_path)})
    differing = {name for name in VARIABLES if getattr(found, name.lower()) != getattr(bare, name.lower())}
    assert differing == {"ALLOWED_HOSTS", *SET_HERE}


def test_what_is_given_arrives(tmp_path: Path):
    found = read_environment(environ("web1", RUN_TTL="900", ALLOWED_HOSTS="example.org") | {"DATA_DIR": str(tmp_path)})
    assert (found.run_ttl, found.allowed_hosts) == (900.0, ("localhost", "127.0.0.1", "example.org"))
    assert found.database.password == GIVEN["POSTGRES_PASSWORD"]


def test_nginx_trusts_nobody_unless_a_proxy_is_named():
    assert environ("nginx")["TRUSTED_PROXY"] == NOBODY
    assert environ("nginx", TRUSTED_PROXY="10.0.0.5")["TRUSTED_PROXY"] == "10.0.0.5"


def test_nginx_gets_what_its_template_asks_for():
    asked = set(re.findall(r"\$\{(\w+)\}", (ROOT / "deploy" / "nginx.conf.template").read_text()))
    assert asked == set(SERVICES["nginx"]["environment"])


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_limits_and_writes_to_volumes_and_memory_alone(service: str):
    found = SERVICES[service]
    assert found["read_only"] is True
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"\d+[mg]", filled_in(str(found["mem_limit"]), {}))
    assert int(filled_in(str(found["pids_limit"]), {})) > 0
    assert any(str(each).startswith("/tmp") for each in found["tmpfs"])


def test_the_limit_on_processes_is_above_what_all_runs_at_once_need(tmp_path: Path):
    runs = read_environment({"DATA_DIR": str(tmp_path)}).lab_max_runs
    measured = 1203 / 16  # processes and threads of one run of four lanes with 100 requests each
    assert int(filled_in(SERVICES["lab"]["pids_limit"], {})) > 1.5 * measured * runs


@pytest.mark.parametrize("service", sorted(set(SERVICES) - set(WEBS)))
def test_a_service_says_how_it_is_known_to_be_well(service: str):
    assert SERVICES[service]["healthcheck"]["test"]  # the web processes have that of their image


def test_only_web_processes_are_reached_from_the_front_and_reach_the_stores():
    front, back = ({name for name, each in SERVICES.items() if net in each["networks"]} for net in ("front", "back"))
    assert front == {"nginx", *WEBS}
    assert back == {"redis", "postgres", *SITES}
    assert COMPOSE["networks"]["back"]["internal"] is True


def test_processes_get_the_time_that_their_runs_need(tmp_path: Path):
    seconds = read_environment({"DATA_DIR": str(tmp_path)}).drain_seconds
    assert all(int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > seconds + 10 for name in SITES)


def test_redis_wants_the_password_that_the_site_gives():
    assert "--requirepass" in SERVICES["redis"]["command"][-1]
    assert environ("redis")["REDISCLI_AUTH"] == GIVEN["REDIS_PASSWORD"]
    assert GIVEN["REDIS_PASSWORD"] in environ("web1")["REDIS_URL"]


def test_every_variable_of_the_file_is_told_to_operators():
    asked = {match[1] for match in PATTERN.finditer((ROOT / "docker-compose.yml").read_text())}
    told = (ROOT / "docs" / "OPERATIONS.md").read_text()
    assert {name for name in asked - set(VARIABLES) if f"| `{name}` |" not in told} == set()
