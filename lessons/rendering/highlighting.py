"""Source text as highlighted lines of HTML."""

import re
from functools import cache
from importlib import import_module
from inspect import getsource

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers.python import PythonLexer

from lessons.content.model import Sample


@cache
def highlight_lines(source: str) -> tuple[str, ...]:
    """A line of HTML per line of Python; no markup spans two lines."""
    html: str = highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    return tuple(html.rstrip("\n").split("\n"))


@cache
def fetch_source(sample: Sample) -> str:
    """The highlighted source of the `fetch_data` that a sample imports; empty when it imports none."""
    module = re.search(r"^from (lessons\.lab\.\w+) import fetch_data$", sample.source, re.MULTILINE)
    return "\n".join(highlight_lines(getsource(import_module(module[1])))) if module else ""
