"""Python's compiler and parser without a word of warning, whichever thread asks. Nothing is run."""

import ast
import threading
import warnings
from typing import Final, Literal

type Warned = Literal["ignore", "error"]  # what becomes of a warning, such as that of "\d"

_FILTERS: Final = threading.Lock()  # filters of warnings belong to the whole process: two at once would mix them up


def compile_quietly(source: str, name: str, warned: Warned = "ignore") -> None:
    """Compile, to see whether it can be.

    Raises `SyntaxError`, `ValueError`, `RecursionError` or `MemoryError`, as the compiler does.
    """
    with _FILTERS, warnings.catch_warnings():
        warnings.simplefilter(warned)
        compile(source, name, "exec", dont_inherit=True)


def parse_quietly(source: str, name: str) -> ast.Module:
    """The syntax tree. Raises as `compile_quietly` does.

    For code of learners: unlike the compiler, the parser cannot be crashed by short code.
    """
    with _FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source, name)
