"""Screenshots of every page and state, for the eye: `python -m tests.browser.shots [BASE_URL]`.

Starts a site of its own on a free port when no address is given, and writes into shots/.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError

from tests.browser.chromium import PATIENCE, Look, launched
from tests.browser.pages import LessonPage
from tests.browser.states import STATES
from tests.processes import ROOT, Site

FOLDER: Final = ROOT / "shots"
LOOKS: Final[Mapping[str, Look]] = {
    "wide": Look(),
    "wide-dark": Look(scheme="dark"),
    "phone": Look(width=390),
    "phone-dark": Look(width=390, scheme="dark"),
}
STILL: Final = Look(motion="reduce")
MOVING: Final = ("running", "held")  # states in which less motion can be seen


def shoot(browser: Browser, site: str, state: str, name: str, look: Look) -> Path:
    """One screenshot of the whole page. Raises `playwright.sync_api.Error` or `AssertionError`."""
    target = FOLDER / f"{state}-{name}.png"
    context = browser.new_context(**look.context)
    context.set_default_timeout(PATIENCE)
    try:
        lesson = LessonPage(context.new_page(), site)
        STATES[state](lesson)
        lesson.page.screenshot(path=target, full_page=True)
        if lesson.cancel_button.is_visible():
            lesson.cancel()
    finally:
        context.close()
    return target


def looks(state: str) -> Iterator[tuple[str, Look]]:
    """The windows in which a state is worth a look."""
    yield from LOOKS.items()
    if state in MOVING:
        yield "wide-still", STILL
    if state == "first":
        yield "wide-no-scripts", Look(scripts=False)


@contextmanager
def serving() -> Iterator[str]:
    """The address of a site on a free port with a data folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        try:
            yield site.ready().url
        finally:
            site.stop()


def main(arguments: list[str]) -> int:
    """Shoot all; the number of pictures that could not be taken."""
    FOLDER.mkdir(exist_ok=True)
    if not arguments:
        with serving() as site:
            return main([site])
    site, *states = arguments
    failed = 0
    with launched() as browser:
        for state in states or STATES:
            for name, look in looks(state):
                try:
                    print(shoot(browser, site, state, name, look).relative_to(ROOT), flush=True)
                except (BrowserError, AssertionError) as error:
                    failed += 1
                    print(f"{state}-{name}: {error}", file=sys.stderr, flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
