"""How often each answer was given, question by question, for teachers and authors."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q

from lessons.content.model import Lesson
from lessons.learning import challenges, exercises, quiz
from lessons.learning.grading import Item
from lessons.models import Answer


@dataclass(frozen=True, slots=True)
class OptionCount:
    """One possible answer."""

    text: str
    right: bool
    first: int  # learners who gave it at their first attempt
    all: int  # times it was given


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """One question, task or problem."""

    lesson: str  # title
    group: str  # "Quiz", "Try", "Challenge", "Review"
    id: str
    prompt: str
    rows: tuple[OptionCount, ...]

    @property
    def learners(self) -> int:
        """Who answered it at all."""
        return sum(row.first for row in self.rows)


def answer_tables(lesson: Lesson) -> Iterator[AnswerTable]:
    """One per item of the lesson, also for what nobody has answered."""
    counted = _counted(lesson.slug)
    for make in (quiz.quiz_items, exercises.task_items, challenges.problem_items, quiz.review_items):
        for item in make(lesson):
            rows = _options(item, counted) if item.options else _seconds(item, lesson.slug)
            yield AnswerTable(lesson.title, Answer.Group(item.group).label, item.id, item.prompt, rows)


def _counted(slug: str) -> dict[tuple[str, str, int], tuple[int, int]]:
    """(group, item, option) -> (first attempts, all attempts)."""
    found = Answer.objects.filter(lesson=slug, option__isnull=False).values_list("group", "item", "option")
    return {
        (group, item, option): (first, all)
        for group, item, option, first, all in found.annotate(first=Count("id", filter=Q(attempt=1)), all=Count("id"))
    }


def _options(item: Item, counted: dict[tuple[str, str, int], tuple[int, int]]) -> tuple[OptionCount, ...]:
    return tuple(
        OptionCount(option.text, option.right, *counted.get((item.group, item.id, index), (0, 0)))
        for index, option in enumerate(item.options)
    )


def _seconds(item: Item, slug: str) -> tuple[OptionCount, ...]:
    given = Answer.objects.filter(lesson=slug, group=item.group, item=item.id, number__isnull=False)
    parts = (
        ("too short", False, Q(right=False, number__lt=item.seconds)),
        (f"about {item.seconds:g} s", True, Q(right=True)),
        ("too long", False, Q(right=False, number__gte=item.seconds)),
    )
    return tuple(
        OptionCount(text, right, given.filter(which, attempt=1).count(), given.filter(which).count())
        for text, right, which in parts
    )
