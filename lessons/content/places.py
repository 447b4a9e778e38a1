"""Where in a TOML document a key stands. The parser of the standard library does not tell."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lessons.content.faults import Fault
from lessons.content.files import FileFault, read_text

_PART: Final = re.compile(r"""(?P<name>[\w-]+|'[^']*'|"[^"]*")|\[(?:(?P<index>\d+)|'(?P<quoted>[^']*)')\]""")
_HEADER: Final = re.compile(r"\s*\[\[?\s*(?P<name>[^\[\]]+?)\s*\]\]?\s*(?:#.*)?")


def with_line(fault: Fault) -> Fault:
    """The same, and where its key stands, if that can be said."""
    if fault.file.suffix != ".toml" or not fault.key:
        return fault
    try:
        return replace(fault, line=line_of(read_text(fault.file.parent, fault.file.name), fault.key))
    except FileFault:
        return fault


def line_of(text: str, key: str) -> int:
    """The line, from 1, of a key such as `steps[2].claims['sync@waitress']`, or of what is there of it; 0: nothing.

    A document that is written in an unusual way (a list of tables on one line, say) is found less precisely.
    """
    lines = text.split("\n")
    low, high, found, path = 0, len(lines), 0, ""
    for match in _PART.finditer(key):
        index = match["index"]
        if index is not None:
            heads = _headers(lines, low, high, path)
            if len(heads) > int(index):
                low, end = heads[int(index)], [*heads, high][int(index) + 1]
                high, found = _end(lines, low, end, path), low + 1
            elif heads:
                break  # there are not so many
            continue
        name = (match["name"] or match["quoted"]).strip("'\"")
        path = f"{path}.{name}" if path else name
        at = _first(lines, low, high, path, name)
        if at is not None and not _headers(lines, low, high, path):
            found, low = at + 1, at
    return found


def _headers(lines: Sequence[str], low: int, high: int, path: str) -> list[int]:
    """Where the tables of a list begin."""
    return [at for at in range(low, high) if _name(lines[at]) == path and lines[at].lstrip().startswith("[[")]


def _end(lines: Sequence[str], low: int, high: int, path: str) -> int:
    """Where a table of a list ends: at the next header that is not below it."""
    after = (at for at in range(low + 1, high) if (name := _name(lines[at])) and not name.startswith(f"{path}."))
    return next(after, high)


def _first(lines: Sequence[str], low: int, high: int, path: str, name: str) -> int | None:
    own = re.compile(rf"""\s*["']?{re.escape(name)}["']?\s*=""")
    within = (at for at in range(low, high) if own.match(lines[at]) or _name(lines[at]) == path)
    return next(within, None)


def _name(line: str) -> str:
    header = _HEADER.fullmatch(line)
    return header["name"] if header else ""
