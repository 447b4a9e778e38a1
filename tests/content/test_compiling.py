"""Compiling says nothing to our log, and leaves the process's filters as they were, from many threads at once."""

import ast
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from lessons.content.code_checks import check_code
from lessons.content.compiling import compile_quietly, parse_quietly
from lessons.content.samples import sample_fault
from lessons.content.teaching import ProjectStep
from lessons.content.variants import syntax_error

WARNED = 'x = "\\d"\n' * 20
STEP = ProjectStep("step", "Step", "Write.", "think", (), "async")
ASK: dict[str, Callable[[], object]] = {
    "variants": lambda: syntax_error(WARNED),
    "samples": lambda: sample_fault(WARNED, "view.py"),
    "code checks": lambda: check_code(STEP, WARNED),
}


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_many_threads_leave_the_filters_as_they_were(hasty: None) -> None:
    before, start = list(warnings.filters), threading.Barrier(8)

    def many(number: int) -> None:
        start.wait()
        for _ in range(50):
            list(ASK.values())[number % len(ASK)]()

    with warnings.catch_warnings(record=True) as heard, ThreadPoolExecutor(8) as pool:
        warnings.simplefilter("always")
        during = list(warnings.filters)
        list(pool.map(many, range(8)))
        assert list(warnings.filters) == during
    assert [str(each.message) for each in heard] == []
    assert list(warnings.filters) == before


def test_a_warning_is_an_error_where_that_is_asked_for() -> None:
    compile_quietly(WARNED, "view.py")
    with pytest.raises(SyntaxError, match="invalid escape sequence"):
        compile_quietly(WARNED, "view.py", "error")


def test_nothing_is_run() -> None:
    compile_quietly("raise AssertionError", "view.py")
    assert isinstance(parse_quietly("raise AssertionError", "view.py"), ast.Module)


@pytest.mark.parametrize("source", ["def", "x = '\0'", "(" * 1000])
def test_what_cannot_be_compiled_is_told(source: str) -> None:
    for ask in (compile_quietly, parse_quietly):
        with pytest.raises((SyntaxError, ValueError, RecursionError, MemoryError)):
            ask(source, "view.py")
