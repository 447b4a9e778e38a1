"""The site with another htmx than the one that django-htmx ships: the next one must work unchanged."""

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import BrowserContext

VERSIONS: Final = {"shipped": None, "4.0.1": Path(__file__).parent / "htmx-4.0.1.min.js"}
BOTH_HTMX: Final = pytest.mark.parametrize("htmx", VERSIONS.values(), ids=VERSIONS.keys())


def serve_htmx(context: BrowserContext, file: Path | None) -> None:
    """Give every page of this context that htmx; None: the shipped one."""
    if file is not None:
        context.route("**/htmx-4*.js", lambda route: route.fulfill(path=file, content_type="text/javascript"))
