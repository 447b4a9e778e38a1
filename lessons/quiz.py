"""Questions with options: the visual quiz of Visualize, and the questions of Review. As many attempts as options."""

from collections.abc import Iterable

from lessons import answers
from lessons.answers import Choice, Item, Standing
from lessons.content.model import Lesson
from lessons.content.teaching import Question
from lessons.models import MAX_ATTEMPTS
from lessons.refusal import Refused


def items(lesson: Lesson) -> list[Item]:
    """The quiz."""
    return [_item("quiz", question) for question in lesson.teaching.quiz]


def review_items(lesson: Lesson) -> list[Item]:
    """The questions of Review."""
    return [_item("question", each) for each in lesson.teaching.review.questions] if lesson.teaching.review else []


def answer(learner: str, lesson: Lesson, question: str, choice: Choice) -> Standing:
    """Answer a question of the quiz. Raises `Refused`."""
    return answers.answer(learner, lesson.slug, _find(items(lesson), question), choice)


def standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """The quiz, by question id, in order. `answers.score(standings.values())` sums it up."""
    return answers.standings(learner, lesson.slug, items(lesson))


def answer_review(learner: str, lesson: Lesson, question: str, choice: Choice) -> Standing:
    """Answer a question of Review. Raises `Refused`."""
    return answers.answer(learner, lesson.slug, _find(review_items(lesson), question), choice)


def review_standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """The questions of Review, by id, in order."""
    return answers.standings(learner, lesson.slug, review_items(lesson))


def _item(group: str, question: Question) -> Item:
    allowed = min(len(question.options), MAX_ATTEMPTS)
    return Item(group, question.id, allowed, question.options, prompt=question.prompt)


def _find(items: Iterable[Item], id: str) -> Item:
    for item in items:
        if item.id == id:
            return item
    raise Refused("unknown", "This lesson has no such question.")
