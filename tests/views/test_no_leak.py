"""Nobody finds an answer in a page before it is due."""

import html
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from lessons import catalogue
from lessons.content.model import Lesson
from lessons.learning import quiz
from lessons.learning.challenges import problem_items
from lessons.learning.exercises import task_items
from lessons.learning.grading import Choice, Item
from lessons.learning.modes import MODES, Mode
from lessons.views.modes import mode_address
from tests.visiting import learner_of

pytestmark = pytest.mark.django_db
NO_LETTERS = re.compile(r"[\W_]")
ENOUGH = 40  # letters that tell a sentence from any other


def letters(text: str) -> str:
    """A text without markup and spaces, whether it was Markdown or HTML."""
    return NO_LETTERS.sub("", html.unescape(re.sub(r"<[^>]*>", "", text)))


def items(lesson: Lesson) -> list[Item]:
    return [*quiz.quiz_items(lesson), *quiz.review_items(lesson), *task_items(lesson), *problem_items(lesson)]


def secrets(lesson: Lesson) -> Iterator[str]:
    for item in items(lesson):
        yield from (option.why for option in item.options)
        yield item.explanation
    yield from (question.hint for question in lesson.teaching.quiz)
    if lesson.teaching.project:
        yield from (lesson.sample(step.solution).source for step in lesson.teaching.project.steps)


def shown(client: Client, lesson: Lesson, mode: Mode) -> str:
    answer = client.get(mode_address(lesson, mode.id))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.id)
def test_a_page_holds_no_answer_for_a_newcomer(client, mode):
    lessons = list(filter(mode.has_content, catalogue.all_lessons().values()))
    assert lessons
    for lesson in lessons:
        page = shown(client, lesson, mode)
        hidden = list(filter(None, map(letters, secrets(lesson))))
        assert hidden
        for secret in hidden:
            assert secret[:ENOUGH] not in letters(page), secret
            assert secret[:ENOUGH] not in NO_LETTERS.sub("", html.unescape(page)), secret  # nor in an attribute


def test_the_reason_of_the_chosen_option_is_in_the_page_and_no_other(client):
    lesson = next(iter(catalogue.all_lessons().values()))
    client.get(f"/lessons/{lesson.slug}/")
    learner = learner_of(client)
    item = quiz.quiz_items(lesson)[0]
    wrong = next(index for index, option in enumerate(item.options) if not option.right)
    quiz.answer_quiz(learner, lesson, item.id, Choice(1, wrong))
    page = letters(shown(client, lesson, next(mode for mode in MODES if mode.id == "visualize")))
    for index, option in enumerate(item.options):
        assert (letters(option.why)[:ENOUGH] in page) is (index == wrong)
