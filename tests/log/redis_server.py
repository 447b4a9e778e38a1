"""A real Redis for tests to use and to harm."""

import shutil
import socket
import subprocess
from pathlib import Path

from tests.waiting import until


class RedisServer:
    """A `redis-server` that can be stopped, started again on the same port, and robbed of its data."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.url = f"redis://127.0.0.1:{port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, keep: bool = True) -> None:
        """Start, with the data of last time or without, and wait until it answers."""
        if not keep:
            shutil.rmtree(self.folder / "appendonlydir", ignore_errors=True)
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        command += ["--save", "", "--appendonly", "yes", "--appendfsync", "always", "--loglevel", "warning"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self._answers, f"redis-server answers on port {self.port}")

    def stop(self) -> None:
        """Kill it at once; what it acknowledged is on disk."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "redis-server did not start"
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as link:
                link.sendall(b"PING\r\n")
                return link.recv(16).startswith(b"+PONG")
        except OSError:
            return False
