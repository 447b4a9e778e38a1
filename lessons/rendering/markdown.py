"""Markdown of the content as safe HTML: no raw HTML, links only to http(s) or relative, Python highlighted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from lessons.content.sections import Mark, split_marks
from lessons.rendering.highlighting import highlight_source

SCHEMES: Final = ("http", "https")
PYTHON: Final = ("py", "python")


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of a text, and what stands behind it."""

    html: SafeString  # may be empty
    mark: Mark | None  # None: nothing, the last piece


@cache
def render_block(text: str) -> SafeString:
    """The text as block HTML."""
    html: str = _MARKDOWN.render(text)
    return mark_safe(html)  # noqa: S308  (raw HTML is off: the library escapes everything that is text)


@cache
def render_inline(text: str) -> SafeString:
    """The text as HTML that may stand within a line: emphasis, code and links only."""
    html: str = _MARKDOWN.renderInline(text)
    return mark_safe(html)  # noqa: S308  (likewise)


@cache
def split_sections(text: str) -> tuple[Section, ...]:
    """The text, split at its marks. A link's definition holds for its own piece."""
    found = tuple(Section(render_block(part), mark) for part, mark in split_marks(text))
    return found if found[-1].html or len(found) == 1 else found[:-1]


class _Renderer(RendererHTML):
    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        language = token.info.split(maxsplit=1)[0].lower() if token.info.strip() else ""
        return _code(token.content, language)

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self.renderToken(tokens, idx, options, env) if tokens[idx + 1].content else "<td>"  # heads nothing

    def th_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self.renderToken(tokens, idx, options, env) if tokens[idx - 1].content else "</td>\n"

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self._headed(tokens, idx, options, env)

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return self._headed(tokens, idx, options, env)

    def _headed(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """The page has its one h1 already: a text begins below it, whatever it takes for its first level."""
        tokens[idx].tag = "h2" if tokens[idx].tag == "h1" else tokens[idx].tag
        return self.renderToken(tokens, idx, options, env)

    def code_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<code translate="no">{escape(tokens[idx].content)}</code>'

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return _code(tokens[idx].content, "")


def _code(source: str, language: str) -> str:
    html = highlight_source(source) if language in PYTHON else escape(source.rstrip("\n"))
    return f'<pre class="code" translate="no" tabindex="0"><code>{html}\n</code></pre>\n'


def _allowed(url: str) -> bool:
    """Relative, or to the web. `//host` and a backslash would lead elsewhere without saying so."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    if "\\" in url or any(ord(each) < 33 for each in url):
        return False
    return bool(parts.netloc) if parts.scheme in SCHEMES else not parts.scheme and not parts.netloc


def _markdown() -> MarkdownIt:
    options: dict[str, Any] = {"html": False, "linkify": False, "typographer": False}
    made = MarkdownIt("commonmark", options, renderer_cls=_Renderer).enable("table").disable("image")
    made.validateLink = _allowed  # type: ignore[method-assign]
    return made


_MARKDOWN: Final = _markdown()
