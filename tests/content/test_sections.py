"""Where a text is split, and where it is not."""

import pytest

from lessons.content.sections import Mark, marked_ids, marked_lines, split_marks


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", [("", "")]),
        ("a\nb", [("a\nb", "")]),
        ("a\n@run x\nb", [("a", "x"), ("b", "")]),
        ("@run x\n@run y", [("", "x"), ("", "y"), ("", "")]),
        ("@run x  ", [("", "x"), ("", "")]),
        (" @run x", [(" @run x", "")]),
        ("see @run x", [("see @run x", "")]),
        ("@runner", [("@runner", "")]),
        ("```\n@run x\n```\n@run y", [("```\n@run x\n```", "y"), ("", "")]),
        ("~~~\n```\n@run x\n~~~", [("~~~\n```\n@run x\n~~~", "")]),
        ("````\n```\n@run x\n````", [("````\n```\n@run x\n````", "")]),
        ("```a`\n@run x", [("```a`", "x"), ("", "")]),
        ("```\n@run x", [("```\n@run x", "")]),
    ],
)
def test_a_text_is_split_at_lines_of_their_own_outside_of_code(text: str, parts: list[tuple[str, str]]) -> None:
    assert [(part, mark.id if mark else "") for part, mark in split_marks(text)] == parts


def test_what_stands_in_a_text_is_of_two_kinds() -> None:
    text = "a\n@run x\n@analogy y\n@analogies z\n"
    assert [mark for _, mark in split_marks(text)] == [Mark("run", "x"), Mark("analogy", "y"), None]
    assert (marked_ids(text, "run"), marked_ids(text, "analogy")) == (("x",), ("y",))


def test_lines_are_numbered_as_in_an_editor() -> None:
    assert [(number, mark) for number, _, mark in marked_lines("a\n\x0b\n@run x") if mark] == [(3, Mark("run", "x"))]
