"""What stands in a Markdown text and is not shown as it is meant."""

from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

LOST = {
    "image": "a picture is not shown: texts have none",
    "html_inline": "HTML is shown as it is written, not as it is meant: put it in `code`, or leave it out",
    "html_block": "HTML is shown as it is written, not as it is meant: put it in a fence, or leave it out",
}


def lost_markup(text: str) -> Iterator[tuple[int, str]]:
    """(line from 1, what is lost there): of a picture, or of HTML."""
    if "<" not in text and "![" not in text:
        return  # most texts: they need not be parsed
    for block in _parser().parse(text):
        line = block.map[0] + 1 if block.map else 1
        for token in _with_children(block):
            if token.type in LOST:
                yield line, LOST[token.type]


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


def _with_children(token: Token) -> Iterator[Token]:
    yield token
    yield from token.children or ()
