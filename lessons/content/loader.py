"""Folders into lessons, strictly: what is not understood is a fault, and all faults are told together."""

import ast
import tomllib
import warnings
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

from lessons.content import recording, rules
from lessons.content.constraints import SLUG, Scope
from lessons.content.faults import ContentError, Fault
from lessons.content.files import MAX_RECORDING_BYTES, FileFault, read_text
from lessons.content.model import Lesson, Sample, Step
from lessons.content.reading import BAD, Derived, Reader
from lessons.content.vocabulary import Vocabulary

DOCUMENT: Final = "lesson.toml"
VIEW: Final = "view"  # what every sample defines


def load_lessons(folder: Path, vocabulary: Vocabulary, *, recordings: bool = True) -> dict[str, Lesson]:
    """Every lesson in `folder`, by slug, in the order of the slugs.

    Each folder in it is a lesson, but for those whose name begins with "_" or ".". Raises `ContentError` with the
    faults of all of them. Without `recordings` the recorded runs are not opened: a run is sent before it is recorded.
    """
    found: dict[str, Lesson] = {}
    faults: list[Fault] = []
    for each in lesson_folders(folder):
        try:
            found[each.name] = load_lesson(each, vocabulary, recordings=recordings)
        except ContentError as error:
            faults += error.faults
    if faults:
        raise ContentError(faults)
    return found


def load_lesson(folder: Path, vocabulary: Vocabulary, *, recordings: bool = True) -> Lesson:
    """The lesson in `folder`; its name is the slug. Raises `ContentError` with every fault of it."""
    raw = _document(folder)
    faults: list[Fault] = []

    def note(key: str, reason: str, file: Path = folder / DOCUMENT) -> None:
        faults.append(Fault(file, key, reason))

    scope = Scope(folder, rules.names(raw, vocabulary), vocabulary.limits)
    lesson = Reader(scope, _derived(folder, note), note).read(Lesson, raw)
    for key, reason in rules.faults(raw, vocabulary):
        note(key, reason)
    path = folder / str(raw.get("recorded"))
    if recordings and path.suffix == ".jsonl" and not any(each.key == "recorded" for each in faults):
        faults += recording_faults(path, scope.names["lane"], vocabulary)
    if faults or lesson is BAD:
        raise ContentError(faults)
    return lesson  # type: ignore[no-any-return]


def recording_faults(path: Path, lanes: Collection[str], vocabulary: Vocabulary) -> list[Fault]:
    """What is wrong with the recorded run at `path` of a lesson with these lanes (ids)."""
    try:
        text = read_text(path.parent, path.name, MAX_RECORDING_BYTES)
    except FileFault as error:
        return [Fault(path, "", str(error))]
    found = islice(recording.faults(text, lanes, vocabulary), recording.MAX_FAULTS)
    return [Fault(path, place, reason) for place, reason in found]


def lesson_folders(folder: Path) -> Iterator[Path]:
    """The folders in `folder` that are lessons. Raises `ContentError` when there is no such folder."""
    if not folder.is_dir():
        raise ContentError([Fault(folder, "", "there is no such folder of lessons")])
    yield from (each for each in sorted(folder.iterdir()) if each.is_dir() and each.name[0] not in "._")


def _document(folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(folder, DOCUMENT))
    except FileFault as error:
        raise ContentError([Fault(folder, "", str(error))]) from None
    except (ValueError, RecursionError) as error:
        raise ContentError([Fault(folder / DOCUMENT, "", f"is not TOML: {str(error)[:200]}")]) from None


def _derived(folder: Path, note: Any) -> Derived:
    def slug(values: Mapping[str, Any], key: str) -> str:
        if not SLUG.fullmatch(folder.name):
            note("", "the folder's name is the slug: use a-z, 0-9, _ and -", folder)
        return folder.name

    def source(values: Mapping[str, Any], key: str) -> Any:
        path = values.get("path", BAD)
        if path is BAD:
            return BAD
        try:
            text = read_text(folder, path.relative_to(folder).as_posix())
        except FileFault as error:
            note(f"{key}.path", str(error))
            return BAD
        if reason := _sample_fault(text, path.name):
            note("", reason, path)
        return text

    def number(values: Mapping[str, Any], key: str) -> int:
        return int(key.rpartition("[")[2].rstrip("]")) + 1

    return {Lesson: {"slug": slug}, Sample: {"source": source}, Step: {"number": number}}


def _sample_fault(source: str, name: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compile(source, name, "exec", dont_inherit=True)
            defined = [each for each in ast.parse(source).body if getattr(each, "name", "") == VIEW]
    except (SyntaxError, ValueError, RecursionError, MemoryError, Warning) as error:
        place = f" in line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        return f"does not compile{place}: {getattr(error, 'msg', None) or error}"
    if not any(isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) for each in defined):
        return f"defines no function {VIEW!r}"
    return ""
