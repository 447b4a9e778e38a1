"""A text offers each of its examples in its place, to be run there."""

import re

import pytest
from django.test import Client

from lessons import catalogue
from lessons.content.model import Lesson

pytestmark = pytest.mark.django_db
ADDRESSES = {"learn": "learn/", "why": "why/", "deep": "deep-dive/"}
TEXTS = [
    pytest.param(lesson, mode, id=f"{lesson.slug}-{mode}")
    for lesson in catalogue.all_lessons().values()
    for mode in ADDRESSES
    if getattr(lesson.teaching, mode)
]


@pytest.mark.parametrize(("lesson", "mode"), TEXTS)
def test_every_example_of_a_text_can_be_run(client: Client, lesson: Lesson, mode: str) -> None:
    asked = re.findall(r"^@run (\S+)$", getattr(lesson.teaching, mode), re.MULTILINE)
    page = client.get(f"/lessons/{lesson.slug}/{ADDRESSES[mode]}").content.decode()
    examples = {each.id: each for each in lesson.teaching.examples}
    offered = re.findall(r'type="submit">Run<span class="sr"> \(([^<]+)\)</span>', page)
    assert offered == [examples[id].title for id in asked] != []
    assert "@run" not in page
