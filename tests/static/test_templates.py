"""What holds in every template, in states that no test reaches, too."""

import re
from collections import defaultdict
from functools import cache
from typing import Final

import pytest
from django.template.loader import get_template

from tests.static.markup import ROOT, elements, pages, parts, templates, words
from tests.static.stylesheets import rules, stylesheets

COMMON: Final = ("base.html", "lessons/embed/base.html", "_dress.html")  # their stylesheets serve many pages
PYTHON: Final = "\n".join(
    file.read_text() for folder in ("lessons", "lessonsite") for file in (ROOT / folder).rglob("*.py")
)
ERRORS: Final = re.compile(r"(400|403|403_csrf|404|500)\.html")  # Django finds them by name
INLINE: Final = re.compile(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|\shx-on|javascript:")
POSTS: Final = re.compile(r'hx-post="([^"]*)"')


def linked(template: str) -> set[str]:
    """The stylesheets that a template links."""
    return set(re.findall(r"'css/([\w-]+\.css)'", templates()[template]))


@cache
def homes() -> dict[str, set[str]]:
    """Of each class and id, the stylesheets that style it."""
    found = defaultdict(set)
    for rule in rules(*stylesheets()):
        for name in {name for selector in rule.selectors for name in selector.subject}:
            found[name].add(rule.file)
    return found


def names(page: str) -> set[str]:
    """The classes and ids of a page, with their sign."""
    return {
        f"{sign}{word}"
        for part in parts(page)
        for sign, kind in ((".", "class"), ("#", "id"))
        for word in words(part, kind)
    }


@pytest.mark.parametrize("page", pages())
def test_a_page_links_the_stylesheets_of_all_its_parts(page: str) -> None:
    there = set().union(*map(linked, parts(page)))
    assert {name: homes()[name] for name in names(page) & homes().keys() if not homes()[name] & there} == {}


@pytest.mark.parametrize("page", [page for page in pages() if page not in COMMON])
def test_a_page_links_no_stylesheet_that_it_does_not_need(page: str) -> None:
    needed = set().union(*(homes()[name] for name in names(page) & homes().keys()))
    assert linked(page) - needed == set()


@pytest.mark.parametrize("name", templates())
def test_a_template_compiles_and_has_nothing_that_the_security_policy_forbids(name: str) -> None:
    get_template(name)
    assert INLINE.findall(templates()[name]) == []


def test_every_template_is_shown_by_somebody() -> None:
    included = set().union(*(parts(name) - {name} for name in templates()))
    others = [name for name in templates() if name not in included and not ERRORS.fullmatch(name)]
    assert [name for name in others if not named_in_python(name)] == []


def named_in_python(template: str) -> bool:
    """By its path, or below the folder of the modes by its file's name or that of its mode."""
    below = template.removeprefix("lessons/modes/").removeprefix("lessons/embed/")
    return (
        any(f'"{each}"' in PYTHON for each in (template, below, below.removesuffix(".html"))) or f'/{below}"' in PYTHON
    )


def test_what_htmx_does_works_without_scripts() -> None:
    bound = [each for each in elements() if re.search(r"\shx-(?:get|post)=", each[2])]
    assert bound
    ways = {"form": " action=", "a": " href=", "button": " formaction="}
    polls = [each for each in bound if each[1] not in ways]
    assert [each for each in bound if each[1] in ways and ways[each[1]] not in each[2]] == []
    assert [each for each in polls if not re.match(r"\s+hidden\s", each[2])] == []  # a page reloads itself instead


def test_a_form_posts_to_one_address() -> None:
    forms = [each for each in elements() if each[1] == "form" and POSTS.search(each[2])]
    assert [each for each in forms if f' action="{POSTS.findall(each[2])[0]}' not in each[2]] == []


def test_every_picture_has_a_role_or_is_hidden() -> None:
    pictures = [each for each in elements() if each[1] == "svg"]
    assert [each for each in pictures if 'role="img"' not in each[2] and "aria-hidden" not in each[2]] == []


def test_every_button_says_what_it_does_to_its_form() -> None:
    buttons = [each for each in elements() if each[1] == "button"]
    assert [each for each in buttons if " type=" not in each[2]] == []


def test_what_is_only_read_out_does_not_begin_with_a_mark() -> None:
    """A browser puts a space before it."""
    said = re.compile(r'<span class="sr">([,:;.!?][^<]*)')
    assert {name: found for name, text in templates().items() if (found := said.findall(text))} == {}
