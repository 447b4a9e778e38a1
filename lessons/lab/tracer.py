"""Sees each step of a view through `sys.monitoring`, on the view's and `fetch_data`'s code objects only.

What is thrown into code, and what leaves it by an exception, Python tells of all code or of none: there the callbacks
look at the code object first. Instrumented once; a context variable tells which request a step belongs to. No frame and
no live value is kept.
"""

import sys
from collections.abc import Callable
from contextvars import ContextVar
from threading import get_native_id
from time import monotonic
from types import CodeType
from typing import Any, Final

from lessons.lab.events import (
    FetchCalled,
    FetchRaised,
    FetchReturned,
    LineReached,
    TracerFailed,
    ViewResumed,
    ViewReturned,
    ViewStarted,
    ViewSuspended,
)
from lessons.lab.snapshot import MAX_NAMES, take_locals, take_value

MAX_STEPS: Final = 20_000  # of a lane; a view with a busy loop must not drown the event log
TOOL_IDS: Final = (3, 4)  # free for everyone; debuggers, coverage, profilers and optimizers have the others

current_request: ContextVar[int] = ContextVar("current_request", default=0)  # 0: none, nothing is reported

Put = Callable[[tuple[float, str, int, str, dict[str, Any]]], None]

_request = current_request.get
_frame = sys._getframe
_LINE: Final = LineReached.kind
_events = sys.monitoring.events
_VIEW_EVENTS: Final = _events.PY_START | _events.LINE | _events.PY_YIELD | _events.PY_RESUME | _events.PY_RETURN
_FETCH_EVENTS: Final = _events.PY_START | _events.PY_RETURN
_EVERYWHERE: Final = _events.PY_THROW | _events.PY_UNWIND  # cannot be had of some code objects only


class Tracer:
    """Reports the steps of one view. A fault of its own ends the tracing and never reaches the view."""

    def __init__(self, lane: str, view: CodeType, fetch: CodeType | None, put: Put) -> None:
        self._lane = lane
        self._view = view
        self._fetch = fetch
        self._put = put
        self._names = (*view.co_varnames, *view.co_cellvars)[:MAX_NAMES]
        self._tool = -1
        self._left = MAX_STEPS

    def start(self) -> None:
        """Instrument the code. When that fails, `tracer.failed` says why and nothing is traced."""
        try:
            self._tool = self._take_tool()
            for event, callback in self._callbacks().items():
                sys.monitoring.register_callback(self._tool, event, callback)
            sys.monitoring.set_local_events(self._tool, self._view, _VIEW_EVENTS)
            if self._fetch is not None:
                sys.monitoring.set_local_events(self._tool, self._fetch, _FETCH_EVENTS)
            sys.monitoring.set_events(self._tool, _EVERYWHERE)
        except Exception as error:
            self._fail(error)

    def stop(self) -> None:
        """Give the code objects and the tool id back. May be called twice."""
        if self._tool < 0:
            return
        tool, self._tool = self._tool, -1
        sys.monitoring.set_events(tool, 0)
        for code in filter(None, (self._view, self._fetch)):
            sys.monitoring.set_local_events(tool, code, 0)
        for event in self._callbacks():
            sys.monitoring.register_callback(tool, event, None)
        sys.monitoring.free_tool_id(tool)

    def _take_tool(self) -> int:
        for tool in TOOL_IDS:
            if sys.monitoring.get_tool(tool) is None:
                sys.monitoring.use_tool_id(tool, "lessons")
                return tool
        raise RuntimeError("no tool id of sys.monitoring is free")

    def _callbacks(self) -> dict[int, Callable[..., None]]:
        return {
            _events.PY_START: self._on_start,
            _events.LINE: self._on_line,
            _events.PY_YIELD: self._on_yield,
            _events.PY_RESUME: self._on_resume,
            _events.PY_RETURN: self._on_return,
            _events.PY_THROW: self._on_throw,
            _events.PY_UNWIND: self._on_unwind,
        }

    # Each callback runs in the view's thread, right under the view's frame.

    def _on_line(self, code: CodeType, line: int) -> None:
        # The only callback that runs many times in a view: constants are at hand, nothing is called in vain.
        try:
            if request := _request():
                self._left -= 1
                if self._left < 0:
                    raise OverflowError(f"more than {MAX_STEPS} steps")
                # A copy is taken at once: a kept f_locals can crash 3.13.0 (gh-125723).
                taken = take_locals(_frame(1).f_locals, self._names)
                self._put((monotonic(), self._lane, request, _LINE, {"line": line, "locals": taken}))
        except Exception as error:
            self._fail(error)

    def _on_start(self, code: CodeType, offset: int) -> None:
        try:
            if request := current_request.get():
                if code is self._view:
                    data = {"thread": get_native_id(), "locals": take_locals(sys._getframe(1).f_locals, self._names)}
                    self._put((monotonic(), self._lane, request, ViewStarted.kind, data))
                else:
                    self._put((monotonic(), self._lane, request, FetchCalled.kind, {}))
        except Exception as error:
            self._fail(error)

    def _on_yield(self, code: CodeType, offset: int, value: object) -> None:
        try:
            if request := current_request.get():
                self._put((monotonic(), self._lane, request, ViewSuspended.kind, {}))
        except Exception as error:
            self._fail(error)

    def _on_resume(self, code: CodeType, offset: int) -> None:
        try:
            if request := current_request.get():
                self._put((monotonic(), self._lane, request, ViewResumed.kind, {}))
        except Exception as error:
            self._fail(error)

    def _on_return(self, code: CodeType, offset: int, value: object) -> None:
        try:
            if request := current_request.get():
                at = monotonic()
                if code is self._view:
                    data = {"value": take_value(value), "locals": take_locals(sys._getframe(1).f_locals, self._names)}
                    self._put((at, self._lane, request, ViewReturned.kind, data))
                else:
                    self._put((at, self._lane, request, FetchReturned.kind, {"value": take_value(value)}))
        except Exception as error:
            self._fail(error)

    def _on_throw(self, code: CodeType, offset: int, error: BaseException) -> None:
        if code is self._view:
            self._on_resume(code, offset)

    def _on_unwind(self, code: CodeType, offset: int, error: BaseException) -> None:
        if code is not self._fetch:
            return
        try:
            if request := current_request.get():
                data = {"error": type(error).__name__}
                self._put((monotonic(), self._lane, request, FetchRaised.kind, data))
        except Exception as fault:
            self._fail(fault)

    def _fail(self, error: Exception) -> None:
        try:
            self.stop()
            reason = f"{type(error).__name__}: {error}"[:200]
        except Exception:
            reason = "unknown"
        self._put((monotonic(), self._lane, 0, TracerFailed.kind, {"reason": reason}))
