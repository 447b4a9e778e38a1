"""Does a plain value fit the type of a field? Read from the type hints, once per class.

A value is what JSON can hold: whole numbers of 64 bits, finite numbers, containers eight deep at the most.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

Test = Callable[[Any], bool]
MOST_INT: Final = 2**63
DEPTH: Final = 8

_known: dict[type, tuple[tuple[str, Test], ...]] = {}


def misfit_field(kind: type[Any], values: Mapping[str, Any]) -> str:
    """The name of the first field of a dataclass whose value does not fit; "" when all do. Absent is no fault."""
    tests = _known.get(kind)
    if tests is None:
        tests = _known[kind] = _tests(kind)
    for name, test in tests:
        if name in values and not test(values[name]):
            return name
    return ""


def is_whole(value: object) -> bool:
    """A whole number, and neither a truth value nor a giant."""
    return type(value) is int and -MOST_INT <= value < MOST_INT


def is_number(value: object) -> bool:
    """A number that is finite."""
    return is_whole(value) or (type(value) is float and isfinite(value))


def is_plain(value: object, depth: int = DEPTH) -> bool:
    """Anything that JSON can hold."""
    match value:
        case None | bool() | str():
            return True
        case list():
            return depth > 0 and all(is_plain(each, depth - 1) for each in value)
        case dict():
            return depth > 0 and all(isinstance(key, str) and is_plain(each, depth - 1) for key, each in value.items())
        case _:
            return is_number(value)


def _tests(kind: type[Any]) -> tuple[tuple[str, Test], ...]:
    hints = get_type_hints(kind)
    return tuple((each.name, _test(hints[each.name])) for each in fields(kind))


def _test(hint: Any) -> Test:
    choices = get_args(hint)
    match get_origin(hint):
        case origin if origin is Literal:
            return lambda value: type(value) is str and value in choices
        case origin if origin is UnionType or origin is Union:
            tests = [_test(each) for each in choices]
            return lambda value: any(test(value) for test in tests)
        case origin if origin is Mapping:
            return lambda value: isinstance(value, dict) and is_plain(value)
    return _SIMPLE[hint]


_SIMPLE: Final[Mapping[Any, Test]] = {
    Any: is_plain,
    float: is_number,
    int: is_whole,
    bool: lambda value: type(value) is bool,
    str: lambda value: type(value) is str,
    NoneType: lambda value: value is None,
}
