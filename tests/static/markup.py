"""The names that templates and scripts give to elements."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
TAG: Final = r"\{%.*?%\}"
VALUE: Final = r"\{\{.*?\}\}"
ADMIN: Final = "admin"  # its pages have Django's own stylesheets
STRINGS: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`(?:[^`\\]|\\.)*`')


def in_templates(attribute: str) -> dict[str, str]:
    """The words of an attribute and where they stand; in a word, "*" is what a variable says."""
    folder = ROOT / "templates"
    pattern = re.compile(rf'\s{attribute}="((?:{TAG}|{VALUE}|[^"])*)"')
    found = {}
    for file in sorted(folder.rglob("*.html")):
        if ADMIN not in file.relative_to(folder).parts:
            for value in pattern.findall(file.read_text()):
                found.update(dict.fromkeys(_words(value), file.relative_to(folder).as_posix()))
    return found


def _words(value: str) -> list[str]:
    """`a{% if b %} c-{{ d }}{% endif %}` gives `a` and `c-*`."""
    return re.sub(VALUE, "*", re.sub(TAG, " ", value)).split()


def in_scripts() -> frozenset[str]:
    """Every word in a string of a script: class names, and those in selectors."""
    texts = [text for file in (ROOT / "static" / "js").glob("*.js") for text in STRINGS.findall(file.read_text())]
    return frozenset(word for text in texts for word in re.findall(r"[\w-]+", text))
