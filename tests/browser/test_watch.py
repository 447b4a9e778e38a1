"""The watch sees what must never happen; without it, no other browser test could be trusted."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import Look
from tests.browser.watch import Watch, visit

BREACHES = {
    "an error on the console": ("() => console.error('broken')", "console: broken"),
    "an uncaught error": ("() => { setTimeout(() => { throw new Error('thrown') }) }", "uncaught: thrown"),
    "an inline script": (
        "() => { const s = document.createElement('script'); s.text = 'window.ran = 1'; document.body.append(s) }",
        "security policy: script-src",
    ),
    "an inline style": (
        "() => { document.body.innerHTML += '<p style=\"color: red\">x</p>' }",
        "security policy: style-src",
    ),
    "another host": ("() => { new Image().src = 'http://localhost:9/x.png' }", "foreign host: http://localhost:9/"),
    "a socket to another host": ("() => { new WebSocket('ws://localhost:9/') }", "forbids ws://localhost:9/"),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_fails_the_visit(breach: str, browser: Browser, site: str) -> None:
    action, words = BREACHES[breach]
    with pytest.raises(AssertionError, match=words):
        visit_and(action, browser, site)


def test_a_fault_that_was_expected_and_does_not_come_fails_the_visit(browser: Browser, site: str) -> None:
    with pytest.raises(AssertionError, match="did not come: status of 422"):
        visit_and("() => 1", browser, site, expected="status of 422")


def visit_and(action: str, browser: Browser, site: str, expected: str = "") -> None:
    with visit(browser, Look(), site) as (context, watch):
        if expected:
            watch.expect(expected)
        page = context.new_page()
        page.goto(site)
        page.evaluate(action)
        settle(page)


def test_an_expected_fault_does_not_fail_the_visit(page: Page, watch: Watch, site: str) -> None:
    watch.expect("broken")
    page.goto(site)
    page.evaluate("() => console.error('broken')")
    settle(page)


def settle(page: Page) -> None:
    """Whatever the page has begun has come to the watch: a later message overtakes nothing."""
    with page.expect_console_message(lambda message: message.text == "settled"):
        page.evaluate("() => requestAnimationFrame(() => setTimeout(() => console.log('settled'), 50))")
