"""`make fuzz`: generated requests and messages for a real site. `python -m tests.generated COUNT SEED [FIRST]`.

The cases are numbered. What a case is depends on the seed and its number, and on the names that the site gives.
"""

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.generated.flood import flood  # noqa: E402
from tests.processes import prepare_site  # noqa: E402


def main(count: int, seed: int, first: int = 0) -> int:
    """The exit status."""
    folder = Path(tempfile.mkdtemp(prefix="lessons-fuzz-"))
    prepare_site(folder / "prepared")
    poured = flood(folder / "site", folder / "prepared", count, seed, first, lambda line: print(line, flush=True))
    print(poured.report())
    if poured.wrong:
        print(f"What the site said is in {poured.site.output}")
    else:
        shutil.rmtree(folder)
    return 1 if poured.wrong else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the site ends, too
    sys.exit(main(*map(int, sys.argv[1:])))
