"""The tables of environment variables say what is read, and with what default."""

import re
from pathlib import Path

import pytest

from lessonsite.environment import VARIABLES
from tests.docs.judging import COMPOSE
from tests.processes import ROOT

ROW = re.compile(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \| (.+?) \| .+ \|$", re.MULTILINE)


def table(page: str) -> dict[str, str]:
    """The variables of the tables on a page and what is said of their defaults."""
    found: dict[str, str] = {}
    for names, defaults in ROW.findall((ROOT / page).read_text()):
        each = re.findall(r"[A-Z_]+", names)
        found |= zip(each, defaults.split(", ") if len(each) > 1 else [defaults], strict=True)
    return found


README, OPERATIONS = table("README.md"), table("docs/OPERATIONS.md")


def test_the_readme_tells_every_variable_and_no_other():
    assert set(README) == set(VARIABLES)


@pytest.mark.parametrize("name", VARIABLES)
def test_the_readme_tells_the_default(name: str):
    default = VARIABLES[name].default
    if Path(default).is_absolute():
        default = str(Path(default).relative_to(ROOT))
    said = re.match(r"`(.*?)`", README[name])
    assert (said[1] if said else "") == default


def test_operators_are_told_the_defaults_of_compose():
    named = set(re.findall(r"\$\{(\w+):", COMPOSE)) - set(VARIABLES)
    assert set(OPERATIONS) == named
    for name, said in OPERATIONS.items():
        default = re.search(rf"\$\{{{name}:-([^}}]*)\}}", COMPOSE)
        assert said == f"`{default[1]}`" if default and said != "nobody" else said in ("nobody", "none: must be set")


def test_a_default_is_said_of_each_variable_that_shares_a_row():
    assert (README["PORT"], README["HOST"]) == ("`8000`", "`127.0.0.1`")
