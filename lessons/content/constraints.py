"""What the type hints of the model say beyond the type: `Annotated[str, OneOf("node")]`.

A constraint looks at the raw value, which already has the right outer type but whose items may be anything, and
yields faults as (key below the value, reason).
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from string import Formatter
from typing import Any, ClassVar, Final, Protocol

from lessons.content.files import file_fault, path_fault
from lessons.content.markup import lost_markup
from lessons.text import LONGEST, short_repr

Faults = Iterator[tuple[str, str]]
SLUG: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True, slots=True)
class Scope:
    """What values are checked against."""

    folder: Path  # of the lesson
    names: Mapping[str, Collection[str]]  # noun ("node", "event kind") -> what exists
    limits: Mapping[str, tuple[float, float]]


class Constraint(Protocol):
    """One promise about a value."""

    def faults(self, raw: Any, scope: Scope) -> Faults:
        """(key below the value, reason) for everything about `raw` that breaks the promise."""
        ...


@dataclass(frozen=True, slots=True)
class Slug:
    """An id: it stands in addresses, on the command line and in HTML."""

    def faults(self, raw: str, scope: Scope) -> Faults:
        if not SLUG.fullmatch(raw):
            yield "", f"{short_repr(raw)} is not an id: use a-z, 0-9, _ and -, at most 63"


@dataclass(frozen=True, slots=True)
class OneOf:
    """A reference to something that exists."""

    noun: str  # key of `Scope.names`

    def faults(self, raw: str, scope: Scope) -> Faults:
        if raw not in scope.names[self.noun]:
            yield "", f"there is no {self.noun} {short_repr(raw)}{suggestion(raw, scope.names[self.noun])}"


@dataclass(frozen=True, slots=True)
class Within:
    """A number that a run accepts."""

    limit: str  # key of `Scope.limits`

    def faults(self, raw: float, scope: Scope) -> Faults:
        low, high = scope.limits[self.limit]
        if not low <= raw <= high:
            yield "", f"{short_repr(raw)} is not from {low} to {high}"


@dataclass(frozen=True, slots=True)
class Positive:
    """A number from 1."""

    def faults(self, raw: int, scope: Scope) -> Faults:
        if raw < 1:
            yield "", f"{short_repr(raw)} is less than 1"


@dataclass(frozen=True, slots=True)
class Seconds:
    """A time that a run can take."""

    least: ClassVar[float] = 0.05
    most: ClassVar[float] = 60.0

    def faults(self, raw: float, scope: Scope) -> Faults:
        if not self.least <= raw <= self.most:
            yield "", f"{short_repr(raw)} is not from {self.least} to {self.most:.0f} seconds"


@dataclass(frozen=True, slots=True)
class Short:
    """A text of few characters."""

    most: int

    def faults(self, raw: str, scope: Scope) -> Faults:
        if len(raw) > self.most:
            yield "", f"has {len(raw)} characters; {self.most} are allowed"


@dataclass(frozen=True, slots=True)
class WholeMarkdown:
    """A Markdown text in which nothing is lost when it is shown."""

    def faults(self, raw: str, scope: Scope) -> Faults:
        for line, reason in lost_markup(raw):
            yield "", reason if line == 1 else f"in its line {line}: {reason}"


@dataclass(frozen=True, slots=True)
class Count:
    """As many items as a run accepts."""

    limit: str  # key of `Scope.limits`

    def faults(self, raw: list[Any], scope: Scope) -> Faults:
        low, high = scope.limits[self.limit]
        if not low <= len(raw) <= high:
            yield "", f"has {len(raw)} items; {low} to {high} are allowed"


@dataclass(frozen=True, slots=True)
class Items:
    """So many items."""

    least: int
    most: int

    def faults(self, raw: list[Any], scope: Scope) -> Faults:
        if not self.least <= len(raw) <= self.most:
            yield "", f"has {len(raw)} items; {self.least} to {self.most} are allowed"


@dataclass(frozen=True, slots=True)
class Options:
    """So many options, of which exactly one is right."""

    least: int
    most: int

    def faults(self, raw: list[Any], scope: Scope) -> Faults:
        if not self.least <= len(raw) <= self.most:
            yield "", f"has {len(raw)} options; {self.least} to {self.most} are allowed"
        right = sum(isinstance(each, dict) and each.get("right") is True for each in raw)
        if right != 1:
            yield "", f"{right} options are right; exactly one must be"


@dataclass(frozen=True, slots=True)
class Lines:
    """A label of a few short lines, split at "|"."""

    most: int

    def faults(self, raw: str, scope: Scope) -> Faults:
        lines = raw.split("|")
        if len(lines) > self.most or not all(line.strip() for line in lines):
            yield "", f"{short_repr(raw)} is not 1 to {self.most} lines split at |"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name of a Python variable."""

    def faults(self, raw: str, scope: Scope) -> Faults:
        if not raw.isidentifier():
            yield "", f"{short_repr(raw)} is not the name of a variable"


@dataclass(frozen=True, slots=True)
class Placeholders:
    """A sentence with {name} gaps of a closed set."""

    names: tuple[str, ...]

    def faults(self, raw: str, scope: Scope) -> Faults:
        try:
            gaps = [gap for gap in Formatter().parse(raw) if gap[1] is not None]
        except ValueError as error:
            yield "", f"its braces do not match: {error}"
            return
        for _, name, spec, conversion in gaps:
            if name not in self.names or spec or conversion:
                yield "", f"there is no placeholder {{{str(name)[:LONGEST]}}}; use {{{'}, {'.join(self.names)}}}"


@dataclass(frozen=True, slots=True)
class InFolder:
    """A file inside the lesson's folder."""

    suffix: str
    exists: bool = True  # must it be there already?

    def faults(self, raw: str, scope: Scope) -> Faults:
        if not raw.endswith(self.suffix):
            yield "", f"{short_repr(raw)} does not end in {self.suffix}"
        elif reason := (file_fault if self.exists else path_fault)(scope.folder, raw):
            yield "", reason


@dataclass(frozen=True, slots=True)
class Unique:
    """No two items agree in all of these keys; where a key holds a list, no two lists share an item."""

    keys: tuple[str, ...] = ()  # none: the items themselves

    def faults(self, raw: list[Any], scope: Scope) -> Faults:
        seen: Counter[object] = Counter()
        for index, item in enumerate(raw):
            for value in self._values(item):
                seen[value] += 1
                if seen[value] == 2:
                    yield (
                        f"[{index}]" + (f".{self.keys[-1]}" if self.keys else ""),
                        f"{short_repr(value)} is here twice",
                    )

    def _values(self, item: Any) -> list[str | int]:
        if not self.keys:
            return [item] if isinstance(item, str | int) else []
        found = [item.get(key) for key in self.keys] if isinstance(item, dict) else []
        if len(found) == 1 and isinstance(found[0], list):
            return [each for each in found[0] if isinstance(each, str)]
        texts = [each for each in found if isinstance(each, str)]
        return [" and ".join(texts)] if texts and len(texts) == len(found) else []


def suggestion(word: str, known: Collection[str]) -> str:
    """`; did you mean 'x'?`, or the whole choice when nothing is near."""
    near = get_close_matches(word, known, n=1) if len(word) <= LONGEST else []
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; choose one of {', '.join(sorted(known))}" if known else ""
