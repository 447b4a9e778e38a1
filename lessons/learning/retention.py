"""What is kept of learners who do not come back."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, Model, OuterRef
from django.db.models.query import QuerySet
from django.utils import timezone

from lessons.learning.records import record_models
from lessons.models import ArchivedRun, Visit
from lessons.runs import archive

AT_ONCE: Final = timedelta(seconds=10)  # all that somebody has done who was here once
PASSING: Final = timedelta(days=30)  # for which that is kept

log = logging.getLogger(__name__)


def forget_by_itself(**_: Any) -> None:
    """What the site does once an hour, if FORGET_DAYS says so."""
    if not settings.FORGET_DAYS:
        return
    now, days = timezone.now(), timedelta(days=settings.FORGET_DAYS)
    count = forget_before(now - days) + forget_passers_by(now - min(days, PASSING))
    if count:
        log.info("%d rows of learners who did not come back are deleted.", count)


def forget_before(before: datetime) -> int:
    """Delete all rows of learners who have done nothing since `before`; how many rows that were.

    A run of theirs that has a living share stays, but is nobody's any more.
    """
    active = _active(before)
    count = 0
    for model in record_models():
        gone = _rows(model).filter(at__lt=before).exclude(learner__in=active)
        count += gone.delete()[0]
    runs = ArchivedRun.objects.filter(at__lt=before).exclude(learner="").exclude(learner__in=active)
    return count + archive.disown_runs(runs)


def forget_passers_by(before: datetime) -> int:
    """Delete the rows of those who did something at once and were never seen again; how many rows that were.

    A browser that keeps its cookie is seen again soon: it tells which pages are read (`Visit`). Programs that post
    without the cookie are somebody new each time.
    """
    count = 0
    for model in record_models():
        gone = _rows(model).filter(at__lt=before).exclude(_has(Visit)).exclude(_has(ArchivedRun))
        for other in record_models():
            gone = gone.exclude(_has(other, at__lt=OuterRef("at") - AT_ONCE)).exclude(
                _has(other, at__gt=OuterRef("at") + AT_ONCE)
            )
        count += gone.delete()[0]
    return count


def _has(model: type[Model], **conditions: Any) -> Exists:
    """Does the learner of a row have such rows?"""
    return Exists(_rows(model).filter(learner=OuterRef("learner"), **conditions))


def _active(since: datetime) -> QuerySet[Model, str]:
    """Learners who have done something; a run that was sent is something, too."""
    runs: QuerySet[Model, str] = ArchivedRun.objects.filter(at__gte=since).values_list("learner", flat=True)
    records = (_rows(model).filter(at__gte=since).values_list("learner", flat=True) for model in record_models())
    return runs.union(*records)


def _rows[T: Model](model: type[T]) -> QuerySet[T]:
    return model._default_manager.all()
