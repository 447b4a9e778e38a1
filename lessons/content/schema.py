"""The format as JSON Schema, for editors: made of the same type hints that the loader reads.

It says what can be said of one file; references and files are the loader's to check.
"""

import inspect
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin

from lessons.content.constraints import (
    SLUG,
    Constraint,
    Count,
    Identifier,
    InFolder,
    Items,
    OneOf,
    Options,
    Positive,
    Seconds,
    Short,
    Slug,
    Unique,
    WholeMarkdown,
    Within,
)
from lessons.content.folder import DOCUMENT, TABLES, Beside
from lessons.content.model import Lesson, Sample, Step
from lessons.content.reading import hints_of, required_fields, unwrap_hint
from lessons.content.vocabulary import Vocabulary

Schema = dict[str, Any]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
DERIVED: Final[Mapping[type, tuple[str, ...]]] = {Lesson: ("slug", "teaching"), Sample: ("source",), Step: ("number",)}
PLAIN: Final[Mapping[type, Schema]] = {
    str: {"type": "string", "pattern": r"\S"},
    Path: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
}


def lesson_schemas(vocabulary: Vocabulary) -> dict[str, Schema]:
    """A schema per TOML file of a lesson, by the name of that file."""
    writer = _Writer(vocabulary)
    main = writer.table(Lesson)
    beside = writer.table(Beside)
    main["properties"] |= beside["properties"]
    found = {DOCUMENT: main} | {name: writer.table(model) for name, model in TABLES.items()}
    return {name: {"$schema": DIALECT, "title": name, **schema} for name, schema in found.items()}


class _Writer:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def table(self, model: type) -> Schema:
        written = {name: hint for name, hint in hints_of(model).items() if name not in DERIVED.get(model, ())}
        said = _comments(model)
        properties = {name: self._value(hint) | _described(said.get(name, "")) for name, hint in written.items()}
        return {
            "type": "object",
            "description": inspect.getdoc(model) or "",
            "properties": properties,
            "required": sorted(required_fields(model) & set(written)),
            "additionalProperties": False,
        }

    def _value(self, hint: Any) -> Schema:
        hint, constraints = unwrap_hint(hint)
        schema = self._outer(hint)
        for each in constraints:
            schema |= self._constraint(each)
        return schema

    def _outer(self, hint: Any) -> Schema:
        if is_dataclass(hint) and isinstance(hint, type):
            return self.table(hint)
        if get_origin(hint) is Literal:
            return {"enum": list(get_args(hint))}
        if get_origin(hint) is tuple:
            return {"type": "array", "minItems": 1, "items": self._value(get_args(hint)[0])}
        if get_origin(hint) is dict:
            return {"type": "object", "additionalProperties": self._value(get_args(hint)[1])}
        return dict(PLAIN[hint])

    def _constraint(self, constraint: Constraint) -> Schema:  # noqa: C901  (flat: a case per constraint)
        match constraint:
            case WholeMarkdown():
                return {"contentMediaType": "text/markdown"}
            case Slug():
                return {"pattern": f"^{SLUG.pattern}$"}
            case Identifier():
                return {"pattern": r"^[^\W\d]\w*$"}
            case InFolder(suffix=suffix):
                return {"pattern": f"{re.escape(suffix)}$"}
            case Short(most=most):
                return {"maxLength": most}
            case Positive():
                return {"minimum": 1}
            case Seconds():
                return {"minimum": Seconds.least, "maximum": Seconds.most}
            case Within(limit=limit):
                low, high = self._vocabulary.limits[limit]
                return {"minimum": low, "maximum": high}
            case Count(limit=limit):
                low, high = self._vocabulary.limits[limit]
                return {"minItems": low, "maxItems": high}
            case Options(least=least, most=most) | Items(least=least, most=most):
                return {"minItems": least, "maxItems": most}
            case Unique(keys=()):
                return {"uniqueItems": True}
            case OneOf(noun="server"):
                return {"enum": list(self._vocabulary.servers)}
            case OneOf(noun="event kind"):
                return {"enum": sorted(self._vocabulary.kinds)}
        return {}


def _described(text: str) -> Schema:
    return {"description": text} if text else {}


def _comments(model: type) -> dict[str, str]:
    """What the comment behind a field says: its meaning and unit."""
    names = "|".join(each.name for each in fields(model))
    lines = re.findall(rf"^    ({names}): .*?  # (.+)$", inspect.getsource(model), re.MULTILINE)
    return dict(lines)
