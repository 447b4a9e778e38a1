"""The programs that tests start beside Python: found, or installed, or asked for."""

import glob
import os
import shutil
import subprocess
from pathlib import Path
from typing import Dict, List, Optional

from bootstrap.faults import SetupFault

PATIENCE = 120  # seconds for what tests can do without
SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/sbin")  # not on everybody's PATH
PACKAGES = {"redis-server": "redis-server", "nginx": "nginx", "initdb": "postgresql", "chromium": "chromium"}
SHELL = Path("/usr/lib/chromium/chromium-headless-shell")  # quicker for tests, and not everywhere to be had


def find(program: str) -> Optional[str]:
    """Where a program is, or None; the newest if PostgreSQL is there more than once."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *SYSTEM_FOLDERS])
    if program == "initdb":
        folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda folder: float(folder.split("/")[4]))
        path = os.pathsep.join([*reversed(folders), path])
    return shutil.which(program, path=path)


def prepare_parts(python: Path) -> None:
    """See that every part is there; `python` is that of `.venv`. Raises `SetupFault`."""
    missing = [program for program in PACKAGES if not find(program)]
    if missing and _may_use_apt():
        _apt([PACKAGES[program] for program in missing])
        missing = [program for program in missing if not find(program)]
    if "chromium" in missing:
        missing.remove("chromium")
        _download_browser(python)
    elif _may_use_apt() and find("chromium") and not SHELL.exists():
        _try_apt("chromium-headless-shell")
    if missing:
        names = " ".join(PACKAGES[program] for program in missing)
        raise SetupFault("The tests need %s. Install: apt install %s" % (", ".join(missing), names))


def _may_use_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt(packages: List[str], seconds: Optional[float] = None) -> None:
    print("Installing %s with apt" % ", ".join(packages), flush=True)
    # RUNLEVEL=1 keeps Debian from starting the services; the tests start their own.
    environ: Dict[str, str] = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "--no-remove", *packages]
    for command in (["apt-get", "update", "-qq"], install):
        shown, quiet = " ".join(command), subprocess.DEVNULL
        try:
            done = subprocess.run(command, env=environ, stdin=quiet, stdout=quiet, timeout=seconds)
        except subprocess.TimeoutExpired as late:
            raise SetupFault("`%s` took more than %g s." % (shown, late.timeout)) from None
        if done.returncode:
            raise SetupFault("`%s` failed; its message stands above." % shown)


def _try_apt(package: str) -> None:
    try:
        _apt([package], PATIENCE)
    except SetupFault as fault:
        print("%s The tests do without it." % fault, flush=True)


def _download_browser(python: Path) -> None:
    """Playwright's own Chromium; quick when it is there already."""
    print("No chromium on this machine: asking Playwright for its own", flush=True)
    if subprocess.run([str(python), "-m", "playwright", "install", "chromium"]).returncode:
        raise SetupFault("There is no browser for the tests. Install one: apt install chromium")
