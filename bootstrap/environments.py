"""Makes virtual environments and fills them from the hashed lock files, each once."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import Callable, Iterator, List, Tuple

from bootstrap.faults import SetupFault
from bootstrap.interpreters import Interpreter, newest

GROUPS = {
    "run": ("run",),
    "dev": ("dev", "run"),
    "core": ("core",),
    "lock": ("lock",),
}  # group -> groups its lock file satisfies
NETWORK_SIGNS = (
    "NewConnectionError",
    "Max retries exceeded",
    "name resolution",
    "Network is unreachable",
    "ConnectTimeout",
    "ConnectionError",
    "No matching distribution found",
)


def prepare(root: Path, group: str) -> Path:
    """The Python of `.venv` in folder `root`, with lock file `group` installed. Raises `SetupFault`."""
    return _prepared(root, root / ".venv", group, lambda: newest(os.environ))


def prepare_beside(root: Path, group: str, interpreter: Interpreter) -> Path:
    """The Python of an environment of this interpreter's own, `.venv-3.12`, filled likewise. Raises `SetupFault`."""
    return _prepared(root, root / (".venv-%d.%d" % interpreter.version[:2]), group, lambda: interpreter)


def _prepared(root: Path, venv: Path, group: str, choose: Callable[[], Interpreter]) -> Path:
    if not _is_current(root, venv, group):
        with _alone(root / (venv.name + ".lock")):
            if not _is_current(root, venv, group):  # another set-up may have done it meanwhile
                _make(root, venv, choose)
                _install(root, venv, group)
    return venv / "bin" / "python"


def _is_current(root: Path, venv: Path, group: str) -> bool:
    stamp = venv / ("%s.stamp" % group)
    return os.access(str(venv / "bin" / "python"), os.X_OK) and _read(stamp) == _fingerprint(root, group)


def _fingerprint(root: Path, group: str) -> str:
    """Names a lock file and this folder: a virtual environment that was moved must be made anew."""
    lock = (root / "requirements" / ("%s.txt" % group)).read_bytes()
    return "%s %s" % (hashlib.sha256(lock).hexdigest(), root.resolve())


def _make(root: Path, venv: Path, choose: Callable[[], Interpreter]) -> None:
    home = venv / "home.stamp"
    if os.access(str(venv / "bin" / "python"), os.X_OK) and _read(home) == str(root.resolve()):
        return
    interpreter = choose()
    _say("Making %s with Python %d.%d.%d (%s)" % (venv.name, *interpreter.version, interpreter.path))
    shutil.rmtree(str(venv), ignore_errors=True)
    _call([interpreter.path, "-m", "venv", str(venv)], "The virtual environment could not be made")
    home.write_text(str(root.resolve()))


def _install(root: Path, venv: Path, group: str) -> None:
    lock = root / "requirements" / ("%s.txt" % group)
    _say("Installing requirements/%s (once; it may take a minute)" % lock.name)
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    _call([*pip, "--require-hashes", "-r", str(lock)], "The packages of %s could not be installed" % lock.name)
    for satisfied in GROUPS[group]:
        (venv / ("%s.stamp" % satisfied)).write_text(_fingerprint(root, satisfied))


def _call(command: List[str], complaint: str) -> None:
    """Run a program; its output is shown only when it fails."""
    code, output = _output(command)
    if code == 0:
        return
    lines = [line for line in output.splitlines() if line.strip() and "is ignored: it is neither" not in line]
    reason = "\nIs the network there? Nothing can be downloaded." if any(s in output for s in NETWORK_SIGNS) else ""
    raise SetupFault("%s.%s\nIts last words:\n  %s" % (complaint, reason, "\n  ".join(lines[-8:])))


def _output(command: List[str]) -> Tuple[int, str]:
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        output, _ = process.communicate()
    except BaseException:  # Ctrl-C and SIGTERM too: leave no child behind
        process.kill()
        process.wait()
        raise
    return process.returncode, output.decode(errors="replace")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold back a second set-up of the same folder until this one is done."""
    with open(str(path), "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _say(text: str) -> None:
    print(text, flush=True)
