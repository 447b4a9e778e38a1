"""A lane's process: one sample on one server, observed."""

import importlib.util
import os
import socket
import sys
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from django.urls import path

from lessons.lab import preload, routes, service
from lessons.lab.events import Body, LaneStarted, TracerFailed
from lessons.lab.servers import KNOWN
from lessons.lab.spec import ServerName
from lessons.lab.tracer import Tracer
from lessons.lab.wire import Wire

PATIENCE = 0.5  # seconds that requests under way get when the lane is told to finish


class SampleError(Exception):
    """The sample's file cannot be run."""


def prepare_lane(server: ServerName) -> None:
    """What takes time and can be done before it is known which sample is to be served."""
    preload.configure_django()
    KNOWN[server].prepare()


def main(sock: socket.socket, config: dict[str, Any]) -> None:
    """Serve one lane until the supervisor's end of `sock` closes.

    `config`: lane, sample (path), server, workers, token, zero, port and wait of the upstream, trace.
    """
    name = config["lane"]
    wire = Wire(sock, config["zero"], lambda word: wire.finish(PATIENCE))
    wire.start()
    try:
        _serve_lane(wire, name, config)
    except SampleError as error:
        wire.say(error=str(error))
    os._exit(1)  # a server never returns


def _serve_lane(wire: Wire, name: str, config: dict[str, Any]) -> None:
    service.set_upstream(config["port"], config["wait"])
    sample = load_sample(Path(config["sample"]))
    routes.urlpatterns.append(path("", sample.view))
    if config["trace"]:
        _trace(sample, name, wire)
    server = KNOWN[config["server"]]

    def report(body: Body, request: int) -> None:
        wire.report(body, name, request)

    def ready(port: int) -> None:
        capacity = server.capacity(config["workers"])
        wire.report(LaneStarted(server.package, server.version, server.interface, capacity, os.getpid()), name)
        wire.say(port=port)

    server.serve(config["token"], report, config["workers"], ready)


def load_sample(file: Path) -> ModuleType:
    """Run the sample's file as a module with a `view`. Raises `SampleError`."""
    name = f"lessons_sample_{file.stem}"  # `async.py` cannot be imported by its own name
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise SampleError(f"{file.name} is not a Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise SampleError(f"{file.name} cannot be loaded: {type(error).__name__}: {error}.") from error
    if not callable(getattr(module, "view", None)):
        raise SampleError(f"{file.name} defines no view.")
    return module


def _trace(sample: ModuleType, lane: str, wire: Wire) -> None:
    view = _code_of(sample.view)
    if view is None:
        wire.report(TracerFailed("the view is not a function"), lane)
        return
    Tracer(lane, view, _code_of(getattr(sample, "fetch_data", None)), wire.put).start()


def _code_of(function: object) -> CodeType | None:
    code = getattr(function, "__code__", None)
    return code if isinstance(code, CodeType) else None
