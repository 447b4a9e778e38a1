"""What is kept of a learner: in which tables, and all that their progress is made of, read at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.apps import apps
from django.apps.registry import Apps
from django.db.models import Exists, OuterRef, Q
from django.db.models.query import QuerySet
from django.utils import timezone

from lessons.models import (
    Answer,
    ArchivedRun,
    Badge,
    CardState,
    ItemRun,
    LatestMeasurement,
    LearnerRecord,
    PatternTest,
    ProjectCode,
    Visit,
)

GIVEN_UP: Final = timedelta(minutes=10)  # after which the end of a run is waited for no longer


def record_models(registry: Apps = apps) -> tuple[type[LearnerRecord], ...]:
    """Every table of rows that are a learner's own: each model derived from `LearnerRecord`."""
    models = registry.get_models()
    return tuple(each for each in models if issubclass(each, LearnerRecord) and not each._meta.proxy)


@dataclass(slots=True)
class LessonRecords:
    """What one learner has done in one lesson."""

    answers: list[Answer] = field(default_factory=list)  # by attempt
    visits: set[str] = field(default_factory=set)  # ids of modes
    badges: list[str] = field(default_factory=list)  # by name
    cards: dict[str, datetime] = field(default_factory=dict)  # each card that was graded, and when it is due
    passed: set[str] = field(default_factory=set)  # ids of the project's steps
    tests: int = 0  # tests that were taken
    tried: dict[str, str] = field(default_factory=dict)  # id of an example -> its latest run; "": only shown
    measured: bool = False  # has a measurement been completed?


def read_records(learner: str, slugs: Iterable[str]) -> Mapping[str, LessonRecords]:
    """By slug, for each of these lessons. Eight queries, however many there are; none for an unknown learner ("")."""
    found = {slug: LessonRecords() for slug in slugs}
    if not learner or not found:
        return found
    for answer in own_rows(Answer, learner, *found).order_by("attempt"):
        found[answer.lesson].answers.append(answer)
    for slug, mode in own_rows(Visit, learner, *found).values_list("lesson", "mode"):
        found[slug].visits.add(mode)
    for slug, name in own_rows(Badge, learner, *found).order_by("name").values_list("lesson", "name"):
        found[slug].badges.append(name)
    for slug, card, due in own_rows(CardState, learner, *found).values_list("lesson", "card", "due"):
        found[slug].cards[card] = due
    for slug, step in own_rows(ProjectCode, learner, *found).filter(passed=True).values_list("lesson", "step"):
        found[slug].passed.add(step)
    for slug in own_rows(LatestMeasurement, learner, *found).filter(complete=True).values_list("lesson", flat=True):
        found[slug].measured = True
    _read_tried(learner, found)
    return found


def _read_tried(learner: str, found: Mapping[str, LessonRecords]) -> None:
    """The examples and tests of these lessons. Two queries."""
    for slug, item, run in tried_rows(learner, *found).values_list("lesson", "item", "run"):
        found[slug].tried[item] = run
    for slug in own_rows(PatternTest, learner, *found).values_list("lesson", flat=True):
        found[slug].tests += 1


def tried_ids(learner: str, slug: str) -> set[str]:
    """The examples of a lesson that a learner has run, or been shown the answers of. One query."""
    return set(tried_rows(learner, slug).values_list("item", flat=True))


def tried_rows(learner: str, *slugs: str) -> QuerySet[ItemRun]:
    """The examples of these lessons whose answers are due to a learner.

    A run makes it due when it has ended; one whose end was never heard of, after a while.
    """
    ended = ArchivedRun.objects.filter(run=OuterRef("run")).exclude(outcome="cancelled")
    due = Q(due=True) | Q(at__lt=timezone.now() - GIVEN_UP) | Exists(ended)
    return own_rows(ItemRun, learner, *slugs).filter(due, group=ItemRun.Group.EXAMPLE)


def own_rows[R: LearnerRecord](model: type[R], learner: str, *slugs: str) -> QuerySet[R]:
    """What a learner has in these lessons. Of an unknown one ("") there is nothing, and nothing is asked."""
    rows = model._default_manager
    return rows.filter(learner=learner, lesson__in=slugs) if learner else rows.none()
