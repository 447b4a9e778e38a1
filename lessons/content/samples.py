"""What the source of a sample must be."""

import ast
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from typing import Final

from lessons.content.compiling import compile_quietly, parse_quietly

VIEW: Final = "view"  # what every sample defines
UNREADABLE: Final = (SyntaxError, ValueError, RecursionError, MemoryError)  # what a source that is none raises


def local_names(source: str) -> frozenset[str]:
    """The names that the view of a sample binds, and its parameters; none of a source that cannot be parsed."""
    try:
        views = _views(parse_quietly(source, "view.py"))
    except UNREADABLE:
        return frozenset()
    nodes = [node for view in views for node in ast.walk(view)]
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return frozenset(bound | {node.arg for node in nodes if isinstance(node, ast.arg)})


def view_lines(source: str) -> dict[int, str]:
    """The lines of the view that are not blank, by their number from 1 at the top of the file; {} of no Python."""
    try:
        views = _view_functions(parse_quietly(source, "view.py"))
    except UNREADABLE:
        return {}
    within = {number for view in views for number in range(view.body[0].lineno, (view.end_lineno or 0) + 1)}
    lines = enumerate(source.split("\n"), 1)
    return {number: line for number, line in lines if number in within and line.strip()}


def lines_with(source: str, text: str) -> list[int]:
    """The numbers of the lines of the view that contain this text."""
    return [number for number, line in view_lines(source).items() if text in line]


def has_numbers(source: str) -> bool:
    """Does a number stand in it? Then something in it may last as long as it says, whatever the wait of a run is."""
    try:
        nodes = ast.walk(parse_quietly(source, "view.py"))
    except UNREADABLE:
        return False
    return any(isinstance(node, ast.Constant) and type(node.value) in (int, float) for node in nodes)


def sample_fault(source: str, name: str) -> str:
    """Why this cannot be a sample, said of it; "" when it can. Nothing is run."""
    try:
        compile_quietly(source, name, "error")
        module = parse_quietly(source, name)
    except (*UNREADABLE, Warning) as error:
        place = f" in line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        return f"does not compile{place}: {getattr(error, 'msg', None) or error}"
    if not _view_functions(module):
        return f"defines no function {VIEW!r}"
    unknown = [each for each in _imported_modules(module) if not _is_there(each)]
    return f"imports {unknown[0]!r}, and there is no such module here" if unknown else ""


def _imported_modules(module: ast.Module) -> Iterator[str]:
    """What is imported with it. What stands in a function or in a branch may be meant to fail."""
    for node in module.body:
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


@cache
def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _views(module: ast.Module) -> list[ast.stmt]:
    """Whatever the module defines under the view's name."""
    return [each for each in module.body if getattr(each, "name", "") == VIEW]


def _view_functions(module: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [each for each in _views(module) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
