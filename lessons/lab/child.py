"""A process of the lab as its supervisor sees it: start, lines, words, kill, gone."""

import asyncio
import contextlib
import json
import multiprocessing
import os
import re
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from multiprocessing import forkserver
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any, Final

from lessons.lab.bounds import is_unicode
from lessons.lab.entry import Role, enter_role
from lessons.lab.events import Plain

ROOT: Final = Path(__file__).parents[2]
# Of the environment, what Python and the C library themselves read.
PASSED_ON: Final = re.compile(r"PATH|HOME|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|LD_LIBRARY_PATH|PYTHON\w*|VIRTUAL_ENV")
LINE_LIMIT: Final = 1 << 20  # bytes of one line
MOST_BYTES: Final = 32 << 20  # that a process may say in all
HALF: Final = "\\ud"  # how the escape of half a character begins
TURN: Final = 200  # lines after which others have their turn

_context: ForkServerContext = multiprocessing.get_context("forkserver")

# Everything that multiprocessing does here it does in this one thread: starting blocks for milliseconds, and
# its bookkeeping of children is not made for several threads.
_hands = ThreadPoolExecutor(1, thread_name_prefix="lab-hands")


class StartError(Exception):
    """The operating system or the fork server did not give us a process."""


def start_fork_server() -> None:
    """Start the fork server in the background, so that the first process starts as fast as the next."""
    _hands.submit(_prepare)


@cache
def _prepare() -> None:
    _context.set_forkserver_preload(["lessons.lab.preload"])
    # Several releases of Python start the fork server without our import path, and then nothing is preloaded.
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    with bare_environment(PYTHONPATH=path, LESSONS_LAB_OWNER=str(os.getpid())):
        forkserver.ensure_running()


@contextlib.contextmanager
def bare_environment(**values: str) -> Iterator[None]:
    """What starts meanwhile gets `values` and what `PASSED_ON` names: no secrets, no addresses of databases."""
    before = dict(os.environ)
    for name in [name for name in before if not PASSED_ON.fullmatch(name)]:
        del os.environ[name]
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            del os.environ[name]
        os.environ.update(before)


class Child:
    """One process. `start` first; `end` must be awaited, whatever happened in between."""

    def __init__(self, role: Role) -> None:
        self.role = role
        self._ours, theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._process: ForkServerProcess | None = None
        self._pidfd: int | None = None
        self._code: int | None = None
        self._starting = asyncio.get_running_loop().run_in_executor(_hands, self._start, theirs)
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    def _start(self, theirs: socket.socket) -> None:
        with theirs:
            _prepare()
            process = _context.Process(target=enter_role, args=(self.role, theirs), daemon=True)
            process.start()
        self._process = process
        # On Linux, where it is allowed: stays right when the process id is given anew.
        with contextlib.suppress(AttributeError, OSError):
            self._pidfd = os.pidfd_open(process.pid or 0)

    async def start(self, config: dict[str, Plain]) -> None:
        """Wait until the process runs, and tell it what it is for. Raises `StartError`."""
        try:
            await asyncio.shield(self._starting)
        except (OSError, EOFError) as error:
            raise StartError(f"cannot start a {self.role} process: {error!r}") from error
        self._reader, self._writer = await asyncio.open_connection(sock=self._ours, limit=LINE_LIMIT)
        self.say(**config)

    @property
    def alive(self) -> bool:
        """Does it run, or is it about to?"""
        if not self._starting.done():
            return True
        return self._process is not None and not wait([self._process.sentinel], timeout=0)

    @property
    def pid(self) -> int:
        """0 while it is not started."""
        return (self._process and self._process.pid) or 0

    async def lines(self, most: int) -> AsyncIterator[dict[str, Any] | list[Any]]:
        """What the process sends, decoded, until it closes its end.

        Raises `ValueError` on what is no JSON object or array, and on more than `most` lines or `MOST_BYTES`.
        """
        if self._reader is None:
            return
        size = 0
        with contextlib.suppress(ConnectionError):
            async for line in self._reader:
                most, size = most - 1, size + len(line)
                if most < 0 or size > MOST_BYTES:
                    raise ValueError("it says too much")
                yield _parse_word(line)
                if not most % TURN:
                    await asyncio.sleep(0)  # what is there already is read without a pause

    def say(self, **word: Plain) -> None:
        """Send a word; to a process that is gone, nothing."""
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(json.dumps(word).encode() + b"\n")

    async def gone(self) -> int:
        """Wait until the process has left the process table; its exit code, negative for a signal."""
        process = self._process
        if self._code is None and process is not None:
            if self._pidfd is not None:  # the fork server tells the exit code, but it may itself be dead
                await _readable(self._pidfd)
            await _readable(process.sentinel)
            code = await asyncio.get_running_loop().run_in_executor(_hands, lambda: process.exitcode)
            self._code = 0 if code is None else code
        return self._code or 0

    async def end(self) -> None:
        """Kill the process if it runs, and wait until it is gone. Never raises, may be called again."""
        with contextlib.suppress(Exception):
            await asyncio.shield(self._starting)
        if (process := self._process) is not None:
            self._kill(process)
            await self.gone()
            self._process = None
            await asyncio.get_running_loop().run_in_executor(_hands, process.close)
        if self._writer is not None:
            self._writer.close()
        self._ours.close()
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None

    def _kill(self, process: ForkServerProcess) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            elif self._code is None and process.pid:
                os.kill(process.pid, signal.SIGKILL)


def _parse_word(line: bytes) -> dict[str, Any] | list[Any]:
    text = line.decode("ascii")  # as the wire sends it
    try:
        word = json.loads(text)
    except RecursionError:
        word = None
    if not isinstance(word, dict | list):
        raise ValueError("it says what is no word")
    if HALF in text.lower() and not is_unicode(word):
        raise ValueError("it says half a character")
    return word


async def _readable(fd: int) -> None:
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    own = os.dup(fd)  # someone else may wait for the same one
    loop.add_reader(own, over.set)
    try:
        await over.wait()
    finally:
        loop.remove_reader(own)
        os.close(own)
