"""Questions with options: the visual quiz of Visualize, and the questions of Review. As many attempts as options."""

from collections.abc import Iterable

from lessons import answers
from lessons.answers import Choice, Item, Standing
from lessons.content.model import Lesson
from lessons.content.teaching import Question
from lessons.models import MAX_ATTEMPTS
from lessons.refusal import Refused


def answer(learner: str, lesson: Lesson, question: str, choice: Choice) -> Standing:
    """Answer a question of the quiz. Raises `Refused`."""
    return answers.answer(learner, lesson.slug, _find("quiz", lesson.teaching.quiz, question), choice)


def standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """The quiz, by question id, in order. `answers.score(standings.values())` sums it up."""
    return answers.standings(learner, lesson.slug, _items("quiz", lesson.teaching.quiz))


def answer_review(learner: str, lesson: Lesson, question: str, choice: Choice) -> Standing:
    """Answer a question of Review. Raises `Refused`."""
    return answers.answer(learner, lesson.slug, _find("question", _questions(lesson), question), choice)


def review_standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """The questions of Review, by id, in order."""
    return answers.standings(learner, lesson.slug, _items("question", _questions(lesson)))


def _questions(lesson: Lesson) -> tuple[Question, ...]:
    return lesson.teaching.review.questions if lesson.teaching.review else ()


def _items(group: str, questions: Iterable[Question]) -> list[Item]:
    return [Item(group, each.id, min(len(each.options), MAX_ATTEMPTS), each.options) for each in questions]


def _find(group: str, questions: Iterable[Question], id: str) -> Item:
    for item in _items(group, questions):
        if item.id == id:
            return item
    raise Refused("unknown", "This lesson has no such question.")
