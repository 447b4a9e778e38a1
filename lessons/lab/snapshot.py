"""Values of a running view as bounded plain text.

Only values of exact builtin types are looked into. Of everything else no code is run, not even its `__repr__`:
it becomes `<TypeName>`.

In two halves, since the first runs within the view: `take_value` holds a value fast in a form that cannot change,
`text_of` words it later.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final

MAX_LENGTH: Final = 80  # characters of a string
MAX_BITS: Final = 256  # of a whole number
MAX_ITEMS: Final = 5  # of a container
MAX_DEPTH: Final = 2  # containers within containers
MAX_NAMES: Final = 20  # locals of one frame
MAX_TYPES: Final = 200  # whose names are remembered

# The slot itself: `cls.__name__` would run a property of a metaclass.
_name_of = type.__dict__["__name__"].__get__
_unset: Final = object()


class Text(str):
    """Already worded; every other str is a value."""

    __slots__ = ()


Taken = None | bool | int | float | str | bytes  # bounded, and nobody can change it

# `<TypeName>` by the type's id; the type is kept, so that its id is not given anew. Not by the type itself:
# that would run the hash of a metaclass.
_foreign: dict[int, tuple[type, Text]] = {}


def take_locals(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Taken]:
    """Those of `names` that are set in a frame's locals, taken."""
    get = values.get
    taken: dict[str, Taken] = {}
    for name in names:
        value = get(name, _unset)
        kind = type(value)
        if kind is str and len(value) <= MAX_LENGTH:
            taken[name] = value
        elif known := _foreign.get(id(kind)):  # the common cases before the call
            taken[name] = known[1]
        elif value is not _unset:
            taken[name] = take_value(value)
    return taken


def take_value(value: object) -> Taken:
    """A value in a form that cannot change and is not large."""
    kind = type(value)
    if value is None or kind is bool or kind is float:
        return value  # type: ignore[return-value]
    if kind is str or kind is bytes:
        return value if len(value) <= MAX_LENGTH else _cut(value)  # type: ignore[arg-type,return-value]
    if kind is int:
        return value if value.bit_length() <= MAX_BITS else Text("<int>")  # type: ignore[attr-defined,return-value]
    if _is_container(kind):
        return Text(_container(value, kind, MAX_DEPTH))
    if known := _foreign.get(id(kind)):
        return known[1]
    text = Text(f"<{_name_of(kind)}>")
    if len(_foreign) < MAX_TYPES and kind is not type(_unset):  # plain objects share their type with `_unset`
        _foreign[id(kind)] = kind, text
    return text


def text_of(value: object) -> str:
    """`value`, or what was taken of it, as text: the repr of a builtin value, cut short where it is long."""
    taken = take_value(value) if type(value) is not Text else value
    return str(taken) if type(taken) is Text else repr(taken)


def texts_of(taken: Mapping[str, Taken]) -> dict[str, str]:
    """Taken locals as text."""
    return {name: text_of(value) for name, value in taken.items()}


def _cut(value: str | bytes) -> Text:
    return Text(repr(value[:MAX_LENGTH]) + "…")


def _is_container(kind: type) -> bool:
    return kind is list or kind is tuple or kind is dict or kind is set or kind is frozenset


def _container(value: Any, kind: type, depth: int) -> str:
    try:
        size = len(value)
        items = list(islice(value.items() if kind is dict else value, MAX_ITEMS))
    except RuntimeError:  # another thread is changing it
        return f"<{_name_of(kind)}>"
    if not items and kind is not list and kind is not tuple and kind is not dict:
        return f"{_name_of(kind)}()"
    if kind is dict:
        parts = [f"{_inner(key, depth - 1)}: {_inner(item, depth - 1)}" for key, item in items]
    else:
        parts = [_inner(item, depth - 1) for item in items]
    if size > MAX_ITEMS:
        parts.append("…")
    inner = ", ".join(parts) + ("," if kind is tuple and size == 1 else "")
    opening, closing = _BRACKETS[kind]
    return opening + inner + closing


def _inner(value: object, depth: int) -> str:
    kind = type(value)
    if _is_container(kind):
        return _container(value, kind, depth) if depth else f"<{_name_of(kind)}>"
    return text_of(value)


_BRACKETS: Final[Mapping[type, tuple[str, str]]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    dict: ("{", "}"),
    set: ("{", "}"),
    frozenset: ("{", "}"),
}
