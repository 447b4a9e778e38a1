"""What the source of a sample must be."""

import ast
from typing import Final

from lessons.content.compiling import compile_quietly, parse_quietly

VIEW: Final = "view"  # what every sample defines


def sample_fault(source: str, name: str) -> str:
    """Why this cannot be a sample, said of it; "" when it can. Nothing is run."""
    try:
        compile_quietly(source, name, "error")
        defined = [each for each in parse_quietly(source, name).body if getattr(each, "name", "") == VIEW]
    except (SyntaxError, ValueError, RecursionError, MemoryError, Warning) as error:
        place = f" in line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        return f"does not compile{place}: {getattr(error, 'msg', None) or error}"
    if not any(isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) for each in defined):
        return f"defines no function {VIEW!r}"
    return ""
