"""What holds between the parts of a lesson.

Works on the raw document, whatever is wrong elsewhere in it, so that an author sees every fault in one go.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from lessons.content.model import LINE_REACHED
from lessons.content.vocabulary import Vocabulary
from lessons.text import short_repr

Raw = dict[str, Any]
Faults = Iterator[tuple[str, str]]  # key, reason


def known_names(raw: Raw, vocabulary: Vocabulary) -> dict[str, frozenset[str]]:
    """What the document may refer to, by noun."""
    return {
        "event kind": vocabulary.kinds,
        "server": frozenset(vocabulary.servers),
        "sample": _ids(raw, "samples"),
        "node": _ids(raw, "nodes"),
        "lane": frozenset(raw_lane_id(each) for _, each in tables_in(raw, "lanes")),
        "example": _ids(raw, "examples"),
        "analogy": _ids(raw, "analogies"),
        "misconception": _ids(raw, "misconceptions"),
    }


def document_faults(raw: Raw, vocabulary: Vocabulary) -> Faults:
    """What no single value shows to be wrong."""
    yield from _lanes_run_where_their_samples_can(raw, vocabulary)
    yield from _the_default_run_is_possible(raw, vocabulary)
    for key in ("steps", "moments"):
        plain = dict(_events_are_taken_in_turn(raw, key))
        yield from plain.items()
        for sample in sorted({each for _, table in tables_in(raw, key) for each in _starts(table)}):
            for place, reason in _events_are_taken_in_turn(raw, key, sample):
                if place not in plain:
                    yield place, f"in sample {short_repr(sample)} {reason}"


def _lanes_run_where_their_samples_can(raw: Raw, vocabulary: Vocabulary) -> Faults:
    servers = {each.get("id"): each.get("servers") for _, each in tables_in(raw, "samples") if _named(each)}
    for index, lane in tables_in(raw, "lanes"):
        sample = lane.get("sample")
        possible = servers.get(sample) if isinstance(sample, str) else None
        server = lane.get("server")
        if isinstance(possible, list) and server in vocabulary.servers and server not in possible:
            yield f"lanes[{index}].server", f"sample {sample!r} does not run on {server!r}"


def _the_default_run_is_possible(raw: Raw, vocabulary: Vocabulary) -> Faults:
    lanes = [each for _, each in tables_in(raw, "lanes")]
    chosen = [raw_lane_id(each) for each in lanes if each.get("chosen") is True]
    low, high = vocabulary.limits["lanes"]
    if lanes and not low <= len(chosen) <= high:
        yield "lanes", f"{len(chosen)} are chosen; a run has {low} to {high}"
    for index, each in tables_in(raw, "lanes"):
        if each.get("chosen") is True and each.get("listed") is False:
            yield f"lanes[{index}].chosen", "a lane that is not listed cannot be chosen"
    focus = raw.get("focus")
    if isinstance(focus, str) and focus in map(raw_lane_id, lanes) and focus not in chosen:
        yield "focus", f"lane {focus!r} is not chosen, so it is not there at first"


def _events_are_taken_in_turn(raw: Raw, key: str, sample: str = "") -> Faults:
    """The first event of a kind, then the second: nth counts up from 1 for each kind.

    With `sample`, in this one, which begins some of them elsewhere.
    """
    seen: Counter[str] = Counter()
    for index, table in tables_in(raw, key):
        own = _starts(table).get(sample)
        each, place = (own, f"{key}[{index}].starts.{sample}") if own is not None else (table, f"{key}[{index}]")
        on, nth = each.get("on"), each.get("nth", 1)
        if each.get("line"):
            yield from _a_line_is_reached(each, place)
            continue
        if not isinstance(on, str) or not isinstance(nth, int):
            continue
        if nth <= seen[on]:
            which = "nth" if "nth" in each else "on"
            yield f"{place}.{which}", f"{short_repr(on)} is here twice; nth = {seen[on] + 1} is the next one"
        elif nth != seen[on] + 1:
            yield f"{place}.nth", f"number {short_repr(nth)} of {short_repr(on)} comes behind number {nth - 1}"
        seen[on] = max(seen[on], nth)


def _a_line_is_reached(table: Raw, place: str) -> Faults:
    if table.get("on") != LINE_REACHED:
        yield f"{place}.line", f"belongs to on = {short_repr(LINE_REACHED)}"
    if "nth" in table:
        yield f"{place}.nth", "has no meaning beside `line`"


def _starts(table: Raw) -> Raw:
    """What begins elsewhere in some samples, by sample id."""
    starts = table.get("starts")
    return {id: each for id, each in starts.items() if isinstance(each, dict)} if isinstance(starts, dict) else {}


def tables_in(raw: Raw, key: str) -> list[tuple[int, Raw]]:
    """The tables in a list of the document, each with its index."""
    items = raw.get(key)
    return [(i, each) for i, each in enumerate(items) if isinstance(each, dict)] if isinstance(items, list) else []


def _named(table: Raw) -> bool:
    return isinstance(table.get("id"), str)


def _ids(raw: Raw, key: str) -> frozenset[str]:
    return frozenset(each["id"] for _, each in tables_in(raw, key) if _named(each))


def raw_lane_id(table: Raw) -> str:
    """SAMPLE@SERVER of a lane as it is written."""
    return f"{table.get('sample')}@{table.get('server')}"
