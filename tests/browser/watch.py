"""What must never happen while a page is open, whatever a test looks at."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, WebSocket

from tests.browser.chromium import PATIENCE, Look

LOCAL_SCHEMES = ("data", "blob", "about")
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", event => console.error(
  `security policy: ${event.violatedDirective} forbids ${event.blockedURI} ${event.sample}`
))
"""


class Watch:
    """Collects console errors, uncaught errors, breaches of the security policy and requests to other hosts."""

    def __init__(self, context: BrowserContext, *sites: str) -> None:
        self._hosts = [urlsplit(site).netloc for site in sites]
        self._seen: list[str] = []
        self._expected: list[str] = []
        self._allowed: list[str] = []
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._seen.append(f"uncaught: {error.error}"))
        context.on("request", self._request)
        context.on("page", lambda page: page.on("websocket", self._socket))

    def expect(self, words: str) -> None:
        """One fault that holds these words belongs to the test; when it does not come, that is a fault too."""
        self._expected.append(words)

    def allow(self, *words: str) -> None:
        """Faults that hold one of these may come, as often as they like: the test breaks what they tell of."""
        self._allowed += words

    @property
    def faults(self) -> list[str]:
        """What went wrong and was not expected, and what was expected and did not come."""
        found = [fault for fault in self._seen if not any(words in fault for words in self._allowed)]
        missed = []
        for words in self._expected:
            match = next((fault for fault in found if words in fault), None)
            if match is None:
                missed.append(f"did not come: {words}")
            else:
                found.remove(match)
        return found + missed

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._seen.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        self._foreign(request.url)

    def _socket(self, socket: WebSocket) -> None:
        self._foreign(socket.url)

    def _foreign(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in LOCAL_SCHEMES and parts.netloc not in self._hosts:
            self._seen.append(f"foreign host: {url}")


@contextmanager
def visit(browser: Browser, look: Look, *sites: str) -> Iterator[tuple[BrowserContext, Watch]]:
    """A visitor of their own, without cookie or storage; fails at the end when there were faults."""
    context = browser.new_context(**look.context)
    context.set_default_timeout(PATIENCE)
    watch = Watch(context, *sites)
    try:
        yield context, watch
    finally:
        context.close()
    if watch.faults:
        raise AssertionError("\n".join(watch.faults))
