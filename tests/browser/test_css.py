"""A real browser understands every stylesheet: no property, value or selector is one that it drops in silence."""

from typing import Final

from playwright.sync_api import Page

from tests.static.stylesheets import rules, stylesheets

RULES: Final = rules(*stylesheets())
FOR_FIREFOX: Final = "-moz-"
FOR_SAFARI: Final = "text-size-adjust"
DROPPED: Final = "pairs => pairs.filter(([name, value]) => !CSS.supports(name, value))"
UNKNOWN: Final = "texts => texts.filter(text => !CSS.supports(`selector(${text})`))"


def test_every_declaration_is_understood(page: Page) -> None:
    pairs = {(each.name, each.value) for rule in RULES for each in rule.declarations}
    ours = sorted((name, value) for name, value in pairs if name != FOR_SAFARI)
    assert page.evaluate(DROPPED, [list(pair) for pair in ours]) == []


def test_every_selector_is_understood(page: Page) -> None:
    texts = {each.text for rule in RULES for each in rule.selectors}
    ours = sorted(text for text in texts if FOR_FIREFOX not in text and "&" not in text)
    assert page.evaluate(UNKNOWN, ours) == []
