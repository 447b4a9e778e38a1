"""Values of a running view as bounded plain text.

Only values of exact builtin types are looked into. Of everything else no code is run, not even its `__repr__`:
it becomes `<TypeName>`.
"""

from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

MAX_LENGTH: Final = 80  # characters of a string
MAX_BITS: Final = 256  # of a whole number
MAX_ITEMS: Final = 5  # of a container
MAX_DEPTH: Final = 2  # containers within containers
MAX_NAMES: Final = 20  # locals of one frame

# The slot itself: `cls.__name__` would run a property of a metaclass.
_name_of = type.__dict__["__name__"].__get__


def text_of(value: object, depth: int = MAX_DEPTH) -> str:
    """`value` as text: the repr of a builtin value, cut short where it is long, `<TypeName>` for all others."""
    kind = type(value)
    if kind is str:
        return _string(value)  # type: ignore[arg-type]
    if value is None or kind is bool or kind is float:
        return repr(value)
    if kind is int:
        return repr(value) if value.bit_length() <= MAX_BITS else "<int>"  # type: ignore[attr-defined]
    if kind is bytes:
        return _bytes(value)  # type: ignore[arg-type]
    # By identity: a look into a dict would run the hash of a metaclass.
    if (kind is list or kind is tuple or kind is dict or kind is set or kind is frozenset) and depth > 0:
        return _container(value, kind, depth)
    return f"<{_name_of(kind)}>"


def texts_of(values: Mapping[str, Any]) -> dict[str, str]:
    """The first `MAX_NAMES` locals of a frame as text."""
    return {name: text_of(value) for name, value in islice(values.items(), MAX_NAMES)}


_BRACKETS: Final[Mapping[type, tuple[str, str]]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    dict: ("{", "}"),
    set: ("{", "}"),
    frozenset: ("{", "}"),
}


def _string(value: str) -> str:
    return repr(value) if len(value) <= MAX_LENGTH else repr(value[:MAX_LENGTH]) + "…"


def _bytes(value: bytes) -> str:
    return repr(value) if len(value) <= MAX_LENGTH else repr(value[:MAX_LENGTH]) + "…"


def _container(value: Any, kind: type, depth: int) -> str:
    try:
        size = len(value)
        items = list(islice(value.items() if kind is dict else value, MAX_ITEMS))
    except RuntimeError:  # another thread is changing it
        return f"<{_name_of(kind)}>"
    if not items and kind in (set, frozenset):
        return f"{_name_of(kind)}()"
    if kind is dict:
        parts = [f"{text_of(key, depth - 1)}: {text_of(item, depth - 1)}" for key, item in items]
    else:
        parts = [text_of(item, depth - 1) for item in items]
    if size > MAX_ITEMS:
        parts.append("…")
    inner = ", ".join(parts)
    if kind is tuple and size == 1:
        inner += ","
    return inner.join(_BRACKETS[kind])
