"""Whoever searches for a name finds one thing: two things of different meaning do not share a name."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from tests.processes import ROOT

PACKAGES: Final = ("bootstrap", "lessons", "lessonsite")
NOT_OURS: Final = re.compile(r"/samples/|/migrations/")  # code of lessons, and what Django writes
# What several modules must or may call alike, and why.
SHARED: Final[Mapping[str, str]] = {
    "Command": "Django looks for it in each command of manage.py",
    "main": "where a process of its own begins",
    "fetch_data": "what samples import: a blocking one and one to be awaited, under one name",
}
PARTICIPLE: Final = re.compile(
    r"[a-z]+ed|begun|done|found|given|gone|held|kept|known|left|made|met|put|read|said|seen|sent|set|shown|taken|told"
)
MOST_HOMES: Final = 3  # modules in which a private name may mean something else each time

type Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def definitions() -> Iterator[tuple[str, Definition]]:
    """Every function and class at the top of a module, with that module's path."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            if not NOT_OURS.search(str(file.relative_to(ROOT))):
                for node in ast.parse(file.read_text()).body:
                    if isinstance(node, Definition.__value__):
                        yield str(file.relative_to(ROOT)), node


@cache
def homes() -> Mapping[str, tuple[str, ...]]:
    """Of each name, the modules that define it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path, node in definitions():
        found[node.name].append(path)
    return {name: tuple(dict.fromkeys(paths)) for name, paths in found.items()}


def repeated(*, private: bool, most: int) -> dict[str, tuple[str, ...]]:
    return {name: at for name, at in homes().items() if name.startswith("_") is private and len(at) > most}


def test_a_public_name_stands_for_one_thing() -> None:
    assert repeated(private=False, most=1).keys() == SHARED.keys()


def test_a_private_name_does_not_mean_something_else_in_many_modules() -> None:
    assert repeated(private=True, most=MOST_HOMES) == {}


def test_a_public_function_says_what_it_does_or_gives_not_that_it_is_done() -> None:
    functions = {node.name for _, node in definitions() if not isinstance(node, ast.ClassDef)}
    assert {name for name in functions if PARTICIPLE.fullmatch(name)} == set()


def test_the_scan_sees_the_product() -> None:
    assert {Path(path).parts[0] for path, _ in definitions()} == set(PACKAGES)
    assert homes()["Lesson"] == ("lessons/content/model.py",)
