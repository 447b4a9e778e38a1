"""Scripts and templates speak of the same elements. What modules do is judged by Deno and in the browser."""

import re
from typing import Final

from tests.static.markup import ROOT, in_templates, scripts, templates
from tests.static.stylesheets import rules, stylesheets

PAGES: Final = "\n".join(templates().values())
CODE: Final = "\n".join(scripts().values())
STYLES: Final = "\n".join(selector.text for rule in rules(*stylesheets()) for selector in rule.selectors)
PYTHON: Final = "\n".join(file.read_text() for file in (ROOT / "lessons").rglob("*.py"))
NAME: Final = re.compile(r"\bdata-[a-z-]+")
FOR_TESTS: Final = {"data-card": "which card is shown"}
OWN: Final = set(re.findall(r'new Mark\("([\w-]+)"\)', CODE))


def fields(names: set[str]) -> set[str]:
    """The names as a script's `dataset` has them."""
    return {re.sub(r"-(\w)", lambda found: found[1].upper(), name.removeprefix("data-")) for name in names}


def given() -> set[str]:
    """The data attributes that templates, Python and marks give to elements."""
    return set(NAME.findall(PAGES + PYTHON)) | OWN


def test_every_data_attribute_that_is_read_is_given() -> None:
    assert set(NAME.findall(CODE + STYLES)) - given() == set()
    assert set(re.findall(r"dataset\.(\w+)", CODE)) - fields(given()) == set()


def test_every_data_attribute_that_is_given_is_read() -> None:
    assert OWN
    read = set(NAME.findall(CODE + STYLES))
    properties = set(re.findall(r"\w+", CODE))
    assert {name for name in given() - read - FOR_TESTS.keys() if not fields({name}) & properties} == set()


def test_every_id_that_is_asked_for_is_that_of_an_element() -> None:
    asked = set(re.findall(r'(?:part|getElementById)\("([\w-]+)"', CODE))
    given_by_filter = set(re.findall(r'json_script:"([\w-]+)"', PAGES))
    assert asked - in_templates("id").keys() - given_by_filter == set()


def test_every_module_is_loaded_or_imported() -> None:
    assert [name for name in scripts() if f"'js/{name}'" not in PAGES and f'"./{name}"' not in CODE] == []
