"""What README.md, docs/ and the comments of the files beside them show as code."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.processes import ROOT

PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMENTED: Final = [ROOT / "Dockerfile", ROOT / "docker-compose.yml"]
SHELL: Final = ("sh", "bash", "console")  # languages of fenced blocks that hold commands
PROGRAMS: Final = ("make", "manage.py", "python", "python3", ".venv/bin/python", "docker", "openssl", "apt", "pytest")
ASSIGNMENT: Final = re.compile(r"([A-Z][A-Z0-9_]*)=(.*)", re.DOTALL)
INNER: Final = re.compile(r"\$\(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of code that a page shows, in one line."""

    page: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}: {self.text}"

    @property
    def words(self) -> list[str]:
        """The text as a shell parts it, up to a redirection; an inner command is one word."""
        words = shlex.split(INNER.sub("inner", self.text), comments=True)
        return words[: words.index(">")] if ">" in words else words

    @property
    def variables(self) -> dict[str, str]:
        """The assignments in it, before the program and behind it."""
        return {match[1]: match[2] for word in self.words if (match := ASSIGNMENT.fullmatch(word))}

    @property
    def command(self) -> list[str]:
        """The program and its words, without the assignments before it."""
        words = self.words
        while words and ASSIGNMENT.fullmatch(words[0]):
            del words[0]
        return words


def spans() -> Iterator[Shown]:
    """Code inside the running text of the pages."""
    for page in PAGES:
        for token in _tokens(page):
            if token.type == "code_inline":
                yield _shown(page, token.content)


def blocks() -> Iterator[Shown]:
    """Lines of the pages' blocks that hold commands."""
    for page in PAGES:
        for token in _tokens(page):
            if token.type == "code_block" or (token.type == "fence" and token.info in SHELL):
                lines = [each for line in token.content.splitlines() for each in line.split(" && ")]
                yield from (_shown(page, line) for line in lines if line.strip())


def comments() -> Iterator[Shown]:
    """Commands in comments, and those that the help of the Makefile makes of its assignments."""
    for file in COMMENTED:
        for line in re.findall(r"^#\s+(.*)$", file.read_text(), re.MULTILINE):
            if (shown := _shown(file, line)).text and is_command(shown):
                yield shown
    for target, told in re.findall(r"^(\w+):.*##(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE):
        for assignment in re.findall(r"[A-Z_]+=(?:'[^']*'|[^\s,;]+)", told):
            yield _shown(ROOT / "Makefile", f"make {target} {assignment}")


def commands() -> list[Shown]:
    """Every command, each once, and those inside of others."""
    found = [*filter(is_command, spans()), *blocks(), *comments()]
    inner = [Shown(each.page, text) for each in found for text in INNER.findall(each.text)]
    return list(dict.fromkeys(found + inner))


def is_command(shown: Shown) -> bool:
    """Does it begin with a program, alone or behind assignments, and go on?"""
    try:
        return shown.command[:1] != [] and shown.command[0] in PROGRAMS and shown.words != shown.command[:1]
    except ValueError:  # an apostrophe of English
        return False


def _tokens(page: Path) -> Iterator[Token]:
    for token in MarkdownIt().enable("table").parse(page.read_text()):
        yield token
        yield from token.children or ()


def _shown(page: Path, text: str) -> Shown:
    return Shown(str(page.relative_to(ROOT)), " ".join(text.split()))
