"""Folders into lessons, strictly: what is not understood is a fault, and all faults are told together."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from lessons.content import folder as beside
from lessons.content import recording, rules, samples, teaching_rules
from lessons.content.constraints import SLUG, Scope, suggestion
from lessons.content.faults import ContentError, Fault
from lessons.content.files import MAX_RECORDING_BYTES, FileFault, read_text
from lessons.content.folder import BESIDE, DOCUMENT, NotToml
from lessons.content.model import Lesson, Moment, Sample, Step
from lessons.content.places import with_line
from lessons.content.reading import BAD, Derived, Reader
from lessons.content.vocabulary import Vocabulary


def load_lessons(folder: Path, vocabulary: Vocabulary, *, recordings: bool = True) -> dict[str, Lesson]:
    """Every lesson in `folder`, by slug, in the order of their places, and of the slugs where those are equal.

    Each folder in it is a lesson, but for those whose name begins with "_" or ".". Raises `ContentError` with the
    faults of all of them. Without `recordings` the recorded runs are not opened: a run is sent before it is recorded.
    """
    found, broken = sift_lessons(folder, vocabulary, recordings=recordings)
    if broken:
        raise ContentError(fault for error in broken.values() for fault in error.faults)
    return found


def sift_lessons(
    folder: Path, vocabulary: Vocabulary, *, recordings: bool = True
) -> tuple[dict[str, Lesson], dict[str, ContentError]]:
    """As `load_lessons`, but those that have faults are set apart, by slug. Raises `ContentError` without a folder."""
    found: dict[str, Lesson] = {}
    broken: dict[str, ContentError] = {}
    for each in lesson_folders(folder):
        try:
            found[each.name] = load_lesson(each, vocabulary, recordings=recordings)
        except ContentError as error:
            broken[each.name] = error
    return dict(sorted(found.items(), key=lambda item: (item[1].place, item[0]))), broken


def load_lesson(folder: Path, vocabulary: Vocabulary, *, recordings: bool = True) -> Lesson:
    """The lesson in `folder`; its name is the slug. Raises `ContentError` with every fault of it."""
    raw = _document(folder)
    faults: list[Fault] = []

    def note(key: str, reason: str, file: Path = folder / DOCUMENT) -> None:
        faults.append(Fault(file, key, reason))

    def note_in(file: Path, key: str, reason: str) -> None:
        note(key, reason, file)

    scope = Scope(folder, rules.known_names(raw, vocabulary), vocabulary.limits)
    tables, texts = beside.read_documents(folder, note_in), beside.read_texts(folder, note_in)
    derived = _derived(folder, note, lambda: beside.build_teaching(scope, raw, tables, texts, note_in))
    lesson = Reader(scope, derived, note, BESIDE).read(Lesson, raw)
    for key, reason in rules.document_faults(raw, vocabulary):
        note(key, reason)
    for name, key, reason in teaching_rules.teaching_faults(raw, tables, texts, scope):
        note(key, reason, folder / name)
    beside.unknown_files(folder, note_in)
    for key, reason in (*_variables_are_there(lesson), *_lines_are_there(lesson)) if lesson is not BAD else ():
        note(key, reason)
    path = folder / str(raw.get("recorded"))
    if recordings and path.suffix == ".jsonl" and not any(each.key == "recorded" for each in faults):
        faults += recording_faults(path, folder.name, scope.names["lane"], vocabulary)
    if faults or lesson is BAD:
        raise ContentError(map(with_line, faults))
    return lesson  # type: ignore[no-any-return]


def _variables_are_there(lesson: Lesson) -> Iterator[tuple[str, str]]:
    known = frozenset[str]().union(*(samples.local_names(each.source) for each in lesson.samples))
    for index, name in enumerate(lesson.variables):
        if name not in known:
            yield f"variables[{index}]", f"no sample's view has a variable {name!r}{suggestion(name, known)}"


def _lines_are_there(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Where a text says which line is meant, it is that of one line: of a sample that is named, or of any."""
    sources = {each.id: each.source for each in lesson.samples}
    listed = {lane.sample for lane in lesson.lanes if lane.listed}
    parts: dict[str, Sequence[Step | Moment]] = {"steps": lesson.steps, "moments": lesson.moments}
    for name, them in parts.items():
        for index, each in enumerate(them):
            meant = {f".starts.{sample}": (start.line, [sample]) for sample, start in each.starts.items()}
            meant[""] = (each.line, sorted(listed - each.starts.keys()))
            for place, (line, ids) in meant.items():
                found = {id: samples.lines_with(sources.get(id, ""), line) for id in ids} if line else {}
                twice = next((f"lines {at[0]} and {at[1]} of {id!r}" for id, at in found.items() if len(at) > 1), "")
                if twice:
                    yield f"{name}[{index}]{place}.line", f"{line!r} appears in {twice}; give more of it"
                elif found and not any(found.values()):
                    yield f"{name}[{index}]{place}.line", f"no line of the view has {line!r} in {', '.join(ids)}"


def recording_faults(path: Path, slug: str, lanes: Collection[str], vocabulary: Vocabulary) -> list[Fault]:
    """What is wrong with the recorded run at `path` of the lesson with this slug and these lanes (ids)."""
    try:
        text = read_text(path.parent, path.name, MAX_RECORDING_BYTES)
    except FileFault as error:
        return [Fault(path, "", str(error))]
    found = islice(recording.text_faults(text, slug, lanes, vocabulary), recording.MAX_FAULTS)
    return [Fault(path, place, reason) for place, reason in found]


def lesson_folders(folder: Path) -> Iterator[Path]:
    """The folders in `folder` that are lessons. Raises `ContentError` when there is no such folder."""
    if not folder.is_dir():
        raise ContentError([Fault(folder, "", "there is no such folder of lessons")])
    yield from (each for each in sorted(folder.iterdir()) if each.is_dir() and each.name[0] not in "._")


def _document(folder: Path) -> dict[str, Any]:
    try:
        return beside.parse_toml(folder, DOCUMENT)
    except NotToml as error:
        raise ContentError([Fault(folder / DOCUMENT, "", str(error))]) from None
    except FileFault as error:
        raise ContentError([Fault(folder, "", str(error))]) from None


def _derived(folder: Path, note: Any, teaching: Callable[[], Any]) -> Derived:
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
        if reason := samples.sample_fault(text, path.name):
            note("", reason, path)
        return text

    def number(values: Mapping[str, Any], key: str) -> int:
        return int(key.rpartition("[")[2].rstrip("]")) + 1

    return {
        Lesson: {"slug": slug, "teaching": lambda values, key: teaching()},
        Sample: {"source": source},
        Step: {"number": number},
    }
