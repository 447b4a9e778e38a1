"""Source text as highlighted lines of HTML."""

import re
from functools import cache
from importlib import import_module
from inspect import getsource

from django.utils.safestring import SafeString, mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers.python import PythonLexer

from lessons.content.model import Sample


@cache
def highlight_lines(source: str) -> tuple[str, ...]:
    """A line of HTML per line of Python; no markup spans two lines."""
    html: str = highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    return tuple(html.rstrip("\n").split("\n"))


def highlight_source(source: str) -> SafeString:
    """The lines as one piece of HTML; empty for no source."""
    return mark_safe("\n".join(highlight_lines(source)) if source else "")  # noqa: S308  (the highlighter escapes)


@cache
def fetch_source(sample: Sample) -> str:
    """The highlighted source of the `fetch_data` that a sample imports; empty when it imports none."""
    module = re.search(r"^from (lessons\.lab\.\w+) import fetch_data$", sample.source, re.MULTILINE)
    return highlight_source(getsource(import_module(module[1]))) if module else ""
