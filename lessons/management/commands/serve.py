"""`manage.py serve`: the site on one Daphne, in this process, from nothing to the printed address."""

import errno
import signal
import socket
import sys
from argparse import ArgumentParser
from types import FrameType
from typing import Any, Final

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import autoreload
from django.utils.module_loading import import_string

from lessons.lab.confinement import hide_memory
from lessons.management import readiness
from lessons.management.descriptors import allow_descriptors
from lessons.management.lab_start import boot_fork_server
from lessons.offload import switch_soon

LESSON_FILES: Final = ("toml", "md", "py", "jsonl")


class Command(BaseCommand):
    help = "Serve the site: bring tables and static files up to date, listen, print the address."
    requires_system_checks: list[str] = []  # they belong to `make check`; this is a start of about a second

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.SERVE_HOST, help="address to listen on (HOST)")
        parser.add_argument("--port", default=settings.SERVE_PORT, type=int, help="port, 0 for a free one (PORT)")
        parser.add_argument("--reload", action="store_true", help="restart when a file changes")

    def handle(self, *args: Any, host: str, port: int, reload: bool, **options: Any) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _leave)
        check_port(host, port)
        if reload:
            autoreload.autoreload_started.connect(_watch_lessons)
            autoreload.run_with_reloader(self.serve, host, port)
        else:
            self.serve(host, port)

    def serve(self, host: str, port: int) -> None:
        """Serve until a signal comes."""
        try:
            readiness.make_ready()
        except readiness.NotReady as error:
            raise CommandError(str(error)) from None
        allow_descriptors()
        switch_soon()
        hide_memory()  # the lanes' code has this user's rights, and here are the site's secrets
        application = import_string(settings.ASGI_APPLICATION)
        from lessons.management import daphne_server  # installs the Twisted reactor: not for every command of manage.py

        def announce(real: int) -> None:
            self.stdout.write(f"The lessons are open at http://{_shown(host)}:{real}/  (Ctrl-C ends)")
            self.stdout.flush()
            boot_fork_server()

        if not daphne_server.run_daphne(application, host, port, announce):  # the port was free a moment ago
            raise CommandError(port_taken(host, port))


def _watch_lessons(sender: autoreload.BaseReloader, **kwargs: Any) -> None:
    """What lessons are made of is no module that has been imported."""
    for kind in LESSON_FILES:
        sender.watch_dir(settings.LESSONS_DIR, f"**/*.{kind}")


def check_port(host: str, port: int) -> None:
    """Raises `CommandError` if nobody can listen on `host`:`port` now."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(port_taken(host, port)) from None
        raise CommandError(f"Cannot listen on {host}:{port}: {error.strerror or error}.") from None


def port_taken(host: str, port: int) -> str:
    """What to say when another program listens there."""
    return f"Port {port} of {host} is taken by another program. Choose another: make run PORT={port % 65535 + 1}"


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _shown(host: str) -> str:
    """The host part of an address that a browser on this machine can open."""
    if host in ("0.0.0.0", "::"):  # noqa: S104  (asked, not opened)
        return "localhost"
    return f"[{host}]" if ":" in host else host
