"""The tracer on real coroutines and threads."""

import json
import subprocess
import sys
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from lessons.lab import tracer as tracing
from lessons.lab.snapshot import MAX_NAMES
from lessons.lab.tracer import Tracer, current_request

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def traced() -> dict[str, Any]:
    command = [sys.executable, "-W", "error", "-m", "tests.lab.traced"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=30)
    assert done.stderr == ""
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


def of(traced: dict[str, Any], part: str, request: int) -> list[tuple[str, dict[str, Any]]]:
    return [(kind, data) for _, _, number, kind, data in traced["seen"][part] if number == request]


@pytest.mark.parametrize("request_", [1, 2, 3])
def test_a_coroutine_is_seen_step_by_step(traced: dict[str, Any], request_: int) -> None:
    line = traced["first"]["async_view"]
    unset, data = {"request": "<object>"}, {"request": "<object>", "data": "'value'"}
    steps = of(traced, "coroutines", request_)
    steps[0][1].pop("thread", None)
    assert steps == [
        ("view.started", {"locals": unset}),
        ("line.reached", {"line": line + 1, "locals": unset}),
        ("fetch.called", {}),
        ("view.suspended", {}),
        ("view.resumed", {}),
        ("fetch.returned", {"value": "'value'"}),
        ("line.reached", {"line": line + 2, "locals": data}),
        ("view.returned", {"value": "'value'", "locals": data}),
    ]


def test_what_is_no_request_or_another_view_is_not_seen(traced: dict[str, Any]) -> None:
    assert of(traced, "coroutines", 0) == []
    assert {kind for kind, _ in of(traced, "coroutines", 9)} == {"fetch.called", "fetch.returned"}


@pytest.mark.parametrize("request_", [1, 2, 3])
def test_a_thread_is_seen_step_by_step(traced: dict[str, Any], request_: int) -> None:
    kinds = [kind for kind, _ in of(traced, "threads", request_)]
    assert kinds == [
        "view.started",
        "line.reached",
        "fetch.called",
        "fetch.returned",
        "line.reached",
        "view.returned",
    ]


def test_a_view_that_raises_has_no_return_and_one_that_swallows_its_cancel_has(traced: dict[str, Any]) -> None:
    returned = [data["value"] for kind, data in of(traced, "endings", 1) if kind == "view.returned"]
    assert returned == ["'cancelled'"]


@pytest.mark.parametrize(("request_", "error"), [(1, "CancelledError"), (2, "OSError")])
def test_a_call_that_ends_without_a_value_is_seen_to_end(traced: dict[str, Any], request_: int, error: str) -> None:
    steps = [step for step in of(traced, "raised", request_) if step[0] != "line.reached"]
    kinds = [kind for kind, _ in steps]
    # A cancellation is thrown into the innermost coroutine; a call that fails was resumed through its view.
    middle = ["fetch.raised", "view.resumed"] if error == "CancelledError" else ["view.resumed", "fetch.raised"]
    assert kinds == ["view.started", "fetch.called", "view.suspended", *middle, "view.returned"]
    assert dict(steps)["fetch.raised"] == {"error": error}


# A tracer that fails


def view(request: object) -> str:
    data = "value"
    return data  # noqa: RET504  (a local variable is what is traced)


def call(put: Any, code: CodeType = view.__code__) -> None:
    tracer = Tracer("a@lane", code, None, put)
    token = current_request.set(1)
    tracer.start()
    try:
        assert view("request") == "value"
    finally:
        tracer.stop()
        current_request.reset(token)


def test_a_failing_tracer_says_so_once_and_the_view_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(values: object, names: object) -> dict[str, str]:
        raise ValueError("broken")

    monkeypatch.setattr(tracing, "take_locals", broken)
    seen: list[Any] = []
    call(seen.append)
    assert [(kind, data) for _, _, _, kind, data in seen] == [("tracer.failed", {"reason": "ValueError: broken"})]


def test_without_a_free_tool_the_view_goes_unobserved() -> None:
    taken = [tool for tool in tracing.TOOL_IDS if sys.monitoring.get_tool(tool) is None]
    for tool in taken:
        sys.monitoring.use_tool_id(tool, "a test")
    seen: list[Any] = []
    try:
        call(seen.append)
    finally:
        for tool in taken:
            sys.monitoring.free_tool_id(tool)
    assert [kind for _, _, _, kind, _ in seen] == ["tracer.failed"]


def test_a_stopped_tracer_gives_its_tool_back() -> None:
    seen: list[Any] = []
    call(seen.append)
    assert seen
    before = len(seen)
    view("request")
    assert len(seen) == before
    assert sys.monitoring.get_tool(tracing.TOOL_IDS[0]) is None


def test_the_second_tool_is_taken_when_the_first_is_not_free() -> None:
    sys.monitoring.use_tool_id(tracing.TOOL_IDS[0], "a test")
    seen: list[Any] = []
    try:
        call(seen.append)
    finally:
        sys.monitoring.free_tool_id(tracing.TOOL_IDS[0])
    assert [kind for _, _, _, kind, _ in seen][-1] == "view.returned"


def test_a_view_with_more_names_than_are_shown_is_cut() -> None:
    names = [f"name{number}" for number in range(50)]
    source = "def view(request):\n" + "".join(f"    {name} = 1\n" for name in names)
    scope: dict[str, Any] = {}
    exec(source, scope)
    seen: list[Any] = []
    tracer = Tracer("a@lane", scope["view"].__code__, None, seen.append)
    token = current_request.set(1)
    tracer.start()
    scope["view"]("request")
    tracer.stop()
    current_request.reset(token)
    assert len(seen[-1][-1]["locals"]) == MAX_NAMES


def test_a_local_that_a_closure_holds_is_seen() -> None:
    def closing(request: object) -> object:
        data = "held"
        return lambda: data

    seen: list[Any] = []
    tracer = Tracer("a@lane", closing.__code__, None, seen.append)
    token = current_request.set(1)
    tracer.start()
    closing("request")
    tracer.stop()
    current_request.reset(token)
    assert seen[-1][-1]["locals"] == {"request": "request", "data": "held"}
