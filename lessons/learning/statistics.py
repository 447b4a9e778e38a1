"""How often each answer was given, question by question, for teachers and authors."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.query import QuerySet

from lessons.content.model import Lesson
from lessons.learning import challenges, exercises, quiz
from lessons.learning.grading import Item
from lessons.models import MAX_ATTEMPTS, Answer, ArchivedRun


@dataclass(frozen=True, slots=True)
class OptionCount:
    """One possible answer."""

    text: str
    right: bool
    before: int  # learners who gave it at their first attempt, and had run nothing in the lesson by then
    after: int  # the same, of those who had
    all: int  # times it was given
    belief: str = ""  # the misconception that it shows, in a sentence

    @property
    def first(self) -> int:
        """Learners who gave it at their first attempt."""
        return self.before + self.after


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
    beliefs = {each.id: each.belief for each in lesson.teaching.misconceptions}
    for make in (quiz.quiz_items, exercises.task_items, challenges.general_items, quiz.review_items):
        for item in make(lesson):
            rows = _options(item, counted, beliefs) if item.options else _seconds(item, lesson.slug)
            if len(rows) > MAX_ATTEMPTS:  # lines in every order: those that were chosen
                rows = tuple(row for row in rows if row.all or row.right)
            yield AnswerTable(lesson.title, Answer.Group(item.group).label, item.id, item.prompt, rows)


type Counts = tuple[int, int, int]  # as in `OptionCount`


def _with_runs(slug: str) -> QuerySet[Answer]:
    """The answers of a lesson, each with `ran`: had its learner sent a run before?"""
    sent = ArchivedRun.objects.filter(learner=OuterRef("learner"), lesson=slug, archived_at__lt=OuterRef("at"))
    return Answer.objects.filter(lesson=slug).annotate(ran=Exists(sent))


COUNTS: Final = {
    "before": Count("id", filter=Q(attempt=1, ran=False)),
    "after": Count("id", filter=Q(attempt=1, ran=True)),
    "all": Count("id"),
}


def _counted(slug: str) -> dict[tuple[str, str, int], Counts]:
    """By group, item and option. One query."""
    given = _with_runs(slug).filter(option__isnull=False).order_by().values("group", "item", "option")
    found: Iterable[Any] = given.annotate(**COUNTS).values_list("group", "item", "option", *COUNTS)
    return {(group, item, option): (before, after, all) for group, item, option, before, after, all in found}


def _options(
    item: Item, counted: Mapping[tuple[str, str, int], Counts], beliefs: Mapping[str, str]
) -> tuple[OptionCount, ...]:
    return tuple(
        OptionCount(
            option.text,
            option.right,
            *counted.get((item.group, item.id, index), (0, 0, 0)),
            beliefs.get(option.misconception or "", ""),
        )
        for index, option in enumerate(item.options)
    )


def _seconds(item: Item, slug: str) -> tuple[OptionCount, ...]:
    given = _with_runs(slug).filter(group=item.group, item=item.id, number__isnull=False)
    parts: tuple[tuple[str, bool, Q], ...] = (
        ("too short", False, Q(right=False, number__lt=item.seconds)),
        (f"about {item.seconds:g} s", True, Q(right=True)),
        ("too long", False, Q(right=False, number__gte=item.seconds)),
    )
    if item.seed is not None:  # each learner's numbers were others
        parts = (("within 20 %", True, Q(right=True)), ("further off", False, Q(right=False)))
    return tuple(OptionCount(text, right, **given.filter(which).aggregate(**COUNTS)) for text, right, which in parts)
