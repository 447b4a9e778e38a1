"""SVG to PNG, in a process of its own.

The rasteriser holds the interpreter's lock for a tenth of a second, and the web process has frames to send meanwhile.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

FAMILY: Final = "Open Sans"
FONTS: Final = Path(__file__).parent / "fonts"
PATIENCE: Final = 10.0  # seconds
KNOWN: Final = ("LD_LIBRARY_PATH",)  # of the environment, what Python needs to start; no secrets


def rasterize(svg: str) -> bytes:
    """The picture, with the fonts of this folder alone. Blocks. Raises `OSError`, `subprocess.SubprocessError`."""
    command = [sys.executable, "-I", "-X", "utf8", __file__]
    environ = {name: os.environ[name] for name in KNOWN if name in os.environ}
    return subprocess.run(
        command, env=environ, input=svg.encode(), stdout=subprocess.PIPE, timeout=PATIENCE, check=True
    ).stdout


def _main() -> None:
    import resvg_py  # not paid for by the web process

    made = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.read(),
        skip_system_fonts=True,
        font_files=[str(path) for path in sorted(FONTS.glob("*.ttf"))],
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )
    sys.stdout.buffer.write(bytes(made))


if __name__ == "__main__":
    _main()
