"""First code of every process of the lab. Imports nothing heavy: the supervisor imports it, too."""

import contextlib
import importlib
import json
import os
import signal
import socket
from typing import Any, Literal

from lessons.lab import confinement
from lessons.lab.spec import ServerName

Role = Literal["driver", "upstream"] | ServerName  # a lane has that of its server


def enter_role(role: Role, sock: socket.socket) -> None:
    """Become the process of that role: get ready, and wait for the first word, which says what it is for.

    The role's module has a `main` that gets the socket to the supervisor and this word.
    """
    name = role if role in ("driver", "upstream") else "lane"
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the supervisor, which ends us
    confinement.name_process(f"lab-{name}")
    confinement.hide_memory()
    if name != "upstream":  # that has the connections of all runs
        confinement.limit_resources()
    module = importlib.import_module(f"lessons.lab.{name}")
    if name == "lane":
        module.prepare_lane(role)
    module.main(sock, _first_word(sock))


def _first_word(sock: socket.socket) -> dict[str, Any]:
    """Nothing behind it is taken: that is for the wire. Ends the process when the supervisor is gone."""
    word = bytearray()
    with contextlib.suppress(OSError):
        while byte := sock.recv(1):
            if byte == b"\n":
                return dict(json.loads(word))
            word += byte
    os._exit(0)
