"""The stylesheets as a CSS parser reads them: rules, with the names in their selectors."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tinycss2 import parse_blocks_contents, parse_stylesheet, serialize

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "static" / "css"
COMBINATORS: Final = (">", "+", "~")

Token = Any  # tinycss2 has no types


@dataclass(frozen=True, slots=True)
class Selector:
    """One complex selector: what stands between two commas."""

    text: str
    names: frozenset[str]  # the classes and ids in it, with their sign, in :is(), :not() and :has() too
    subject: frozenset[str]  # of these, those of the element that is styled
    bare: bool  # it tells elements by their kind alone


@dataclass(frozen=True, slots=True)
class Declaration:
    """A property and its value, as written."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A style rule; one inside another stands for itself."""

    file: str
    line: int
    around: tuple[str, ...]  # the at-rules that it stands in, outermost first: "layer base"
    selectors: tuple[Selector, ...]
    declarations: tuple[Declaration, ...]

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def layer(self) -> str:
        """The cascade layer, or "" outside any."""
        return next((each.removeprefix("layer ") for each in self.around if each.startswith("layer ")), "")


def stylesheets() -> list[Path]:
    """Every stylesheet of the site."""
    return sorted(FOLDER.glob("*.css"))


def rules(*files: Path) -> list[Rule]:
    """The style rules of these stylesheets, in order. Raises `ValueError` at what is no CSS."""
    return [rule for file in files for rule in _rules(_tree(file), file.name, ())]


def _tree(file: Path) -> list[Token]:
    return list(parse_stylesheet(file.read_text(), skip_comments=True, skip_whitespace=True))


def _rules(nodes: Iterable[Token], file: str, around: tuple[str, ...]) -> Iterator[Rule]:
    for node in nodes:
        if node.type == "error":
            raise ValueError(f"{file}:{node.source_line}: {node.message}")
        if node.type == "at-rule" and node.lower_at_keyword == "keyframes":
            continue  # its moments are no selectors
        if node.type == "at-rule" and node.content is not None:
            name = f"{node.lower_at_keyword} {serialize(node.prelude).strip()}"
            yield from _rules(_contents(node), file, (*around, name))
        elif node.type == "qualified-rule":
            yield _rule(node, file, around)
            yield from _rules((each for each in _contents(node) if each.type != "declaration"), file, around)


def _contents(node: Token) -> list[Token]:
    return list(parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True))


def _rule(node: Token, file: str, around: tuple[str, ...]) -> Rule:
    declared = tuple(
        Declaration(each.lower_name, serialize(each.value).strip())
        for each in _contents(node)
        if each.type == "declaration"
    )
    return Rule(file, node.source_line, around, tuple(map(_selector, _split(node.prelude))), declared)


def _split(tokens: Sequence[Token]) -> list[list[Token]]:
    """What stands between commas."""
    found: list[list[Token]] = [[]]
    for token in tokens:
        if token == ",":
            found.append([])
        else:
            found[-1].append(token)
    return found


def _selector(tokens: list[Token]) -> Selector:
    text = serialize(tokens).strip()
    names = frozenset(_names(tokens))
    tells = bool(names) or any(token.type == "[] block" for token in tokens) or "&" in text or ":root" in text
    return Selector(text, names, frozenset(_names(_last(tokens))), not tells)


def _last(tokens: list[Token]) -> list[Token]:
    """The last compound: the tokens after the last combinator."""
    while tokens and tokens[-1].type == "whitespace":
        tokens = tokens[:-1]
    ends = [at for at, token in enumerate(tokens) if token.type == "whitespace" or token in COMBINATORS]
    return tokens[ends[-1] + 1 :] if ends else tokens


def _names(tokens: Iterable[Token]) -> Iterator[str]:
    before: Token = None
    for token in tokens:
        if token.type == "hash":
            yield f"#{token.value}"
        elif token.type == "ident" and before == ".":
            yield f".{token.value}"
        elif token.type == "function":
            yield from _names(token.arguments)
        before = token
