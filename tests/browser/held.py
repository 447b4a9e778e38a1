"""Answers that are on their way for as long as a test likes, so that it can do something meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route, expect


@contextmanager
def under_way(page: Page, method: str = "POST") -> Iterator[None]:
    """Hold the next request that htmx makes; at the end it goes to the site, and its answer is waited for."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == method and route.request.headers.get("hx-request"):
            held.append(route)
        else:
            route.fallback()

    page.route("**/*", hold)
    yield
    expect(page.locator("[aria-busy=true]").first).to_be_visible()
    for route in held:
        route.continue_()
    page.unroute("**/*", hold)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
