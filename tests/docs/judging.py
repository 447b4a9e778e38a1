"""Whether a command that is shown would do what is said of it, without doing it."""

import importlib.util
import re
import subprocess
import sys
from argparse import ArgumentError, ArgumentParser
from collections.abc import Callable, Mapping
from typing import Final

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError

from bench.__main__ import names as benchmarks
from lessonsite.environment import FILES, VARIABLES
from tests.docs.shown import ASSIGNMENT, Shown
from tests.processes import ROOT, clean_environ

MAKEFILE: Final = (ROOT / "Makefile").read_text()
DOCKERFILE: Final = (ROOT / "Dockerfile").read_text()
COMPOSE: Final = "".join((ROOT / name).read_text() for name in ("docker-compose.yml", "deploy/docker-compose.tls.yml"))
TEMPLATES: Final = "".join(each.read_text() for each in (ROOT / "deploy").glob("*.conf.template"))
OTHERS: Final = {"PGSSLMODE": "libpq's own"}  # variables that neither the site nor a file of ours reads


class Wrong(Exception):
    """The command, or what it is given, is not there."""


def judge(shown: Shown) -> None:
    """Raises `Wrong` if it would not work as it stands."""
    program, *words = shown.command
    if program not in JUDGES:
        raise Wrong(f"nobody knows {program}")
    judge_variables(shown.variables)
    JUDGES[program](words)


def judge_variables(given: Mapping[str, str]) -> None:
    """Raises `Wrong` if somebody reads none of them, or would refuse the value."""
    for name, value in given.items():
        if name in VARIABLES:
            try:
                VARIABLES[name].format.parse("i" * 64 if value == "inner" else value)
            except ValueError:
                raise Wrong(f"{name} may not be {value!r}") from None
        elif not any(mark in text for mark, text in _readers(name)) and name not in (*OTHERS, *FILES):
            raise Wrong(f"nobody reads {name}")


def _readers(name: str) -> list[tuple[str, str]]:
    """How the files that may read a variable say so, and their texts."""
    return [
        (f"$({name})", MAKEFILE),
        (f"${{{name}:", COMPOSE),
        (f"${{{name}}}", TEMPLATES),
        (f"ARG {name}=", DOCKERFILE),
    ]


def judge_make(words: list[str]) -> None:
    """The target is there, the tests that are chosen are, and the benchmarks."""
    if not words:
        return
    _run(["make", "--dry-run", *words])
    given = {match[1]: match[2] for word in words if (match := ASSIGNMENT.fullmatch(word))}
    if tests := given.get("TESTS"):
        _run(["sh", "-c", f"exec '{sys.executable}' -m pytest --collect-only --quiet {tests}"])  # as make has it
    if unknown := set(given.get("BENCH", "").split()) - set(benchmarks()):
        raise Wrong(f"there are no benchmarks {unknown}")


def judge_manage(words: list[str]) -> None:
    """The command is there and takes these words; those in capitals stand for others."""
    name = words[0] if words and not words[0].startswith("-") else ""
    if name and name not in get_commands():
        raise Wrong(f"there is no command {name}")
    try:
        parser(name).parse_args(words[1:] if name else words)
    except (CommandError, ArgumentError, SystemExit) as error:
        raise Wrong(str(error)) from None


def parser(name: str) -> ArgumentParser:
    """That of a command of manage.py; without a name, what all of them take."""
    command = load_command_class(get_commands()[name], name) if name else BaseCommand()
    return command.create_parser("manage.py", name)


def judge_python(words: list[str]) -> None:
    """A program of ours, or a module that can be found."""
    if words[:1] == ["manage.py"]:
        judge_manage(words[1:])
    elif words[:1] != ["-m"]:
        raise Wrong(f"nobody knows what Python shall do with {words}")
    named = [word.partition(":")[0] for word in words[2:] if re.fullmatch(r"[a-z_.]+:[a-z]+", word)]
    for module in [*words[1:2], *named]:
        if words[0] == "-m" and importlib.util.find_spec(module) is None:
            raise Wrong(f"there is no module {module}")


def judge_docker(words: list[str]) -> None:
    """What it takes from files of ours is there. Docker itself is not asked: tests have none."""
    if words[:2] == ["network", "inspect"] and words[2] not in ("lessons_front", "lessons_back"):
        raise Wrong(f"Compose makes no network {words[2]}")


def _run(command: list[str]) -> None:
    found = subprocess.run(command, cwd=ROOT, env=clean_environ(), capture_output=True, text=True, timeout=120)
    if found.returncode:
        raise Wrong(found.stderr or found.stdout)


JUDGES: Final[Mapping[str, Callable[[list[str]], None]]] = {
    "make": judge_make,
    "manage.py": judge_manage,
    "python": judge_python,
    "python3": judge_python,
    ".venv/bin/python": judge_python,
    "docker": judge_docker,
    **dict.fromkeys(("openssl", "mkdir", "cp"), lambda words: None),  # others' programs, which read no file of ours
}
