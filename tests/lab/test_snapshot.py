"""Values as bounded plain text, without running anybody's code."""

from typing import Any

import pytest

from lessons.lab.snapshot import take_locals, take_value, text_of, texts_of


class Trap(type):
    """A metaclass whose every word runs code."""

    @property
    def __name__(cls) -> str:  # type: ignore[override]
        raise AssertionError("code of the value was run")

    def __repr__(cls) -> str:
        raise AssertionError("code of the value was run")

    def __eq__(cls, other: object) -> bool:
        raise AssertionError("code of the value was run")

    def __hash__(cls) -> int:
        raise AssertionError("code of the value was run")


class Foreign(metaclass=Trap):
    def __repr__(self) -> str:
        raise AssertionError("code of the value was run")

    __str__ = __len__ = __iter__ = __eq__ = __hash__ = __getattribute__ = __repr__  # type: ignore[assignment,misc]


class Text(str):
    def __repr__(self) -> str:
        raise AssertionError("code of the value was run")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Fetched data value", "'Fetched data value'"),
        (None, "None"),
        (True, "True"),
        (42, "42"),
        (1.5, "1.5"),
        (b"ab", "b'ab'"),
        ([1, "a"], "[1, 'a']"),
        ((1,), "(1,)"),
        ((), "()"),
        ({"a": 1}, "{'a': 1}"),
        ({1}, "{1}"),
        (set(), "set()"),
        (frozenset({1}), "{1}"),
        ({"data": {"deep": {"deeper": 1}}}, "{'data': {'deep': <dict>}}"),
        ([[[[]]]], "[[<list>]]"),
        (object(), "<object>"),
        (Text("a"), "<Text>"),
        (1j, "<complex>"),
    ],
)
def test_values_read_as_in_python(value: object, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize("wrap", [lambda it: it, lambda it: [it], lambda it: {"key": it}, lambda it: (it, it)])
def test_foreign_code_is_never_run(wrap: Any) -> None:
    assert "<Foreign>" in text_of(wrap(Foreign()))


@pytest.mark.parametrize(
    "value",
    [
        "x" * 10**6,
        b"x" * 10**6,
        10**10_000,
        list(range(10**5)),
        dict.fromkeys(range(1000), "y" * 1000),
        [["z" * 500] * 50] * 50,
    ],
    ids=["str", "bytes", "int", "list", "dict", "nested"],
)
def test_text_is_short(value: object) -> None:
    assert len(text_of(value)) < 4000


def test_a_container_that_holds_itself_ends() -> None:
    loop: list[Any] = []
    loop.append(loop)
    assert text_of(loop) == "[[<list>]]"


def test_what_was_taken_does_not_change_with_the_value() -> None:
    value = {"a": [1]}
    taken = take_value(value)
    value["a"].append(2)
    assert text_of(taken) == "{'a': [1]}"


@pytest.mark.parametrize("value", ["<Text>", "x" * 100, "", None, 7, b"x" * 100, [1], Text("a")])
def test_what_was_taken_reads_as_the_value(value: object) -> None:
    assert text_of(take_value(value)) == text_of(value)


def test_locals_that_are_not_set_yet_are_left_out() -> None:
    taken = take_locals({"request": Foreign(), "data": "it", "other": 1}, ("request", "data", "later"))
    assert texts_of(taken) == {"request": "<Foreign>", "data": "'it'"}
