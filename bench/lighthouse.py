"""What Lighthouse says of the first pages of a site of its own: on a desktop, and on a slow phone as it simulates one.

    python -m bench.lighthouse

It needs Node.js, whose npx fetches Lighthouse.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tests.browser.chromium import ARGUMENTS, SYSTEM
from tests.processes import Site

PACKAGE: Final = "lighthouse@12"
PAGES: Final = ("/", "/lessons/why-async-matters/")
CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
VITALS: Final = {
    "largest-contentful-paint": ("LCP", "ms", 1000),
    "total-blocking-time": ("TBT", "ms", 50),
    "cumulative-layout-shift": ("CLS", "", 0),
}


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


def told(report: Mapping[str, Any]) -> str:
    """The scores, each of 100, and the vitals."""
    scores = [f"{name} {report['categories'][name]['score'] * 100:.0f}" for name in CATEGORIES]
    vitals = [
        f"{name} {report['audits'][audit]['numericValue']:.3g} {unit}".rstrip() + f" (goal <= {goal})"
        for audit, (name, unit, goal) in VITALS.items()
    ]
    return f"{', '.join(scores)}\n    {', '.join(vitals)}"


def wanting(report: Mapping[str, Any]) -> list[str]:
    """The audits that are not all right, and count."""
    weighed = {each["id"] for name in CATEGORIES for each in report["categories"][name]["auditRefs"] if each["weight"]}
    audits = report["audits"]
    return [
        f"{id}: {audits[id].get('displayValue') or audits[id]['title']}"
        for id in sorted(weighed)
        if audits[id]["score"] is not None and audits[id]["score"] < 1
    ]


def main() -> None:
    if not shutil.which("npx"):
        sys.exit("Lighthouse needs Node.js: npx was not found.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = Site(folder / "site")
        try:
            site.ready()
            for page in PAGES:
                for device, options in (("desktop", ["--preset=desktop"]), ("phone", [])):
                    report = audited(site.url + page, folder, *options)
                    print(f"{page} on a {device}: {told(report)}")
                    for each in wanting(report):
                        print(f"    {each}")
        finally:
            site.stop()


if __name__ == "__main__":
    main()
