"""A figure in a text is that of the program: templates get it from there, and lessons are held to it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass

import pytest

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.content.teaching import Example, Problem
from lessons.stage.wording import NUMBERS
from lessons.views import exercises, projects
from tests.static.markup import templates

WORDS = {word: number for number, word in enumerate(NUMBERS) if number} | {
    "twelve": 12,
    "sixteen": 16,
    "twenty": 20,
    "hundred": 100,
}
NUMBER = rf"(?<![\w.])(\d+|{'|'.join(WORDS)})"
LESSONS = list(catalogue.all_lessons().values())
PROBLEMS = [(lesson, problem) for lesson in LESSONS for problem in lesson.teaching.problems]


def texts(value: object) -> Iterator[str]:
    """Every text in some content."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


def numbers_of(noun: str, said: Sequence[str]) -> set[int]:
    """The numbers that the texts give a noun: "ten requests", "**10** such requests"."""
    pattern = re.compile(rf"{NUMBER}\**(?: such| sync)? {noun}", re.IGNORECASE)
    found = [match for text in said for match in pattern.findall(text)]
    return {WORDS.get(each.lower()) or int(each) for each in found}


def example_of(lesson: Lesson, problem: Problem) -> Example:
    return next(each for each in lesson.teaching.examples if each.id == problem.example)


def test_a_figure_is_found_however_it_is_written() -> None:
    said = ["**Ten** requests come, then 12 requests", "as ten such requests would; v1.3 requests nothing"]
    assert numbers_of("requests?", said) == {10, 12}


@pytest.mark.parametrize("name", templates())
def test_templates_get_their_figures_from_the_program(name: str) -> None:
    stated = re.findall(rf"{NUMBER} (?:requests|attempts|minutes|days|workers)\b", templates()[name], re.IGNORECASE)
    assert stated == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_a_project_speaks_of_as_many_requests_as_its_solutions_get(lesson: Lesson) -> None:
    assert numbers_of("requests", list(texts(lesson.teaching.project))) <= {projects.REQUESTS}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_tasks_speak_of_as_many_requests_as_they_are_run_with(lesson: Lesson) -> None:
    assert numbers_of("requests", list(texts(lesson.teaching.tasks))) <= {exercises.REQUESTS}


def test_the_flagship_states_such_a_figure() -> None:
    project = catalogue.find_lesson("why-async-matters").teaching.project
    assert numbers_of("requests", list(texts(project))) == {projects.REQUESTS}


@pytest.mark.parametrize(("lesson", "problem"), PROBLEMS, ids=lambda each: getattr(each, "id", None))
def test_a_problem_asks_about_the_run_that_settles_it(lesson: Lesson, problem: Problem) -> None:
    example = example_of(lesson, problem)
    assert numbers_of("requests?", [problem.prompt]) <= {example.requests}
    assert numbers_of("(?:worker threads|workers)", [problem.prompt]) <= {example.workers}
