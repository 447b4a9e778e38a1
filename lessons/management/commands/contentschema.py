"""`manage.py contentschema`: write the JSON Schemas of the content's format, for editors."""

import json
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand

import lessons.content
from lessons.catalogue import VOCABULARY
from lessons.content.schema import lesson_schemas

FOLDER = Path(lessons.content.__file__).parent / "_schema"


class Command(BaseCommand):
    help = "Write a JSON Schema for each TOML file of a lesson into lessons/content/_schema/."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        FOLDER.mkdir(exist_ok=True)
        for name, text in schema_texts().items():
            (FOLDER / name).write_text(text, encoding="utf-8")
            self.stdout.write(str(FOLDER / name))


def schema_texts() -> dict[str, str]:
    """The files as they should be: name -> text."""
    return {
        name.replace(".toml", ".schema.json"): json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in lesson_schemas(VOCABULARY).items()
    }
