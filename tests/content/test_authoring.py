"""docs/AUTHORING.md leads to a lesson that loads, runs and is as it claims."""

import re
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from lessons import catalogue
from lessons.content import model, teaching
from lessons.content.loader import load_lesson
from lessons.lab.supervisor import Lab
from lessons.log import jsonl
from lessons.management.lint import Lint
from lessons.management.measuring import LessonRuns

GUIDE = Path(__file__).parents[2] / "docs" / "AUTHORING.md"
DERIVED = {"slug", "teaching", "source", "number"}


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """The lesson of the guide, as an author makes it."""
    text = GUIDE.read_text()
    made = tmp_path / "lessons" / "two-lines"
    (made / "samples").mkdir(parents=True)
    (made / "samples" / "wait.py").write_text(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0])
    (made / "lesson.toml").write_text(re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0])
    settings.LESSONS_DIR = made.parent
    settings.DATA_DIR = tmp_path / "data"
    return made


async def test_the_lesson_of_the_guide_runs_and_is_as_it_claims(folder: Path) -> None:
    lab = Lab(time_box=10.0)
    try:
        bench = LessonRuns(lab, catalogue.find_lesson("two-lines"))
        assert await Lint(bench, lambda what: None).differences() == []
        events = await bench.events(["wait@daphne"], 1, 0.1)
    finally:
        await lab.close()
    (folder / "recorded").mkdir()
    numbered = [replace(event, seq=number) for number, event in enumerate(events, 1)]
    (folder / "recorded" / "one.jsonl").write_text("".join(jsonl.dump_run("two-lines", numbered)))
    assert load_lesson(folder, catalogue.VOCABULARY).steps[0].action == "Await fetch_data()"


@pytest.mark.parametrize("module", [model, teaching], ids=["stage", "teaching"])
def test_every_key_of_the_format_is_in_the_guide(module: Any) -> None:
    named = set(re.findall(r"[a-z_]+", GUIDE.read_text()))
    classes = [each for each in vars(module).values() if is_dataclass(each) and each.__module__ == module.__name__]
    asked = {field.name for each in classes for field in fields(each)}
    assert asked - named - DERIVED == set()
