"""Questions with options: the visual quiz of Visualize, and the questions of Review. As many attempts as options."""

from collections.abc import Iterable

from lessons.content.model import Lesson
from lessons.content.teaching import Question
from lessons.errors import Refused, require_learner
from lessons.learning import grading
from lessons.learning.grading import Choice, Item, Standing
from lessons.learning.records import own_rows
from lessons.models import MAX_ATTEMPTS, Answer


def quiz_items(lesson: Lesson) -> list[Item]:
    """The quiz."""
    return [_item("quiz", question) for question in lesson.teaching.quiz]


def review_items(lesson: Lesson) -> list[Item]:
    """The questions of Review."""
    return [_item("question", each) for each in lesson.teaching.review.questions] if lesson.teaching.review else []


def answer_quiz(learner: str, lesson: Lesson, question: str, choice: Choice) -> Standing:
    """Answer a question of the quiz. Raises `Refused`."""
    return grading.record_answer(learner, lesson.slug, _find(quiz_items(lesson), question), choice)


def quiz_standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """The quiz, by question id, in order. `total_score(standings.values())` sums it up."""
    return grading.grade_standings(learner, lesson.slug, quiz_items(lesson))


def answer_review(learner: str, lesson: Lesson, question: str, choice: Choice) -> Standing:
    """Answer a question of Review. Raises `Refused`."""
    return grading.record_answer(learner, lesson.slug, _find(review_items(lesson), question), choice)


def review_standings(learner: str, lesson: Lesson) -> dict[str, Standing]:
    """The questions of Review, by id, in order."""
    return grading.grade_standings(learner, lesson.slug, review_items(lesson))


def record_explanation(learner: str, lesson: Lesson, prompt: str) -> None:
    """The learner has compared words of their own with the model answer; the words are not kept. Raises `Refused`."""
    require_learner(learner)
    if prompt not in explained_prompts("", lesson):
        raise Refused("unknown", "This lesson has no such prompt.")
    Answer.objects.get_or_create(
        learner=learner,
        lesson=lesson.slug,
        group=Answer.Group.EXPLAIN,
        item=prompt,
        attempt=1,
        defaults={"option": 0, "right": True},
    )


def explained_prompts(learner: str, lesson: Lesson) -> dict[str, bool]:
    """The prompts of Review by id, in order: has the learner explained it? An unknown learner ("") has none."""
    return find_explained(lesson, own_rows(Answer, learner, lesson.slug).filter(group=Answer.Group.EXPLAIN))


def find_explained(lesson: Lesson, answers: Iterable[Answer]) -> dict[str, bool]:
    """The same, given the learner's answers in the lesson."""
    done = {each.item for each in answers if each.group == Answer.Group.EXPLAIN}
    prompts = lesson.teaching.review.explain if lesson.teaching.review else ()
    return {each.id: each.id in done for each in prompts}


def _item(group: str, question: Question) -> Item:
    allowed = min(len(question.options), MAX_ATTEMPTS)
    return Item(group, question.id, allowed, question.options, prompt=question.prompt)


def _find(items: Iterable[Item], id: str) -> Item:
    for item in items:
        if item.id == id:
            return item
    raise Refused("unknown", "This lesson has no such question.")
