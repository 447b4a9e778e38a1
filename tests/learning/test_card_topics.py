"""A card comes up only behind an experiment that shows its topic."""

import re
from collections.abc import Iterator
from typing import Final

import pytest

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.learning.flashcards import count_due
from lessons.learning.modes import lesson_modes, text_examples
from tests.stage import scenes

ELSEWHERE: Final = frozenset(("SyntaxError", "Model", "asyncio", "sleep"))  # names that stand for more than themselves
CODE: Final = re.compile(r"`([^`]+)`")
NAME: Final = re.compile(r"[A-Za-z_]{4,}")


def told(lesson: Lesson, example: str) -> Iterator[str]:
    """All that can be read where an example runs."""
    teaching = lesson.teaching
    examples = {each.id: each for each in teaching.examples}
    shown = examples[example]
    yield from (shown.title, shown.question, shown.answer)
    yield from (lesson.sample(lane.partition("@")[0]).source for lane in shown.lanes)
    steps = teaching.path.steps if teaching.path else ()
    if example in [each.example for each in steps]:
        yield from (f"{each.story} {examples[each.example].answer}" for each in steps)
    for mode in lesson_modes(lesson):
        if example in text_examples(lesson, mode.id):
            yield getattr(teaching, mode.id)


@pytest.mark.parametrize("slug", ["why-async-matters", "await-together"])
def test_names_on_a_card_were_met_where_it_comes_from(slug: str) -> None:
    lesson = catalogue.find_lesson(slug)
    assert lesson.teaching.review
    for card in lesson.teaching.review.cards:
        assert card.after, card.id
        names = set(NAME.findall(" ".join(CODE.findall(card.front + card.back)))) - ELSEWHERE
        for example in card.after:
            assert names <= set(NAME.findall(" ".join(told(lesson, example)))), (card.id, example)


def test_the_path_brings_up_only_what_it_shows() -> None:
    lesson = scenes.lesson()
    path, review = lesson.teaching.path, lesson.teaching.review
    assert path
    assert review
    walked = [each.example for each in path.steps]
    due = {each.id for each in review.cards if set(each.after) & set(walked)}
    assert count_due(lesson, {}, walked) == len(due) <= 14
    assert not due & {"gather", "orm-async-methods", "threads-of-async-requests", "little", "concurrent-or-parallel"}
