"""A recorded run: JSON Lines, one event each, whole from its first event to its last."""

import json
import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from lessons.content.constraints import shown, suggestion
from lessons.content.vocabulary import Vocabulary

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


def parse(text: str) -> Iterator[dict[str, Any]]:
    """The records of a recording that has no faults."""
    return (json.loads(line) for line in text.splitlines())


def faults(text: str, lanes: Collection[str], vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """(place, reason) of what is wrong with a recording of a lesson with these lanes."""
    lines = text.splitlines()
    if not lines:
        yield "", "the recording is empty"
    for number, line in enumerate(lines, 1):
        for reason in _line_faults(line, number, len(lines), lanes, vocabulary):
            yield f"line {number}", reason


def _line_faults(line: str, number: int, last: int, lanes: Collection[str], vocabulary: Vocabulary) -> Iterator[str]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        yield f"is not JSON: {str(error)[:80]}"
        return
    if reason := _shape_fault(record):
        yield reason
        return
    if record["seq"] != number:
        yield f"seq is {record['seq']}, not {number}: the sequence must be dense from 1"
    kind = record["kind"]
    if kind not in vocabulary.kinds:
        yield f"there is no event kind {shown(kind)}{suggestion(kind, vocabulary.kinds)}"
    elif (kind == FIRST) != (number == 1) or (kind == LAST) != (number == last):
        yield f"{kind} is here, but a run begins with {FIRST} and ends with {LAST}"
    if record["lane"] and record["lane"] not in lanes:
        yield f"the lesson has no lane {shown(record['lane'])}{suggestion(record['lane'], lanes)}"


def _shape_fault(record: object) -> str:
    if not isinstance(record, dict) or set(record) != set(KEYS):
        return f"is not an event: it must hold exactly {', '.join(KEYS)}"
    for key, kinds in KEYS.items():
        if not isinstance(record[key], kinds) or isinstance(record[key], bool):
            return f"{key} must not be {shown(record[key])}"
    return "" if math.isfinite(record["t"]) else "t is not a time"
