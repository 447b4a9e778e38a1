"""What is kept of learners who do not come back."""

from datetime import datetime

from django.db.models import Model
from django.db.models.query import QuerySet

from lessons.learning.records import record_models
from lessons.models import ArchivedRun
from lessons.runs import archive


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


def _active(since: datetime) -> QuerySet[Model, str]:
    """Learners who have done something; a run that was sent is something, too."""
    runs: QuerySet[Model, str] = ArchivedRun.objects.filter(at__gte=since).values_list("learner", flat=True)
    records = (_rows(model).filter(at__gte=since).values_list("learner", flat=True) for model in record_models())
    return runs.union(*records)


def _rows[T: Model](model: type[T]) -> QuerySet[T]:
    return model._default_manager.all()
