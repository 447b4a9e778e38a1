"""A run as JSON Lines: a header, then one event each, whole from its first event to its last.

The header names format, version and lesson. Lessons' recorded runs, exported and imported ones are all of this form.
"""

import json
import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NoReturn

from lessons.content.constraints import suggestion
from lessons.content.vocabulary import Vocabulary
from lessons.text import short_repr

FORMAT: Final = "live-lessons run"
VERSION: Final = 1
KEYS: Final[Mapping[str, tuple[type, ...]]] = {
    "seq": (int,),
    "t": (int, float),
    "lane": (str,),
    "request": (int,),
    "kind": (str,),
    "data": (dict,),
}
FIRST, LAST = "run.created", "run.ended"
MAX_FAULTS: Final = 10  # of one recording; more would only repeat themselves
MAX_LINE: Final = 64 * 1024  # characters


def recording_header(lesson: str) -> dict[str, Any]:
    """The first line of a run of the lesson with this slug."""
    return {"format": FORMAT, "version": VERSION, "lesson": lesson}


def parse_recording(text: str) -> Iterator[dict[str, Any]]:
    """The records of a recording that has no faults."""
    return (json.loads(line) for line in _lines(text)[1:])


def recording_lesson(text: str) -> tuple[str, str]:
    """The slug of the lesson in the header, and why there is none: one of them is ""."""
    line = text.partition("\n")[0]
    try:
        record = _json(line)
    except ValueError as error:
        return "", str(error)
    if not isinstance(record, dict) or set(record) != set(recording_header("")) or record["format"] != FORMAT:
        return (
            "",
            f"is not the header of a run: it must hold {', '.join(recording_header(''))}, and the format {FORMAT!r}",
        )
    if record["version"] != VERSION or isinstance(record["version"], bool):
        return "", f"version must not be {short_repr(record['version'])}: this site reads version {VERSION}"
    if not isinstance(record["lesson"], str):
        return "", f"lesson must not be {short_repr(record['lesson'])}"
    return record["lesson"], ""


def text_faults(text: str, slug: str, lanes: Collection[str], vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """(place, reason) of what is wrong with a recording of the lesson with this slug and these lanes."""
    if not text:
        yield "", "the recording is empty"
        return
    found, reason = recording_lesson(text)
    if reason or found != slug:
        yield "line 1", reason or f"this is a run of {short_repr(found)}, not of {short_repr(slug)}"
        return
    lines = _lines(text)
    if len(lines) == 1:
        yield "line 1", "no event follows the header"
    for seq, line in enumerate(lines[1:], 1):
        for reason in _line_faults(line, seq, len(lines) - 1, lanes, vocabulary):
            yield f"line {seq + 1}", reason


def _lines(text: str) -> list[str]:
    """`str.splitlines` would also split at signs that may stand within a text of JSON."""
    return text.removesuffix("\n").split("\n")


def _line_faults(line: str, seq: int, last: int, lanes: Collection[str], vocabulary: Vocabulary) -> Iterator[str]:
    try:
        record = _json(line)
    except ValueError as error:
        yield str(error)
        return
    if reason := _shape_fault(record):
        yield reason
        return
    if record["seq"] != seq:
        yield f"seq is {short_repr(record['seq'])}, not {seq}: the sequence must be dense from 1"
    kind = record["kind"]
    if kind not in vocabulary.kinds:
        yield f"there is no event kind {short_repr(kind)}{suggestion(kind, vocabulary.kinds)}"
    elif (kind == FIRST) != (seq == 1) or (kind == LAST) != (seq == last):
        yield f"{kind} is here, but a run begins with {FIRST} and ends with {LAST}"
    if record["lane"] and record["lane"] not in lanes:
        yield f"the lesson has no lane {short_repr(record['lane'])}{suggestion(record['lane'], lanes)}"


def _json(line: str) -> Any:
    """Raises `ValueError`, whose text is the reason."""
    if len(line) > MAX_LINE:
        raise ValueError(f"has {len(line):,} characters; {MAX_LINE:,} are allowed")
    try:
        return json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is not JSON: {str(error)[:80]}") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _shape_fault(record: object) -> str:
    if not isinstance(record, dict) or set(record) != set(KEYS):
        return f"is not an event: it must hold exactly {', '.join(KEYS)}"
    for key, kinds in KEYS.items():
        if not isinstance(record[key], kinds) or isinstance(record[key], bool):
            return f"{key} must not be {short_repr(record[key])}"
    return "" if math.isfinite(record["t"]) else "t is not a time"
