"""One Daphne in this process. Importing this installs the Twisted reactor."""

import asyncio
import resource
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any, Final

from daphne import server as daphne_server
from daphne.http_protocol import WebRequest
from daphne.server import Server
from django.conf import settings
from twisted.internet import defer
from twisted.internet import reactor as installed
from twisted.internet.error import ReactorNotRunning

from lessons.live.mailbox import site_mailboxes
from lessons.management.bounded_connections import BoundedConnections
from lessons.management.sound_request import SoundFactory
from lessons.performance.service import measurement_service
from lessons.runs.service import run_service

reactor: Any = installed  # its type promises less than it is

# Daphne's own backlog of 50 makes some of 100 connections opened at once wait a second for their repeated SYN.
BACKLOG: Final = 1024
# The consumer takes 64 kB and says why it closes; beyond this Daphne closes without a word.
LAST_FRAMES: Final = 1.0  # seconds that viewers get, behind the last run, to see its end
LOOK: Final = 0.05  # seconds between two looks whether every request has its answer
OF_FILES: Final = 0.75  # that may be open, for connections; runs, the database and Redis need some, too
MAX_MESSAGE: Final = 1024 * 1024  # bytes of one WebSocket message


_tasks: list[asyncio.Future[None]] = []  # kept, so that they come to their end


class DrainingServer(Server):  # type: ignore[misc]  # Daphne has no types
    """A Daphne that knows where it listens, so that it can stop that and go on otherwise."""

    draining = False

    def unanswered(self) -> bool:
        """Is a request under way that has not had its whole answer?"""
        return any(
            isinstance(protocol, WebRequest) and "disconnected" not in state
            for protocol, state in self.connections.items()
        )

    def listen_success(self, port: Any) -> None:
        """Called by Twisted for each endpoint."""
        self.ports = [*getattr(self, "ports", ()), port]
        super().listen_success(port)


def run_daphne(application: Any, host: str, port: int, announce: Callable[[int], None]) -> bool:
    """Serve until SIGINT or SIGTERM; False at once if the port cannot be had.

    `announce` is called with the real port when connections are taken. Outside of the main thread (the
    autoreloader's) signals are left to others.
    """
    daphne_server.HTTPFactory = _bounded_factory  # the server makes its own, and takes no other
    server: Any = DrainingServer(
        application,
        endpoints=[f"tcp:port={port}:interface={host.replace(':', r'\:')}:backlog={BACKLOG}"],
        signal_handlers=False,  # Twisted's are gone before the process is, and make sends SIGTERM twice
        ready_callable=lambda: _ready(server, announce),
        websocket_max_message_size=MAX_MESSAGE,
        websocket_max_frame_size=MAX_MESSAGE,
        server_name="lessons",
        verbosity=1,
    )
    reactor.addSystemEventTrigger("before", "shutdown", _end_runs)
    server.run()
    return bool(server.listening_addresses)


def _bounded_factory(server: Any) -> BoundedConnections:
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = min(settings.CONNECTIONS, round(files * OF_FILES))
    return BoundedConnections(server, SoundFactory(server), most, settings.ADDRESS_CONNECTIONS)


def _ready(server: Any, announce: Callable[[int], None]) -> None:
    if not server.listening_addresses:
        reactor.callWhenRunning(reactor.stop)
        return
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, _stop_at_once)
        signal.signal(signal.SIGTERM, lambda *_: _stop_gently(server))
    announce(server.listening_addresses[0][1])


def _stop_gently(server: Any) -> None:
    signal.signal(signal.SIGTERM, _stop_at_once)
    reactor.callFromThread(lambda: _tasks.append(asyncio.ensure_future(_drain(server))))


def _stop_at_once(_signal: int, _frame: FrameType | None) -> None:
    _ignore_signals()
    reactor.callFromThread(_end_serving)


def _ignore_signals() -> None:
    """Once is enough; one that comes while the interpreter goes would kill it."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)


def _end_serving() -> None:
    """The first time; whoever drains is not waited for any more."""
    _ignore_signals()
    for task in _tasks:
        if task is not asyncio.current_task():
            task.cancel()
    with suppress(ReactorNotRunning):
        reactor.stop()


async def _drain(server: Any) -> None:
    """Take no more connections, see the runs of this process to their end, as far as that is near, and stop.

    Who is connected is served as before, and is told that the connection ends with the answer. What a proxy keeps open
    it may use for new requests, which begin runs, too. No request is cut off: a proxy that had asked here because its
    other server was not up would have nobody left to ask.
    """
    server.draining = True
    for port in server.ports:
        port.stopListening()
    with suppress(TimeoutError):
        async with asyncio.timeout(settings.DRAIN_SECONDS):
            if measurement_service.cache_info().currsize:
                await measurement_service().idle()
            if run_service.cache_info().currsize and await run_service().labs.idle():
                await asyncio.sleep(LAST_FRAMES)
            while server.unanswered():  # noqa: ASYNC110  (Daphne tells nobody)
                await asyncio.sleep(LOOK)
    _end_serving()


def _end_runs() -> "defer.Deferred[None]":
    """Leave no process of a run behind."""
    return defer.Deferred.fromFuture(asyncio.ensure_future(_close()))


async def _close() -> None:
    if site_mailboxes.cache_info().currsize:
        await site_mailboxes().close()
    if measurement_service.cache_info().currsize:
        await measurement_service().close()
    if run_service.cache_info().currsize:
        await run_service().close()
