"""What templates and scripts say, without running them: pages, their parts, and the names of elements."""

import re
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
TEMPLATES: Final = ROOT / "templates"
SCRIPTS: Final = ROOT / "static" / "js"
ADMIN: Final = "admin/"  # its pages have Django's own stylesheets
TAG: Final = r"\{%.*?%\}"
VALUE: Final = r"\{\{.*?\}\}"
PART: Final = re.compile(r'\{% (?:include|extends) "([^"#]+)')
ELEMENT: Final = re.compile(rf'<([a-z][\w-]*)((?:{TAG}|{VALUE}|"(?:{TAG}|{VALUE}|[^"])*"|\'[^\']*\'|[^<>"\'])*)>')
STRINGS: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`(?:[^`\\]|\\.)*`')


@cache
def templates() -> dict[str, str]:
    """The text of every template of ours by its name."""
    found = {file.relative_to(TEMPLATES).as_posix(): file.read_text() for file in sorted(TEMPLATES.rglob("*.html"))}
    return {name: text for name, text in found.items() if not name.startswith(ADMIN)}


@cache
def parts(page: str) -> frozenset[str]:
    """The template, what it extends, and all that they include."""
    named = set(PART.findall(templates()[page])) & templates().keys()
    return frozenset({page}).union(*map(parts, named))


def pages() -> list[str]:
    """Those that are whole pages, with what they extend."""
    return [name for name in templates() if any("</html>" in templates()[part] for part in parts(name))]


def elements() -> list[tuple[str, str, str]]:
    """Template, name and attributes of every element that a template opens."""
    return [(name, *found) for name, text in templates().items() for found in ELEMENT.findall(text)]


def words(template: str, attribute: str) -> set[str]:
    """The words of an attribute in a template; in a word, "*" is what a variable says."""
    values = re.findall(rf'\s{attribute}="((?:{TAG}|{VALUE}|[^"])*)"', templates()[template])
    return {word for value in values for word in re.sub(VALUE, "*", re.sub(TAG, " ", value)).split()}


@cache
def in_templates(attribute: str) -> dict[str, str]:
    """The words of an attribute in all templates, and where each stands."""
    return {word: name for name in templates() for word in words(name, attribute)}


def scripts() -> dict[str, str]:
    """The text of every module by its file's name."""
    return {file.name: file.read_text() for file in sorted(SCRIPTS.glob("*.js"))}


@cache
def in_scripts() -> frozenset[str]:
    """Every word in a string of a script: class names, and those in selectors."""
    texts = [text for script in scripts().values() for text in STRINGS.findall(script)]
    return frozenset(word for text in texts for word in re.findall(r"[\w-]+", text))
