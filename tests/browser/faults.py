"""What may come instead of an answer of the site: caused between browser and site, as proxies and networks do it."""

from collections.abc import Callable, Mapping
from typing import Final

from playwright.sync_api import Page, Route

from lessonsite.csrf import LOST
from tests.browser.watch import Watch

type Fault = Callable[[Route], None]

GATEWAY: Final = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
SIGN_IN: Final = "<!DOCTYPE html><html><body><h1>Welcome to our Wi-Fi</h1><form><input name=email></form></body></html>"
NOISE: Final = (
    "Failed to load resource",
    "WebSocket connection to",
    "htmx:error",
)  # what browser and htmx write down when a request fails


def bad_gateway(route: Route) -> None:
    """A proxy that does not reach the site."""
    route.fulfill(status=502, body=GATEWAY, content_type="text/html")


def gateway_timeout(route: Route) -> None:
    """A proxy that has waited in vain."""
    route.fulfill(status=504, body=GATEWAY.replace("502", "504"), content_type="text/html")


def too_many(route: Route) -> None:
    """A proxy that limits requests."""
    route.fulfill(status=429, body="slow down", content_type="text/plain", headers={"Retry-After": "30"})


def under_repair(route: Route) -> None:
    """A proxy that says when the site will be back."""
    route.fulfill(status=503, body=GATEWAY, content_type="text/html", headers={"Retry-After": "120"})


def sign_in(route: Route) -> None:
    """The sign-in page of a network, with status 200."""
    route.fulfill(status=200, body=SIGN_IN, content_type="text/html")


def refused(route: Route) -> None:
    """Nobody listens."""
    route.abort("connectionrefused")


def swallowed(route: Route) -> None:
    """Nothing ever comes back."""


def without_cookie(route: Route) -> None:
    """The site's own refusal, again and again: the browser keeps no cookie of it."""
    headers = {"Lesson-Answer": "token", "Lesson-Token": "x" * 64}
    route.fulfill(status=403, body=LOST, content_type="text/plain", headers=headers)


def own_page(status: int) -> Fault:
    """A page of the site itself where something else was asked for: an error, or another version of it."""

    def answer(route: Route) -> None:
        body = f"<!DOCTYPE html><html><body><header class='top'>Lessonsite</header><h1>{status}</h1></body></html>"
        route.fulfill(status=status, body=body, content_type="text/html", headers={"Lesson-Answer": "page"})

    return answer


WORDS: Final[Mapping[str, tuple[Fault, str]]] = {
    "502": (bad_gateway, "Something on the way to it says “502”."),
    "504": (gateway_timeout, "Something on the way to it says “504”."),
    "429": (too_many, "Try again in 30 seconds."),
    "503": (under_repair, "Try again in 2 minutes."),
    "sign-in": (sign_in, "Somebody else has answered in place of this site"),
    "refused": (refused, "The site cannot be reached."),
    "own-403": (own_page(403), "The site does not accept this."),
    "own-404": (own_page(404), "This is not here any more"),
    "own-410": (own_page(410), "This is not here any more"),
    "own-500": (own_page(500), "Something went wrong on the site. It has been logged."),
    "own-503": (own_page(503), "The site is too busy just now."),
    "own-200": (own_page(200), "The site has changed since this page was opened."),
}


def between(page: Page, watch: Watch, fault: Fault, method: str = "POST", path: str = "**/*") -> Callable[[], None]:
    """Let `fault` answer every request of this kind; the way back to the site's own answers."""
    watch.allow(*NOISE)

    def meet(route: Route) -> None:
        if route.request.method == method and route.request.headers.get("hx-request"):
            fault(route)
        else:
            route.fallback()

    page.route(path, meet)
    return lambda: page.unroute(path, meet)
