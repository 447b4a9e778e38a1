"""axe-core, run in the page without loosening the page's security policy."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from playwright.sync_api import Page


@cache
def _source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, *only: str) -> Iterator[str]:
    """Every violation of every rule of axe, or of these rules alone, with the elements that break it."""
    if not page.evaluate("() => 'axe' in window"):  # evaluated by the debugger, which no policy binds
        page.evaluate(_source())
    options = {"resultTypes": ["violations"], **({"runOnly": [*only]} if only else {})}
    found = page.evaluate("options => axe.run(document, options).then(all => all.violations)", options)
    for rule in found:
        nodes = [f"{' '.join(map(json.dumps, node['target']))}: {node['failureSummary']}" for node in rule["nodes"]]
        yield f"{rule['id']} ({rule['impact']}): {rule['help']}\n  " + "\n  ".join(nodes[:5])
