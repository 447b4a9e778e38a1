"""One program of a cluster: started, known to be ready, restarted, ended."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PATIENCE: Final = 60.0  # seconds until a program is ready
LOOK: Final = 0.05  # seconds between two looks whether it is
TOLD: Final = 20  # last lines of a program that could not be started


class NotStarted(Exception):
    """A program ended, or did nothing, instead of getting ready; the text has its last lines."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is run, and how it is asked to end."""

    command: Sequence[str]
    environ: Mapping[str, str]
    cwd: Path = ROOT
    user: str = ""  # as whom, if not as we are
    stop: signal.Signals = signal.SIGTERM

    def words(self) -> list[str]:
        """The command line, whole: on Linux a program ends with us, however we end."""
        change = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"] if self.user else []
        tie = ["setpriv", "--pdeathsig", "TERM"] if sys.platform == "linux" else []
        return [*change, *tie, *self.command]  # in this order: a change of the user would undo the tie


class Part:
    """A program of a cluster, in a process group of its own. Belongs to one event loop."""

    def __init__(
        self,
        name: str,
        program: Program,
        is_ready: "Callable[[Part], Awaitable[bool]]",
        tell: Callable[[str], None] = print,
    ) -> None:
        self.name = name
        self.up = asyncio.Event()  # it has got ready since it was started last
        self.lines: deque[str] = deque(maxlen=TOLD)
        self._program = program
        self._is_ready = is_ready
        self._tell = tell
        self._process: Process | None = None
        self._reader: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """0 while it does not run."""
        return self._process.pid if self._process and self._process.returncode is None else 0

    async def start(self) -> None:
        """Start it and wait until it is ready. Raises `NotStarted`."""
        self.lines.clear()
        process = self._process = await asyncio.create_subprocess_exec(
            *self._program.words(),
            cwd=self._program.cwd,
            env=dict(self._program.environ),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,
            limit=1 << 20,
        )
        self._reader = asyncio.create_task(self._read(process))
        try:
            async with asyncio.timeout(PATIENCE):
                while not await self._is_ready(self):
                    if process.returncode is not None:
                        break
                    await asyncio.sleep(LOOK)
                else:
                    self.up.set()
                    return
        except TimeoutError:
            pass
        await self.stop()
        raise NotStarted(f"{self.name} did not start. It said:\n" + "\n".join(self.lines))

    async def ended(self) -> int:
        """Wait until it has ended, and end what it has left behind; its exit code, negative for a signal."""
        assert self._process
        # Not `wait()`: that waits for the end of the output, too, which those who are left behind may hold.
        while self._process.returncode is None:  # noqa: ASYNC110
            await asyncio.sleep(LOOK)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        return self._process.returncode

    def send(self, number: signal.Signals) -> None:
        """A signal to the program alone; none if it does not run."""
        if self._process and self._process.returncode is None:
            self._process.send_signal(number)

    async def stop(self, seconds: float = 90.0) -> None:
        """Ask it to end, kill it if it does not, and wait until it is gone."""
        if self._process is None:
            return
        self.send(self._program.stop)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.ended(), seconds)
        self.send(signal.SIGKILL)
        await self.ended()
        if self._reader:
            await self._reader

    async def _read(self, process: Process) -> None:
        assert process.stdout
        async for line in process.stdout:
            text = line.decode(errors="replace").rstrip()
            self.lines.append(text)
            self._tell(f"{self.name:>8} | {text}")


async def listening(port: int) -> bool:
    """Does somebody take connections on this port of 127.0.0.1?"""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
