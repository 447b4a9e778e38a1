"""Every command that the documents show does what it says: targets, tests, benchmarks, options, variables exist."""

import re

import pytest
from django.core.management import get_commands

from tests.docs.judging import MAKEFILE, Wrong, judge, judge_variables, parser
from tests.docs.shown import ASSIGNMENT, PAGES, Shown, commands, spans

COMMANDS = commands()
OURS = sorted(name for name, app in get_commands().items() if app == "lessons")


@pytest.mark.parametrize("shown", COMMANDS, ids=str)
def test_a_command_that_is_shown_works(shown: Shown):
    judge(shown)


@pytest.mark.parametrize("shown", dict.fromkeys(each for each in spans() if ASSIGNMENT.fullmatch(each.text)), ids=str)
def test_a_setting_that_is_shown_is_read_and_allowed(shown: Shown):
    judge_variables(shown.variables)


def test_an_option_that_is_shown_is_one_of_a_command():
    known = {option for name in OURS for option in parser(name)._option_string_actions}
    shown = {each.text for each in spans() if re.fullmatch(r"--[a-z-]+", each.text)}
    assert shown - known == set()
    assert shown


def test_every_target_is_in_the_readme_and_every_command_of_ours_in_a_document():
    targets = set(re.findall(r"^(\w+):.*##", MAKEFILE, re.MULTILINE)) - {"help"}
    assert targets == {each.command[1] for each in COMMANDS if each.page == "README.md" and each.command[0] == "make"}
    told = "".join(page.read_text() for page in PAGES)
    assert [name for name in OURS if name != "serve" and f"manage.py {name}" not in told] == []  # `make run` serves


@pytest.mark.parametrize(
    "text",
    [
        "make nonesuch",
        "make run PROT=8000",
        "make run PORT=http",
        "make test TESTS='tests/lab -k nonesuch'",
        "make test TESTS=tests/nonesuch",
        "make bench BENCH='seek nonesuch'",
        "manage.py nonesuch",
        "manage.py send --nonesuch",
        "manage.py forget --days soon",
        ".venv/bin/python manage.py importrun",
        "python -m lessonsite.nonesuch",
        "SECRET_KEYS=$(openssl rand -hex 32) docker compose up",
        "docker build --build-arg NONESUCH=1 .",
        "docker network inspect nonesuch_default",
        "nonesuch --help",
    ],
)
def test_what_would_not_work_is_found_out(text: str):
    with pytest.raises(Wrong):
        judge(Shown("", text))


def test_commands_are_found_wherever_they_are_shown():
    found = {str(each) for each in COMMANDS}
    assert {
        "README.md: make run # the site, at http://127.0.0.1:8000/",
        "README.md: openssl rand -hex 32",
        "docs/AUTHORING.md: .venv/bin/python manage.py lintlessons two-lines",
        "docs/OPERATIONS.md: docker compose config --resolve-image-digests",
        "Makefile: make run PORT=8000",
    } <= found
    assert any(each.page == "docker-compose.yml" and "up" in each.command for each in COMMANDS)
