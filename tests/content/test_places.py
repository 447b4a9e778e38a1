"""The line at which a key of a TOML document stands."""

from pathlib import Path

import pytest

from lessons.catalogue import VOCABULARY
from lessons.content.faults import ContentError
from lessons.content.loader import load_lessons
from lessons.content.places import line_of
from tests.content.real import edit

DOCUMENT = """title = "A"
variables = ["a", "b"]

[[steps]]
on = "x"

[steps.claims]
"sync@waitress" = { a = true }

[[steps]]
on = "y"  # like "on" above

[steps.claims]
"sync@waitress" = { a = false }

[[quiz]]
id = "one"
[[quiz.options]]
text = "1"
[[quiz.options]]
text = "2"

[[quiz]]
id = "two"
[[quiz.options]]
text = "3"

[prediction]
formula = "none"
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("title", 1),
        ("variables[1]", 2),
        ("steps[0]", 4),
        ("steps[0].on", 5),
        ("steps[1].on", 11),
        ("steps[1].claims", 13),
        ("steps[0].claims['sync@waitress']", 8),
        ("steps[1].claims['sync@waitress'].a", 14),
        ("steps[1].missing", 10),  # its table
        ("quiz[0].options[1].text", 21),
        ("quiz[1].options[0].text", 26),
        ("quiz[1].options[7].text", 23),
        ("prediction.formula", 29),
        ("nothing", 0),
        ("nothing[3].at.all", 0),
        ("", 0),
        ("[[", 0),
    ],
)
def test_a_key_is_found_or_the_table_in_which_it_is_missing(key: str, line: int) -> None:
    assert line_of(DOCUMENT, key) == line


def test_a_fault_says_at_which_line_its_key_is(folder: Path) -> None:
    document = folder / "lesson.toml"
    edit(document, 'node = "wait"', 'node = "waiting"')
    (line,) = [at for at, text in enumerate(document.read_text().split("\n"), 1) if text == 'node = "waiting"']
    with pytest.raises(ContentError) as caught:
        load_lessons(folder.parent, VOCABULARY)
    assert str(caught.value.faults[0]).startswith(f"{document}:{line}: steps[")
