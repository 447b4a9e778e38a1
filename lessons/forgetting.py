"""What is kept of learners who do not come back."""

from datetime import datetime
from typing import Final

from django.db.models import Model
from django.db.models.query import QuerySet

from lessons.models import Answer, Badge, CardState, ItemRun, Measured, ProjectCode, Trace, Visit

TRACES: Final[tuple[type[Trace], ...]] = (Answer, Badge, CardState, ItemRun, Measured, ProjectCode, Visit)


def forget(before: datetime) -> int:
    """Delete all rows of learners who have done nothing since `before`; how many rows that were."""
    active = _active(before)
    count = 0
    for model in TRACES:
        gone = _rows(model).filter(at__lt=before).exclude(learner__in=active)
        count += gone.delete()[0]
    return count


def _active(since: datetime) -> QuerySet[Trace, str]:
    first, *others = (_rows(model).filter(at__gte=since).values_list("learner", flat=True) for model in TRACES)
    return first.union(*others)


def _rows[T: Model](model: type[T]) -> QuerySet[T]:
    return model._default_manager.all()
