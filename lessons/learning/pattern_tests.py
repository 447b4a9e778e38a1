"""Test this pattern: ten questions out of all that the lesson asks, drawn anew, graded together.

No two are about one topic: what the same run settles is asked once.

A test is known by its seed: it says which questions are asked, and with which numbers. What was answered is kept as it
was sent; the first result of a seed counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from lessons.content.model import Lesson
from lessons.content.teaching import Evidence, Level, Problem, Question, Teaching, Text
from lessons.errors import Refused, require_learner
from lessons.lab.spec import RunSpec
from lessons.learning import challenges, grading, quiz
from lessons.learning.grading import Choice, Item
from lessons.learning.records import own_rows
from lessons.models import PatternTest

SHARES: Final[Mapping[Level, int]] = {"easy": 3, "medium": 4, "hard": 3}
HARDEST_FIRST: Final = dict(reversed(list(SHARES.items())))  # the hard ones have the fewest topics
QUESTIONS: Final = sum(SHARES.values())


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of a test."""

    level: Level
    topic: str  # of two questions with the same one, a test asks one
    item: Item
    spec: RunSpec | None = None  # a run that settles it; None where evidence does
    evidence: Evidence | None = None
    code: str = ""
    example: str = ""  # id; "" for none
    read: Text | None = None  # the text that explains it; None: the one in which the example stands


@dataclass(frozen=True, slots=True)
class GradedQuestion:
    """A question with what was answered."""

    question: AskedQuestion
    given: str  # as it was sent
    right: bool
    why: str  # Markdown: of the option that was chosen, or of the problem


def draw_test(lesson: Lesson, seed: int) -> tuple[AskedQuestion, ...]:
    """The questions that `seed` draws, the easy ones first. Raises `Refused` for a seed that no page had."""
    if not 0 <= seed < challenges.SEEDS:
        raise Refused("malformed", "This test is not known. Take a new one.")
    pool, drawn = _pool(lesson, seed), Random(f"test {seed}")  # noqa: S311  (no secret)
    asked: dict[Level, list[AskedQuestion]] = {}
    topics: set[str] = set()
    for level, share in HARDEST_FIRST.items():
        open_topics = sorted({each.topic for each in pool if each.level == level} - topics)
        chosen = drawn.sample(open_topics, share)
        topics.update(chosen)
        asked[level] = [
            drawn.choice([each for each in pool if (each.level, each.topic) == (level, topic)]) for topic in chosen
        ]
    return tuple(each for level in SHARES for each in asked[level])


def grade_test(questions: Sequence[AskedQuestion], given: Sequence[str]) -> tuple[GradedQuestion, ...]:
    """Every answer, graded. Raises `Refused` where one is missing or none at all."""
    if len(given) != len(questions) or not all(each.strip() for each in given):
        missing = sum(not each.strip() for each in given)
        have = "has" if missing == 1 else "have"
        raise Refused("malformed", f"{missing} of {len(questions)} questions {have} no answer yet.")
    return tuple(_graded(question, text) for question, text in zip(questions, given, strict=True))


def record_test(learner: str, lesson: Lesson, seed: int, given: Sequence[str]) -> tuple[GradedQuestion, ...]:
    """Grade a test and keep it. The same test again changes nothing and gives the first result. Raises `Refused`."""
    require_learner(learner)
    found = grade_test(draw_test(lesson, seed), given)
    right = sum(each.right for each in found)
    mine = {"learner": learner, "lesson": lesson.slug, "seed": seed}
    PatternTest.objects.get_or_create(**mine, defaults={"given": list(given), "right": right, "total": len(found)})
    return found


def find_test(learner: str, lesson: Lesson, seed: int) -> tuple[GradedQuestion, ...]:
    """A test that this learner has taken; () for none, or when the lesson has changed since. One query."""
    row = own_rows(PatternTest, learner, lesson.slug).filter(seed=seed).first()
    try:
        found = grade_test(draw_test(lesson, seed), [str(each) for each in row.given]) if row else ()
    except Refused:
        return ()
    return found if row and sum(each.right for each in found) == row.right else ()


def list_results(learner: str, lesson: Lesson) -> list[tuple[int, int]]:
    """(right, total) of every test that was taken, the first one first. One query."""
    return list(own_rows(PatternTest, learner, lesson.slug).order_by("at").values_list("right", "total"))


def has_test(lesson: Lesson) -> bool:
    """Does the lesson ask enough of each level, about topics that no harder question is about?"""
    teaching = lesson.teaching
    asked: list[Question | Problem] = [*_questions(teaching), *_problems(teaching)]
    harder: set[str] = set()
    for level, share in HARDEST_FIRST.items():
        topics = {_topic(each) for each in asked if each.level == level}
        if len(topics - harder) < share:
            return False
        harder |= topics
    return True


def _topic(asked: Question | Problem) -> str:
    return asked.example or asked.id


def _questions(teaching: Teaching) -> tuple[Question, ...]:
    return (*teaching.quiz, *(teaching.review.questions if teaching.review else ()))


def _problems(teaching: Teaching) -> tuple[Problem, ...]:
    """Those that can be asked in words."""
    return tuple(each for each in teaching.problems if each.shape is None)


def _pool(lesson: Lesson, seed: int) -> list[AskedQuestion]:
    teaching = lesson.teaching
    asked = {each.id: each for each in _questions(teaching)}
    examples = {each.id: challenges.example_spec(lesson, each) for each in teaching.examples}
    pool = []
    for item in (*quiz.quiz_items(lesson), *quiz.review_items(lesson)):
        each = asked[item.id]
        spec = examples[each.example] if each.example and not each.evidence else None
        shown = AskedQuestion(each.level, _topic(each), item, spec, each.evidence, "", each.example or "", each.read)
        pool.append(shown)
    items = {each.id: each for each in challenges.problem_items(lesson, {each.id: seed for each in teaching.problems})}
    for problem in _problems(teaching):
        spec = challenges.problem_spec(lesson, problem, seed)
        item, topic = items[problem.id], _topic(problem)
        shown = AskedQuestion(problem.level, topic, item, spec, None, problem.code, problem.example, problem.read)
        pool.append(shown)
    return pool


def _graded(question: AskedQuestion, text: str) -> GradedQuestion:
    item = question.item
    form: dict[str, Any] = {"attempt": "1", "option" if item.options else "number": text}
    choice = Choice.read(form)
    right = grading.is_right(item, choice)
    option = item.options[choice.option] if choice.option is not None else None
    return GradedQuestion(question, text, right, option.why if option else item.explanation)
