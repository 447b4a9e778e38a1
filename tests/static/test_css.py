"""Every stylesheet is sound, and every name in it has one meaning, one home and somebody who uses it."""

import re
from collections import defaultdict
from fnmatch import fnmatch
from typing import Final

import pytest

from lessons.stage.legend import LEGEND
from tests.static.markup import in_scripts, in_templates
from tests.static.stylesheets import Rule, Selector, rules, stylesheets

RULES: Final = rules(*stylesheets())
LAYERS: Final = ("tokens", "base", "layout", "components", "states")
COLOUR: Final = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(", re.IGNORECASE)


# Defined in one component, and laid out by others in places of their own.
PLACED: Final = {
    ".acts": "a row of buttons",
    ".axis": "the seconds under a timeline",
    ".code": "a listing",
    ".legend": "what colours and patterns mean",
    ".plot": "a timeline",
    ".prose": "running text",
    ".report-head": "the line above a lane's timeline",
    ".saying": "a verdict",
    ".trouble": "what went wrong",
    ".current": "a state: the step in hand, in all its forms",
}
PICTURE: Final = (
    *(
        "picture",
        "wide",
        "narrow",
        "heading",
        "station",
        "start",
        "side",
        "axis-label",
        "zone",
        "slot",
        "taken",
        "loop",
    ),
    *("shelf", "rail", "arrow", "lock", "off", "ground", "open", "cover", "now", "guess", "band", "stretch", "dot"),
    *("wish", "law", "ghost", "near", "next", "twin", "twins"),
    *("pinned", "body", "ring"),
)
# Classes that a variable of a template, or Python, gives to an element.
GIVEN: Final = {
    "blank": "the gap in the code of a Try task",
    "idle": "a state of a dot",
    **{each.state: "a state of a dot or a bar" for each in LEGEND},
    **dict.fromkeys(PICTURE, "a part of a lane's picture, which Python draws"),
    "right": "a state of an option",
    "wrong": "a state of an option",
    **dict.fromkeys(["k", "kn", "kc", "ow", "s1", "s2", "sb", "sd", "se", "nf", "nn", "nb", "c1"], "Pygments"),
}


def selectors(*layers: str) -> list[tuple[Rule, Selector]]:
    """Of these cascade layers, or of all."""
    return [(rule, each) for rule in RULES if not layers or rule.layer in layers for each in rule.selectors]


def styled_by() -> dict[str, dict[str, list[Selector]]]:
    """Of each name, the components that style it, with their selectors; not what base and layout define for all."""
    common = {name for _, selector in selectors("base", "layout") for name in selector.subject}
    found: dict[str, dict[str, list[Selector]]] = defaultdict(lambda: defaultdict(list))
    for rule, selector in selectors("components"):
        for name in selector.subject - common:
            found[name][rule.file].append(selector)
    return found


def test_every_rule_stands_in_a_layer_that_is_declared() -> None:
    assert [rule.place for rule in RULES if rule.layer not in LAYERS] == []


def test_a_name_is_defined_in_one_component() -> None:
    homes = {
        name: [file for file, found in files.items() if any(each.names == {name} for each in found)]
        for name, files in styled_by().items()
    }
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


def test_only_what_is_meant_for_it_is_styled_by_several_components() -> None:
    several = {name for name, files in styled_by().items() if len(files) > 1}
    assert several == PLACED.keys()


def test_components_name_what_they_style() -> None:
    assert [f"{rule.place}: {each.text}" for rule, each in selectors("components", "states") if each.bare] == []


def test_every_class_is_given_to_an_element() -> None:
    given = {*in_templates("class"), *in_scripts(), *GIVEN}
    assert [name for name in names(".") if not any(fnmatch(name, word) for word in given - {"*"})] == []


def test_every_id_is_that_of_an_element() -> None:
    assert [name for name in names("#") if not any(fnmatch(name, word) for word in in_templates("id"))] == []


def test_every_class_in_a_template_is_used() -> None:
    used = names(".") | in_scripts()
    given = in_templates("class").items()
    assert [f"{file}: {word}" for word, file in given if not any(fnmatch(name, word) for name in used)] == []


def test_no_exception_outlives_its_reason() -> None:
    assert [name for name in GIVEN if name not in names(".")] == []


def names(sign: str) -> set[str]:
    """The classes (".") or ids ("#") in all selectors, without the sign."""
    return {name.removeprefix(sign) for _, each in selectors() for name in each.names if name.startswith(sign)}


def test_every_token_is_said_once() -> None:
    roots = [rule for rule in RULES if rule.layer == "tokens"]
    told = [each.name for rule in roots for each in rule.declarations if each.name.startswith("--")]
    assert [name for name in told if told.count(name) > 1] == []
    assert [rule.place for rule in RULES if any("prefers-color-scheme" in each for each in rule.around)] == []


def test_every_token_is_used_and_every_one_used_is_there() -> None:
    told = {each.name for rule in RULES for each in rule.declarations if each.name.startswith("--")}
    values = [each.value for rule in RULES for each in rule.declarations]
    used = {name for value in values for name in re.findall(r"var\((--[\w-]+)", value)}
    assert told == used


def test_colours_are_tokens() -> None:
    others = [(rule, each) for rule in RULES if rule.layer != "tokens" for each in rule.declarations]
    assert [f"{rule.place}: {each.name}: {each.value}" for rule, each in others if COLOUR.search(each.value)] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_are_a_colour_scheme(theme: str) -> None:
    told = {each.text: rule for rule, each in selectors("tokens")}
    assert [each.value for each in told[f':root[data-theme="{theme}"]'].declarations] == [theme]
