"""The site with another htmx than the one that django-htmx ships: the next one must work unchanged.

Every browser test runs with the shipped one; those marked `BOTH_HTMX`, of the stage, the link and the forms, with the
next one, too. `--both-htmx` runs each with both.
"""

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import BrowserContext

VERSIONS: Final = {"shipped": None, "4.0.1": Path(__file__).parent / "htmx-4.0.1.min.js"}
BOTH_HTMX: Final = pytest.mark.both_htmx


def wants_both(metafunc: pytest.Metafunc) -> bool:
    """Is this test to run with each version?"""
    marked = metafunc.definition.get_closest_marker("both_htmx") is not None
    return "htmx" in metafunc.fixturenames and (marked or metafunc.config.getoption("both_htmx"))


def serve_htmx(context: BrowserContext, file: Path | None) -> None:
    """Give every page of this context that htmx; None: the shipped one."""
    if file is not None:
        context.route("**/htmx-4*.js", lambda route: route.fulfill(path=file, content_type="text/javascript"))
