"""A Markdown text, split where an example is to run in place."""

import re
from collections.abc import Iterator
from typing import Final

_RUN: Final = re.compile(r"@run(?:[ \t]+(?P<id>.*?))?[ \t]*")
_FENCE: Final = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})(?P<rest>.*)")


def split_examples(text: str) -> Iterator[tuple[str, str]]:
    """(Markdown, id of the example behind it), the last one with "". Lines in a code fence are left as they are."""
    passage: list[str] = []
    for _, line, example in section_lines(text):
        if example is None:
            passage.append(line)
        else:
            yield "\n".join(passage), example
            passage = []
    yield "\n".join(passage), ""


def section_lines(text: str) -> Iterator[tuple[int, str, str | None]]:
    """(number from 1, line, id it asks for; None for a line of text)."""
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        mark = _FENCE.fullmatch(line)
        if not fence and (run := _RUN.fullmatch(line)):
            yield number, line, run["id"] or ""
            continue
        if mark and not fence:
            # A fence of backticks has none behind it; else it is code within a line.
            fence = mark["mark"] if "`" not in mark["rest"] or mark["mark"][0] == "~" else ""
        elif mark and mark["mark"].startswith(fence) and not mark["rest"].strip():
            fence = ""
        yield number, line, None
