"""How far a learner has got, mode by mode."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from lessons.content.builds import BUILD
from lessons.content.model import Lesson
from lessons.errors import Refused, require_learner
from lessons.learning import challenges, exercises, flashcards, quiz
from lessons.learning.grading import Item, grade_answers, total_score
from lessons.learning.modes import Mode, lesson_modes, text_examples
from lessons.learning.records import LessonRecords, read_records, record_models
from lessons.models import Visit

DAY: Final = timedelta(days=1)  # a visit is kept to the day: reading again costs no write


@dataclass(frozen=True, slots=True)
class ModeProgress:
    """One mode of a lesson.

    A text and the path are done when each of their experiments was tried, a text without any when it was opened;
    Visualize with its quiz; Try, Challenge and Review when every item is settled, every card was graded once and every
    prompt was explained; Project with its last step and what is put together behind it; Performance when the server
    has been measured to the end.
    """

    mode: str
    visited: bool
    done_items: int  # settled questions, tasks, problems; passed steps; graded cards; tried experiments
    items: int  # at least 1
    right: int  # of the settled ones; equals `done_items` where nothing can be wrong
    counts: bool = True  # is the lesson done only when this mode is?

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.done_items / self.items

    @property
    def percent(self) -> int:
        """0 to 100; 100 only when done."""
        return self.done_items * 100 // self.items

    @property
    def done(self) -> bool:
        """Nothing left to do?"""
        return self.done_items >= self.items


@dataclass(frozen=True, slots=True)
class Progress:
    """A lesson, as far as the learner has got."""

    modes: tuple[ModeProgress, ...]  # that the lesson has, in the order of the tabs
    due: int  # cards due now, for the tab of Review
    badges: tuple[str, ...]  # "challenge"

    @property
    def share(self) -> float:
        """0 to 1: the mean of the modes that count."""
        return sum(mode.share for mode in self._counting) / len(self._counting) if self._counting else 0.0

    @property
    def percent(self) -> int:
        """0 to 100; 100 only when done."""
        return 100 if self.done else min(99, int(self.share * 100))

    @property
    def done(self) -> bool:
        """Every mode that counts?"""
        return all(mode.done for mode in self._counting)

    @property
    def begun(self) -> bool:
        """Is there anything to start over?"""
        return any(mode.visited or mode.done_items for mode in self.modes)

    @property
    def _counting(self) -> tuple[ModeProgress, ...]:
        return tuple(mode for mode in self.modes if mode.counts)

    def mode(self, id: str) -> ModeProgress:
        """Raises `KeyError`."""
        return {mode.mode: mode for mode in self.modes}[id]


def lesson_progress(learner: str, lesson: Lesson) -> Progress:
    """Progress in one lesson; of an unknown learner ("") there is none. Eight queries."""
    return lessons_progress(learner, (lesson,))[lesson.slug]


def lessons_progress(learner: str, lessons: Collection[Lesson]) -> Mapping[str, Progress]:
    """Progress by slug, for as many queries as that of one lesson."""
    records = read_records(learner, [each.slug for each in lessons])
    return {each.slug: _progress(each, records[each.slug]) for each in lessons}


def record_visit(learner: str, lesson: Lesson, mode: str) -> None:
    """The learner has opened a mode; of a text with experiments nothing is kept. Raises `Refused`."""
    require_learner(learner)
    if mode not in [each.id for each in lesson_modes(lesson)]:
        raise Refused("unknown", "This lesson has no such mode.")
    if text_examples(lesson, mode):
        return  # what counts is what is done in it
    row, _ = Visit.objects.get_or_create(learner=learner, lesson=lesson.slug, mode=mode)
    if timezone.now() - row.at > DAY:
        Visit.objects.filter(pk=row.pk).update(at=timezone.now())


def forget_progress(learner: str, lesson: Lesson) -> None:
    """Forget everything the learner did in this lesson, badges and cards included. Raises `Refused`."""
    require_learner(learner)
    with transaction.atomic():
        for model in record_models():
            model._default_manager.filter(learner=learner, lesson=lesson.slug).delete()


def _progress(lesson: Lesson, records: LessonRecords) -> Progress:
    modes = tuple(_mode(lesson, each, records) for each in lesson_modes(lesson))
    due = flashcards.count_due(lesson, records.cards, records.tried)
    return Progress(modes, due, tuple(records.badges))


def _mode(lesson: Lesson, mode: Mode, records: LessonRecords) -> ModeProgress:
    visited = mode.id in records.visits
    counts = COUNTING[mode.id](lesson, records) if mode.id in COUNTING else _used(lesson, mode.id, records)
    return ModeProgress(mode.id, visited, *(counts or _counted([visited])), counts=not mode.extra)


type Counts = tuple[int, int, int]  # items that are done, items in all, right ones


def _used(lesson: Lesson, mode: str, records: LessonRecords) -> Counts | None:
    """A text, by its experiments; None of one that has none."""
    examples = text_examples(lesson, mode)
    return _counted(mode in records.visits or each in records.tried for each in examples) if examples else None


def _walked(lesson: Lesson, records: LessonRecords) -> Counts | None:
    path = lesson.teaching.path
    return _counted(each.example in records.tried for each in path.steps) if path else None


def _passed(lesson: Lesson, records: LessonRecords) -> Counts | None:
    project = lesson.teaching.project
    if project is None:
        return None
    ids = [each.id for each in project.steps] + ([BUILD] if project.build else [])
    return _counted(each in records.passed for each in ids) if ids else None


def _counted(done: Iterable[bool]) -> Counts:
    """Of what cannot be wrong."""
    each = tuple(done)
    return sum(each), len(each), sum(each)


def _answered(items: Iterable[Item], records: LessonRecords) -> Counts:
    total = total_score(grade_answers(items, records.answers).values())
    return total.settled, total.total, total.right


def _reviewed(lesson: Lesson, records: LessonRecords) -> Counts | None:
    review = lesson.teaching.review
    if review is None or not (review.cards or review.questions or review.explain):
        return None
    graded = _counted(each.id in records.cards for each in review.cards)
    explained = _counted(quiz.find_explained(lesson, records.answers).values())
    parts = (_answered(quiz.review_items(lesson), records), graded, explained)
    done, items, right = (sum(each) for each in zip(*parts, strict=True))
    return done, items, right


# How a mode is counted; None: it has nothing to count, and is done when it was opened.
COUNTING: Final[Mapping[str, Callable[[Lesson, LessonRecords], Counts | None]]] = {
    "path": _walked,
    "visualize": lambda lesson, records: _answered(quiz.quiz_items(lesson), records) if lesson.teaching.quiz else None,
    "try": lambda lesson, records: _answered(exercises.task_items(lesson), records),
    "challenge": lambda lesson, records: _answered(challenges.problem_items(lesson), records),
    "project": _passed,
    "review": _reviewed,
    "test": lambda lesson, records: _counted([records.tests > 0]),
    "performance": lambda lesson, records: _counted([records.measured]),
}
