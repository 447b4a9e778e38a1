"""The servers a lane can run on. Each takes the application's pieces, says where it listens, and serves for ever."""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any, Final

from waitress.server import create_server

from lessons.lab.handlers import ASGIApp, Report, WSGIApp
from lessons.lab.hops import count_hops
from lessons.lab.ordinary import stand_up_project
from lessons.lab.spec import ServerName

HOST: Final = "127.0.0.1"
BACKLOG: Final = 1024  # of 100 connections opened at once none may wait for a second SYN
CONNECTIONS: Final = 1000

Ready = Callable[[int], None]  # called with the port once the server listens


@dataclass(frozen=True, slots=True)
class Server:
    """One kind of server."""

    package: str
    interface: str  # "WSGI" or "ASGI"
    prepare: Callable[[], object]  # what can be done before it serves
    serve: Callable[[str, Report, int, Ready], None]  # token, report, workers, ready; never returns

    def capacity(self, workers: int) -> int:
        """Requests it can run Python code for at once: worker threads, or one event loop."""
        return workers if self.interface == "WSGI" else 1

    @property
    def version(self) -> str:
        """Of the installed package."""
        return _installed(self.package)


@cache
def _installed(package: str) -> str:
    return version(package)


def prepare_waitress() -> None:
    """Its module is loaded with this one."""


def prepare_daphne() -> None:
    """Load it in the lane's own process only: that installs the Twisted reactor, which forks must not share."""
    import_module("daphne.server")


def prepare_ordinary() -> None:
    """Daphne, and a project around the view."""
    prepare_daphne()
    stand_up_project()


def serve_waitress(token: str, report: Report, workers: int, ready: Ready) -> None:
    """Waitress with `workers` threads."""
    listener = socket.create_server((HOST, 0), backlog=BACKLOG)
    app = WSGIApp(token, report)
    server: Any = create_server(
        app, sockets=[listener], threads=workers, backlog=BACKLOG, connection_limit=CONNECTIONS, ident=None
    )
    ready(listener.getsockname()[1])
    server.run()


def serve_daphne(token: str, report: Report, workers: int, ready: Ready) -> None:
    """Daphne: one event loop; `workers` does not apply."""
    count_hops()
    from daphne.server import Server as Daphne  # see `prepare_daphne`

    server: Any = Daphne(
        application=ASGIApp(token, report),
        endpoints=[f"tcp:port=0:interface={HOST}:backlog={BACKLOG}"],
        signal_handlers=False,
        verbosity=0,
        ready_callable=lambda: ready(server.listening_addresses[0][1]),
    )
    server.run()


KNOWN: Final[Mapping[ServerName, Server]] = {
    "waitress": Server("waitress", "WSGI", prepare_waitress, serve_waitress),
    "daphne": Server("daphne", "ASGI", prepare_daphne, serve_daphne),
    "daphne-ordinary": Server("daphne", "ASGI", prepare_ordinary, serve_daphne),
}
