"""The files beside `lesson.toml`: which there are, and what they become.

`tasks.toml` holds `[[tasks]]`, `learn.md` the text `learn`, and so on; each is optional.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final

from lessons.content.analogy import Analogy
from lessons.content.arrangements import arrange_lines
from lessons.content.constraints import Scope, Unique, suggestion
from lessons.content.files import MAX_TEXT_BYTES, FileFault, read_text
from lessons.content.reading import BAD, Reader
from lessons.content.teaching import (
    Example,
    GuidedPath,
    KeyMoment,
    Misconception,
    Performance,
    Prediction,
    Problems,
    Project,
    Question,
    Review,
    Tasks,
    Teaching,
)

DOCUMENT: Final = "lesson.toml"
Raw = dict[str, Any]
Note = Callable[[Path, str, str], None]  # file, key, reason


class NotToml(FileFault):
    """A file that can be read, but not understood."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The keys of `lesson.toml` that belong to the teaching."""

    remark: str = ""
    key_moments: tuple[KeyMoment, ...] = ()
    quiz: Annotated[tuple[Question, ...], Unique(("id",))] = ()
    snapshot: tuple[str, ...] = ()
    transcript: str = ""
    examples: Annotated[tuple[Example, ...], Unique(("id",))] = ()
    prediction: Prediction | None = None
    misconceptions: Annotated[tuple[Misconception, ...], Unique(("id",))] = ()
    analogies: Annotated[tuple[Analogy, ...], Unique(("id",))] = ()


@dataclass(frozen=True, slots=True)
class TaskFile:
    """`tasks.toml`."""

    tasks: Tasks


@dataclass(frozen=True, slots=True)
class ProblemFile:
    """`problems.toml`."""

    problems: Problems


PASSED_OVER: Final = re.compile(r"[.#].*|.*~|Thumbs\.db|desktop\.ini")  # left by systems and editors
BESIDE: Final = tuple(Beside.__dataclass_fields__)
TEXTS: Final[Mapping[str, str]] = {"learn.md": "learn", "why.md": "why", "deep.md": "deep"}
TABLES: Final[Mapping[str, type]] = {
    "path.toml": GuidedPath,
    "tasks.toml": TaskFile,
    "problems.toml": ProblemFile,
    "project.toml": Project,
    "review.toml": Review,
    "performance.toml": Performance,
}


def read_documents(folder: Path, note: Note) -> dict[str, Raw]:
    """The raw tables of the folder's TOML files beside `lesson.toml`, by the name of the file."""
    found = {}
    for name in filter(lambda name: _there(folder / name), TABLES):
        try:
            found[name] = parse_toml(folder, name)
        except FileFault as error:
            note(folder / name, "", str(error))
    return found


def read_texts(folder: Path, note: Note) -> dict[str, str]:
    """The Markdown of the folder, by the name of the file."""
    found = {}
    for name in filter(lambda name: _there(folder / name), TEXTS):
        try:
            found[name] = read_text(folder, name, MAX_TEXT_BYTES)
        except FileFault as error:
            note(folder / name, "", str(error))
            continue
        if not found[name].strip():
            note(folder / name, "", "must not be empty; remove it if there is nothing to say")
    return found


def unknown_files(folder: Path, note: Note) -> None:
    """Tells the files that nothing would read."""
    known = [DOCUMENT, *TEXTS, *TABLES]
    for each in sorted(folder.iterdir()):
        if each.is_file() and each.name not in known and not PASSED_OVER.fullmatch(each.name):
            note(each, "", f"nothing would read this file{suggestion(each.name, known)}")


def parse_toml(folder: Path, name: str) -> Raw:
    """A TOML file as plain data. Raises `FileFault`, of which `NotToml` is one."""
    try:
        return tomllib.loads(read_text(folder, name))
    except FileFault:
        raise
    except (ValueError, RecursionError) as error:
        raise NotToml(f"is not TOML: {str(error)[:200]}") from None


def build_teaching(scope: Scope, main: Raw, tables: Mapping[str, Raw], markdown: Mapping[str, str], note: Note) -> Any:
    """The `Teaching` of a folder, or `BAD`. `main` is the raw `lesson.toml`."""

    def read(model: type, raw: Raw, name: str) -> Any:
        return Reader(scope, {}, lambda key, reason: note(scope.folder / name, key, reason)).read(model, raw)

    beside = read(Beside, {key: main[key] for key in BESIDE if key in main}, DOCUMENT)
    parts = {name: read(TABLES[name], raw, name) for name, raw in tables.items()}
    if beside is BAD or BAD in parts.values():
        return BAD
    fields: dict[str, Any] = {key: getattr(beside, key) for key in BESIDE}
    fields |= {field: markdown[name] for name, field in TEXTS.items() if name in markdown}
    fields |= {name.removesuffix(".toml"): _content(part) for name, part in parts.items()}
    return Teaching(**fields)


def _content(part: Any) -> Any:
    if isinstance(part, TaskFile):
        return tuple(
            replace(each, options=arrange_lines(each.lines, each.why)) if each.lines else each for each in part.tasks
        )
    return part.problems if isinstance(part, ProblemFile) else part


def _there(path: Path) -> bool:
    """A link that leads nowhere is there, too: it is a fault to be told."""
    return path.is_symlink() or path.exists()
