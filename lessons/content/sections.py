"""A Markdown text, split at the lines that stand for something else."""

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

MarkKind = Literal["run", "analogy"]

_MARK: Final = re.compile(r"@(?P<kind>run|analogy)(?:[ \t]+(?P<id>.*?))?[ \t]*")
_FENCE: Final = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})(?P<rest>.*)")


class Mark(NamedTuple):
    """What stands here: `@run ID` an example that runs in place, `@analogy ID` an analogy."""

    kind: MarkKind
    id: str


def split_marks(text: str) -> Iterator[tuple[str, Mark | None]]:
    """(Markdown, what stands behind it), the last one with None. Lines in a code fence are left as they are."""
    passage: list[str] = []
    for _, line, mark in marked_lines(text):
        if mark is None:
            passage.append(line)
        else:
            yield "\n".join(passage), mark
            passage = []
    yield "\n".join(passage), None


def marked_ids(text: str, kind: MarkKind) -> tuple[str, ...]:
    """What stands in the text, of one kind."""
    return tuple(mark.id for _, mark in split_marks(text) if mark and mark.kind == kind)


def marked_lines(text: str) -> Iterator[tuple[int, str, Mark | None]]:
    """(number from 1, line, what it stands for; None for a line of text)."""
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        bar = _FENCE.fullmatch(line)
        if not fence and (found := _MARK.fullmatch(line)):
            yield number, line, Mark("run" if found["kind"] == "run" else "analogy", found["id"] or "")
            continue
        if bar and not fence:
            # A fence of backticks has none behind it; else it is code within a line.
            fence = bar["mark"] if "`" not in bar["rest"] or bar["mark"][0] == "~" else ""
        elif bar and bar["mark"].startswith(fence) and not bar["rest"].strip():
            fence = ""
        yield number, line, None
