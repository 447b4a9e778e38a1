"""The schemas say what the loader says, and are as the command writes them."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from lessons.catalogue import VOCABULARY
from lessons.content.schema import lesson_schemas
from lessons.management.commands.contentschema import FOLDER, schema_texts

WRITTEN = sorted(path for name in lesson_schemas(VOCABULARY) for path in FOLDER.parent.glob(f"*/{name}"))


def test_the_committed_schemas_are_fresh() -> None:
    assert {path.name: path.read_text() for path in FOLDER.iterdir()} == schema_texts(), "run manage.py contentschema"


@pytest.mark.parametrize("text", schema_texts().values(), ids=schema_texts())
def test_each_is_a_schema(text: str) -> None:
    Draft202012Validator.check_schema(json.loads(text))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_lessons_are_valid_by_their_schemas(path: Path) -> None:
    schema = lesson_schemas(VOCABULARY)[path.name]
    errors = Draft202012Validator(schema).iter_errors(tomllib.loads(path.read_text()))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("tasks.toml", {"tasks": [{"id": "x"}]}),
        ("tasks.toml", {"tasks": []}),
        ("tasks.toml", {"tsaks": []}),
        ("performance.toml", {"requests": [1000]}),
        ("lesson.toml", {"titel": "x"}),
    ],
)
def test_a_mistake_is_invalid(name: str, document: dict[str, Any]) -> None:
    assert not Draft202012Validator(lesson_schemas(VOCABULARY)[name]).is_valid(document)
