"""Real processes for tests: started, waited for, and ended by their id."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPResponse
from pathlib import Path

from deploy.part import free_port as free_port
from lessonsite.environment import FILES, VARIABLES
from tests.waiting import until

ROOT = Path(__file__).resolve().parent.parent
FROM_AROUND = re.compile(r"DJANGO_SETTINGS_MODULE|MAKE\w*|MFLAGS|VIRTUAL_ENV")  # set by what started the tests


def clean_environ(**changes: str) -> dict[str, str]:
    """This process's environment without the site's own variables, then with `changes`."""
    kept = {name: value for name, value in os.environ.items() if name not in (*VARIABLES, *FILES)}
    kept = {name: value for name, value in kept.items() if not FROM_AROUND.fullmatch(name)}
    return {**kept, "PYTHONUNBUFFERED": "1", **changes}


def listens(port: int) -> bool:
    """Does somebody take connections on this port of 127.0.0.1?"""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def get(url: str, headers: Mapping[str, str] | None = None) -> HTTPResponse:
    """One GET; error answers are returned like any other. The caller reads and closes."""
    request = urllib.request.Request(url, headers=dict(headers or {}))
    try:
        answer: HTTPResponse = urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as error:
        return error  # type: ignore[return-value]  # is a response, too
    return answer


def members_of(leaders: Collection[int]) -> list[int]:
    """Ids of the living processes of these groups and sessions."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group, session = entry.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue  # ended while we looked
        if state != "Z" and not {int(group), int(session)}.isdisjoint(leaders):
            found.append(int(entry.parent.name))
    return found


def run_python(root: Path, *arguments: str) -> int:
    """Run Python with these arguments to its end, though we be told to end meanwhile: it is told, too. Its status."""
    with subprocess.Popen([sys.executable, *arguments], cwd=root) as child:
        before = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        while child.returncode is None:
            try:
                child.wait()
            except KeyboardInterrupt:
                continue  # the terminal has told the child as well
        signal.signal(signal.SIGTERM, before)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


class Process:
    """A program in a process group of its own, with its output in a file."""

    def __init__(self, command: Sequence[str], output: Path, environ: Mapping[str, str], cwd: Path = ROOT) -> None:
        self.command = list(command)
        self.output = output
        with output.open("wb") as file:
            self._popen = subprocess.Popen(
                self.command,
                cwd=cwd,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._popen.pid

    def text(self) -> str:
        """Everything it has printed so far."""
        return self.output.read_text(errors="replace")

    def until_prints(self, pattern: str, seconds: float = 30.0) -> re.Match[str]:
        """Wait for a line of output that matches; fail if the process ends before."""

        def look() -> re.Match[str] | None:
            ended = self._popen.poll() is not None
            match = re.search(pattern, self.text())
            assert match or not ended, f"{self.command} ended with {self._popen.returncode}:\n{self.text()}"
            return match

        found = until(look, lambda: f"{pattern!r} from {self.command}, which said:\n{self.text()}", seconds)
        assert found
        return found

    def send(self, number: signal.Signals) -> None:
        """A signal to this process alone."""
        self._popen.send_signal(number)

    def send_group(self, number: signal.Signals) -> None:
        """A signal to it and its children, as Ctrl-C does."""
        os.killpg(self.pid, number)

    def wait(self, seconds: float = 20.0) -> int:
        """Its exit code, negative for a signal."""
        return self._popen.wait(seconds)

    def members(self) -> list[int]:
        """Ids of the living processes of its group and session: itself and what it started."""
        return members_of({self.pid})

    def memory(self) -> int:
        """Of this process alone, resident, in bytes."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def processor(self) -> float:
        """Seconds that this process alone has had of the processors."""
        user, system = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """End it: asked first, then killed, and everything it started with it."""
        if self._popen.poll() is None:
            self._popen.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._popen.wait(10)
        self.kill()

    def kill(self) -> None:
        """End it and everything it started, unasked."""
        self._popen.kill()
        self._popen.wait()
        for pid in self.members():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


class Site(Process):
    """A real `manage.py serve` on a free port. Unless it has some, its data are a copy of those in `prepared`."""

    def __init__(self, folder: Path, prepared: Path | None = None, **variables: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        environ = clean_environ(**{"DATA_DIR": str(folder / "data"), "PORT": "0", **variables})
        data = Path(environ["DATA_DIR"])
        if prepared and not data.exists():
            shutil.copytree(prepared, data)
        super().__init__([sys.executable, "manage.py", "serve"], folder / "output.txt", environ)
        self.url = ""

    def ready(self) -> "Site":
        """Wait for the printed address; `url` has it from now on, without a slash at its end."""
        self.url = self.until_prints(r"open at (http://\S+)/ ")[1]
        return self

    def stop(self) -> None:
        """End it without waiting for its farewell, which has tests of its own."""
        self.kill()


class LabProcess(Process):
    """A real `manage.py lab`; its data are a copy of those in `prepared`."""

    def __init__(self, folder: Path, prepared: Path, **variables: str) -> None:
        shutil.copytree(prepared, folder / "data")
        environ = clean_environ(**{"DATA_DIR": str(folder / "data"), **variables})
        super().__init__([sys.executable, "manage.py", "lab"], folder / "output.txt", environ)

    def ready(self) -> "LabProcess":
        """Wait until it takes runs."""
        self.until_prints(r"The lab \S+ takes runs")
        return self


def prepare_site(data: Path) -> None:
    """Makes a data folder as the first start of a site leaves it, so that others need not do the same work."""
    program = "from lessons.management.readiness import make_ready; make_ready()"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", program]
    subprocess.run(command, cwd=ROOT, env=clean_environ(DATA_DIR=str(data)), check=True, capture_output=True)
    (data / "secret_key").unlink()  # each site has its own
