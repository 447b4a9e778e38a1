"""Whatever stands in a folder, reading it gives a lesson or tells its faults."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessons.catalogue import VOCABULARY
from lessons.content.faults import ContentError
from lessons.content.loader import load_lesson
from tests.content.real import WHOLE

WHOLE_TEXT = (WHOLE / "lesson.toml").read_text()
WORDS = st.sampled_from(sorted({word for word in WHOLE_TEXT.split() if len(word) < 40}))
VALUES = st.one_of(
    st.sampled_from(["true", "nan", "-inf", "[]", "{}", "[[[1]]]", "'x'", "1979-05-27", "0x7fffffffffffffffff", '"{"']),
    st.integers().map(str),
    WORDS,
)
same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


def read(folder: Path, text: str) -> None:
    (folder / "lesson.toml").write_text(text, encoding="utf-8", errors="surrogatepass")
    try:
        told = load_lesson(folder, VOCABULARY).title
    except ContentError as error:
        told = str(error)
    assert told


@same_folder
@given(text=st.text(max_size=300))
def test_any_text_is_a_lesson_or_tells_its_faults(text: str, folder: Path) -> None:
    read(folder, text)


@same_folder
@given(data=st.data())
def test_any_change_of_a_value_is_a_lesson_or_tells_its_faults(data: st.DataObject, folder: Path) -> None:
    lines = WHOLE_TEXT.splitlines()
    for index in data.draw(st.lists(st.integers(0, len(lines) - 1), min_size=1, max_size=4)):
        name, equals, _ = lines[index].partition("=")
        lines[index] = f"{name}{equals} {data.draw(VALUES)}"
    read(folder, "\n".join(lines))


@same_folder
@given(cut=st.integers(0, len(WHOLE_TEXT)), end=st.integers(0, len(WHOLE_TEXT)))
def test_any_piece_of_a_document_is_a_lesson_or_tells_its_faults(cut: int, end: int, folder: Path) -> None:
    read(folder, WHOLE_TEXT[:cut] + WHOLE_TEXT[end:])


Way = tuple[str | int, ...]


def leaves(value: Any, path: Way = ()) -> list[Way]:
    """The way to every value of a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(leaf for name, item in items for leaf in leaves(item, (*path, name)))]


def key(path: Way) -> str:
    """As a fault names it."""
    text = ""
    for part in path:
        plain = isinstance(part, str) and part.replace("-", "_").isidentifier()
        text += f".{part}" if plain else f"[{part!r}]"
    return text.lstrip(".")


NAMES = sorted(path.name for path in WHOLE.glob("*.toml"))
PLACES = [(name, path) for name in NAMES for path in leaves(tomllib.loads((WHOLE / name).read_text()))[1:]]


@pytest.mark.parametrize(("name", "path"), PLACES, ids=[f"{name}-{key(path)}" for name, path in PLACES])
def test_a_date_is_wrong_everywhere(name: str, path: Way, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No key of the format is read without a look at its type."""
    text, read = (folder / name).read_text(), tomllib.loads
    document = read(text)
    place: Any = document
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = read("a = 2026-01-01")["a"]
    monkeypatch.setattr(
        "lessons.content.folder.tomllib.loads", lambda found: document if found == text else read(found)
    )
    with pytest.raises(ContentError) as caught:
        load_lesson(folder, VOCABULARY)
    faults = [fault for fault in caught.value.faults if (fault.file, fault.key) == (folder / name, key(path))]
    assert any("date" in fault.reason for fault in faults)


@same_folder
@given(data=st.data())
def test_any_change_of_a_file_beside_is_a_lesson_or_tells_its_faults(data: st.DataObject, folder: Path) -> None:
    name = data.draw(st.sampled_from([name for name in NAMES if name != "lesson.toml"]))
    lines = (WHOLE / name).read_text().splitlines()
    for index in data.draw(st.lists(st.integers(0, len(lines) - 1), min_size=1, max_size=4)):
        start, equals, _ = lines[index].partition("=")
        lines[index] = f"{start}{equals} {data.draw(VALUES)}"
    (folder / name).write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass")
    read(folder, WHOLE_TEXT)
    (folder / name).write_text((WHOLE / name).read_text())
