"""First code of every process of the lab. Imports nothing heavy: the supervisor imports it, too."""

import contextlib
import importlib
import signal
import socket
from pathlib import Path
from typing import Any, Literal

Role = Literal["lane", "driver", "upstream"]


def enter_role(role: Role, sock: socket.socket, config: dict[str, Any]) -> None:
    """Become the process of that role. Its module's `main` gets the socket to the supervisor and the config."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the supervisor, which ends us
    with contextlib.suppress(OSError):  # for operators, who see it in `ps` and `top`
        Path("/proc/self/comm").write_text(f"lab-{role}")
    importlib.import_module(f"lessons.lab.{role}").main(sock, config)
