"""Plain data into frozen dataclasses, by their type hints, with every fault noted.

Understands what the model uses: texts, numbers, truth values, paths, `Literal`, `X | None`, `tuple[X, ...]`,
`dict[str, X]`, dataclasses, and `Annotated` with constraints. Every given text and list must hold something.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from lessons.content.constraints import Constraint, Scope, suggestion
from lessons.text import short_repr

Note = Callable[[str, str], None]  # key, reason
# What an author does not write: field -> its value, from the values read so far and the table's key.
Derived = Mapping[type, Mapping[str, Callable[[Mapping[str, Any], str], Any]]]
BAD: Final = object()  # stands for a value whose fault is already noted
NAMES: Final[Mapping[type, tuple[tuple[type, ...], str]]] = {
    str: ((str,), "a text"),
    Path: ((str,), "a path"),
    bool: ((bool,), "true or false"),
    int: ((int,), "a whole number"),
    float: ((int, float), "a number"),
    tuple: ((list,), "a list"),
    dict: ((dict,), "a table"),
}


class Reader:
    """Reads one document; faults go to `note`."""

    def __init__(self, scope: Scope, derived: Derived, note: Note, beside: Collection[str] = ()) -> None:
        """`beside`: top-level keys that are another reader's."""
        self._scope = scope
        self._derived = derived
        self._note = note
        self._beside = beside

    def read(self, hint: Any, raw: Any, key: str = "") -> Any:
        """The value of type `hint` in `raw`, or `BAD` with at least one fault noted."""
        hint, constraints = unwrap_hint(hint)
        if get_origin(hint) is Literal:
            return (
                raw if raw in get_args(hint) else self._bad(key, f"{short_repr(raw)} is not {_either(get_args(hint))}")
            )
        outer = dict if is_dataclass(hint) else get_origin(hint) or hint
        if reason := _type_fault(outer, raw):
            return self._bad(key, reason)
        found = [fault for each in constraints for fault in each.faults(raw, self._scope)]
        broken = [self._bad(key + below, reason) for below, reason in found]
        value = self._inside(hint, outer, raw, key)
        return BAD if broken else value

    def _inside(self, hint: Any, outer: type, raw: Any, key: str) -> Any:
        if is_dataclass(hint) and isinstance(hint, type):
            return self._table(hint, raw, key)
        if outer is tuple:
            items = tuple(self.read(get_args(hint)[0], item, f"{key}[{index}]") for index, item in enumerate(raw))
            return BAD if BAD in items else items
        if outer is dict:
            return self._dict(get_args(hint), raw, key)
        return self._scope.folder / raw if outer is Path else raw

    def _dict(self, hints: tuple[Any, Any], raw: dict[str, Any], key: str) -> Any:
        pairs = [(self.read(hints[0], name, _join(key, name)), name, item) for name, item in raw.items()]
        values = {name: self.read(hints[1], item, _join(key, name)) for good, name, item in pairs if good is not BAD}
        return BAD if len(values) < len(raw) or BAD in values.values() else values

    def _table(self, model: type, raw: dict[str, Any], key: str) -> Any:
        hints = hints_of(model)
        derived = self._derived.get(model, {})
        written = [name for name in hints if name not in derived]
        known = written if key else [*written, *self._beside]
        unknown = [name for name in raw if name not in known]
        broken = [self._bad(_join(key, name), f"unknown key{suggestion(name, known)}") for name in unknown]
        values = {name: self.read(hints[name], raw[name], _join(key, name)) for name in written if name in raw}
        broken += [
            self._bad(_join(key, name), "is missing") for name in written if name in required_fields(model) - set(raw)
        ]
        for name, derive in derived.items():
            values[name] = derive(values, key)
        return BAD if broken or BAD in values.values() else model(**values)

    def _bad(self, key: str, reason: str) -> object:
        self._note(key, reason)
        return BAD


def unwrap_hint(hint: Any) -> tuple[Any, tuple[Constraint, ...]]:
    """The bare type, and what is asked of its values beyond it."""
    if (
        isinstance(hint, UnionType) or get_origin(hint) is Union
    ):  # optional: what is left out is None, and what is written is the other
        (hint,) = (each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is Annotated:
        inner, *constraints = get_args(hint)
        return inner, tuple(constraints)
    return hint, ()


def _type_fault(outer: type, raw: Any) -> str:
    accepted, name = NAMES[outer]
    if not isinstance(raw, accepted) or (isinstance(raw, bool) and outer is not bool):
        return f"must be {name}, not {short_repr(raw)}"
    if isinstance(raw, str) and not raw.strip():
        return "must not be empty"
    return "must not be an empty list" if raw == [] else ""


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


@cache
def hints_of(model: type) -> dict[str, Any]:
    """Field -> type hint, in the order of the fields."""
    return get_type_hints(model, include_extras=True)


def required_fields(model: Any) -> set[str]:
    """The fields that have no default."""
    return {each.name for each in fields(model) if each.default is MISSING and each.default_factory is MISSING}


def _join(key: str, name: str) -> str:
    plain = name.replace("-", "_").isidentifier()
    return f"{key}.{name}".lstrip(".") if plain else f"{key}[{short_repr(name)}]"
