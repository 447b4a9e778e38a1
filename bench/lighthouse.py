"""What Lighthouse says of the first pages of a site of its own: on a desktop, and on a slow phone as it simulates one.

It needs Node.js, whose npx fetches Lighthouse.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, Final

from bench.report import Figure, Lacking
from tests.browser.chromium import ARGUMENTS, SYSTEM
from tests.processes import Site

PACKAGE: Final = "lighthouse@12"
FETCHING: Final = 300  # seconds that npx may take
PAGES: Final = {"list": "/", "lesson": "/lessons/why-async-matters/"}
DEVICES: Final = {"desktop": ("--preset=desktop",), "phone": ()}  # with Lighthouse's options
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
VITALS: Final = {
    "largest-contentful-paint": ("LCP", "ms", 1200),
    "total-blocking-time": ("TBT", "ms", 50),
    "cumulative-layout-shift": ("CLS", "", 0),
}


def fetch() -> None:
    """See that Lighthouse can be run. Raises `Lacking`."""
    if not shutil.which("npx"):
        raise Lacking("Lighthouse needs Node.js: npx was not found")
    command = ["npx", "--yes", PACKAGE, "--version"]
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=FETCHING, check=True)
    except subprocess.SubprocessError:
        raise Lacking(f"npx could not fetch {PACKAGE}") from None


def audited(url: str, folder: Path, *options: str) -> Mapping[str, Any]:
    """Lighthouse's report on a page."""
    report = folder / "report.json"
    command = [
        *("npx", "--yes", PACKAGE, url, "--quiet", "--output=json", f"--output-path={report}"),
        *(f"--chrome-flags=--headless=new {' '.join(ARGUMENTS)}", f"--only-categories={','.join(CATEGORIES)}"),
        *options,
    ]
    environ = {**os.environ, "CHROME_PATH": str(SYSTEM)} if SYSTEM.exists() else dict(os.environ)
    subprocess.run(command, check=True, env=environ, cwd=folder)
    found: Mapping[str, Any] = json.loads(report.read_text())
    return found


def told(page: str, device: str, report: Mapping[str, Any]) -> Iterator[Figure]:
    """The scores, each of 100, and the vitals."""
    for category in CATEGORIES:
        score = report["categories"][category]["score"] * 100
        yield Figure(f"{category}, {page} on a {device}", score, at_least=100)
    for audit, (name, unit, goal) in VITALS.items():
        yield Figure(f"{name}, {page} on a {device}", report["audits"][audit]["numericValue"], unit, at_most=goal)


def wanting(report: Mapping[str, Any]) -> list[str]:
    """The audits that are not all right, and count."""
    weighed = {each["id"] for name in CATEGORIES for each in report["categories"][name]["auditRefs"] if each["weight"]}
    audits = report["audits"]
    return [
        f"{id}: {audits[id].get('displayValue') or audits[id]['title']}"
        for id in sorted(weighed)
        if audits[id]["score"] is not None and audits[id]["score"] < 1
    ]


def figures() -> Iterator[Figure]:
    """Scores and vitals of each page on each device. Raises `Lacking`."""
    fetch()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = Site(folder / "site")
        try:
            site.ready()
            for (page, path), (device, options) in product(PAGES.items(), DEVICES.items()):
                report = audited(site.url + path, folder, *options)
                yield from told(page, device, report)
                for each in wanting(report):
                    print(f"    {each}")
        finally:
            site.stop()
