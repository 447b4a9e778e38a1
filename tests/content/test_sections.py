"""Where a text is split, and where it is not."""

import pytest

from lessons.content.sections import section_lines, split_examples


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
    assert list(split_examples(text)) == parts


def test_lines_are_numbered_as_in_an_editor() -> None:
    assert [(number, id) for number, _, id in section_lines("a\n\x0b\n@run x") if id] == [(3, "x")]
