"""What is kept of measurements: each learner's latest one of a lesson, with its history once it has ended."""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from lessons.lab.events import Event, EventError
from lessons.models import ArchivedRun, LatestMeasurement


def note_latest(learner: str, slug: str, name: str) -> None:
    """A learner's latest measurement of a lesson is this one from now on."""
    latest = {"measurement": name, "history": None, "at": timezone.now()}
    LatestMeasurement.objects.update_or_create(learner=learner, lesson=slug, defaults=latest)


def store_events(name: str, events: Iterable[Event], *, complete: bool) -> None:
    """Keep the events of a measurement that has ended, unless its learner has begun another or started over."""
    change: dict[str, Any] = {"history": [event.as_record() for event in events], "at": timezone.now()}
    if complete:
        change["complete"] = True  # a lesson's part that was done once stays done
    LatestMeasurement.objects.filter(measurement=name).update(**change)


def latest_measurement(learner: str, slug: str) -> str:
    """Name of the learner's latest measurement of the lesson, ended or not; "" for none."""
    row = LatestMeasurement.objects.filter(learner=learner, lesson=slug).values_list("measurement", flat=True).first()
    return row or ""


def unfinished_measurements(seconds: float) -> Collection[str]:
    """Names of those begun or changed within so many seconds whose end is not stored."""
    recent = timezone.now() - timedelta(seconds=seconds)
    return list(
        LatestMeasurement.objects.filter(history__isnull=True, at__gt=recent).values_list("measurement", flat=True)
    )


def stored_events(name: str) -> Sequence[Event]:
    """The events of a measurement that has ended; none when they are not kept, or not those of this version."""
    records = LatestMeasurement.objects.filter(measurement=name).values_list("history", flat=True).first()
    try:
        return [Event.from_record(record) for record in records or ()]
    except EventError:
        return []


def archived_runs(runs: Collection[str]) -> frozenset[str]:
    """Those of these runs that are in the archive."""
    return frozenset(ArchivedRun.objects.filter(run__in=runs).values_list("run", flat=True))
