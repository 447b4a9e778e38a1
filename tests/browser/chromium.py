"""A real Chromium, and what a visitor's window looks like."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from playwright.sync_api import Browser, sync_playwright

from bootstrap.parts import SHELL

SYSTEM: Final = Path("/usr/bin/chromium")
ARGUMENTS: Final = (
    "--no-sandbox",  # it cannot sandbox for root
    "--disable-quic",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
)
PATIENCE: Final = 10_000  # ms for anything to appear that does not wait for a run


@dataclass(frozen=True, slots=True)
class Look:
    """A window and its visitor's preferences."""

    width: int = 1280
    scheme: Literal["light", "dark"] = "light"
    motion: Literal["no-preference", "reduce"] = "reduce"  # else the recorded run plays by itself
    scripts: bool = True

    @property
    def height(self) -> int:
        return 844 if self.phone else 900

    @property
    def phone(self) -> bool:
        return self.width < 600

    @property
    def context(self) -> dict[str, Any]:
        """Options of a browser context."""
        return {
            "viewport": {"width": self.width, "height": self.height},
            "color_scheme": self.scheme,
            "reduced_motion": self.motion,
            "java_script_enabled": self.scripts,
            "has_touch": self.phone,
            "is_mobile": self.phone,
            "device_scale_factor": 2 if self.phone else 1,
        }

    def __str__(self) -> str:
        words = [str(self.width), self.scheme]
        words += ["reduced"] if self.motion == "reduce" else []
        return "-".join(words if self.scripts else [*words, "no-scripts"])


@contextmanager
def launched(*more: str, shell: bool = False, back_forward_cache: bool = False) -> Iterator[Browser]:
    """The system's Chromium, else the one that Playwright installed; with `more` arguments.

    With `shell` the headless shell, where there is one: the same engine without what belongs to a desktop's browser,
    for half of the processor's time. Playwright's own is that, too.
    """
    there = [path for path in ((SHELL, SYSTEM) if shell else (SYSTEM,)) if path.exists()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(there[0]) if there else None,
            args=[*ARGUMENTS, *more],
            ignore_default_args=["--disable-back-forward-cache"] if back_forward_cache else None,
        )
        yield browser
        browser.close()
