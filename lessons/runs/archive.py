"""Ended runs, kept with every event: rows of the database that outlive the event log.

A row's events are the log's own lines, compressed. Who sent a run is known by the learner's name; "" is nobody: a run
that was imported, or a part of a measurement.
"""

import bz2
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.expressions import Case, When
from django.db.models.functions import RowNumber
from django.db.models.query import QuerySet
from django.utils import timezone

from lessons import catalogue
from lessons.lab.events import (
    Event,
    EventError,
    LaneDone,
    LaneStarted,
    PredictionMade,
    RunCreated,
    RunEnded,
    RunStarted,
)
from lessons.lab.spec import RunSpec, SpecError
from lessons.log import codec
from lessons.log.protocol import RunUnknown
from lessons.models import ArchivedRun, ItemRun, Share
from lessons.runs.composite_log import NAME
from lessons.stage.experiment import misses_goal

MAX_BYTES: Final = 64 * 1024 * 1024  # of a run's events when they are unpacked
RECENT: Final = 200  # runs of a learner among which the last one with a lane is looked for
TELLING: Final = ("done", "timed_out")  # outcomes of runs in which a first request has been answered


class IncompleteRun(ValueError):
    """Not the events of a run from `run.created` to `run.ended`."""


class DamagedArchive(ValueError):
    """Bytes that are not packed events, or more of them than a run can have."""


# Events as bytes


def pack_events(events: Iterable[Event]) -> bytes:
    """Events as compressed bytes; their numbers are their places."""
    return bz2.compress("\n".join(map(codec.pack_event, events)).encode())


def unpack_events(packed: bytes) -> tuple[Event, ...]:
    """The inverse of `pack_events`, numbered from 1. Raises `DamagedArchive`."""
    reader = bz2.BZ2Decompressor()
    try:
        text = reader.decompress(packed, MAX_BYTES).decode()
        if not reader.eof:
            raise DamagedArchive("The events are cut off, or too many.")
        return tuple(codec.unpack_event(line, seq) for seq, line in enumerate(text.split("\n"), 1))
    except (OSError, UnicodeDecodeError, EventError) as error:
        raise DamagedArchive(f"These are not packed events: {error}") from None


# Runs as rows


def archive_row(run: str, learner: str, events: Sequence[Event]) -> ArchivedRun:
    """An ended run as `store_row` takes it; some milliseconds of computing and no query. Raises `IncompleteRun`.

    What was logged behind the first `run.ended` is left out.
    """
    end = next((number for number, each in enumerate(events, 1) if isinstance(each.body, RunEnded)), 0)
    created, ended = (events[0].body, events[end - 1].body) if end else (None, None)
    if not NAME.fullmatch(run) or not isinstance(created, RunCreated) or not isinstance(ended, RunEnded):
        raise IncompleteRun(f"These are not the events of a whole run: {run!r}.")
    try:
        spec = RunSpec.from_data(created.spec)
    except SpecError as error:
        raise IncompleteRun(str(error)) from None
    whole = events[:end]
    started = next((each.body for each in whole if isinstance(each.body, RunStarted)), None)
    at = datetime.fromtimestamp(started.at, UTC) if started else timezone.now()  # cancelled in the queue: just now
    return ArchivedRun(
        run=run,
        learner=learner,
        lesson=spec.lesson,
        at=at,
        outcome=ended.outcome,
        spec=spec.as_data(),
        python=started.python if started else "",
        django=started.django if started else "",
        load=started.load if started else None,
        cores=started.cores if started else None,
        servers={
            each.lane: f"{each.body.server} {each.body.version}" for each in whole if isinstance(each.body, LaneStarted)
        },
        guess=next((_guess(each.body) for each in whole if isinstance(each.body, PredictionMade)), None),
        totals={each.lane: each.body.total for each in whole if isinstance(each.body, LaneDone)},
        count=len(whole),
        events=pack_events(whole),
    )


def _guess(made: PredictionMade) -> dict[str, str | float]:
    return {"lane": made.lane, "seconds": made.seconds}


def store_row(row: ArchivedRun) -> bool:
    """Write the row; False when there is one of its name already, which stays as it is."""
    with transaction.atomic():
        if ArchivedRun.objects.filter(run=row.run).exists():
            return False
        ArchivedRun.objects.bulk_create([row], ignore_conflicts=True)
        _keep_shown(row)
    return True


def _keep_shown(row: ArchivedRun) -> None:
    """An answer whose goal this run has reached stays shown when the run is gone."""
    lesson = catalogue.all_lessons().get(row.lesson)
    examples = lesson.teaching.examples if lesson and row.outcome == "done" else ()
    reached = [each.id for each in examples if each.goal and not misses_goal(each, row.totals.get(each.ask))]
    if reached:
        ItemRun.objects.filter(run=row.run, group=ItemRun.Group.EXAMPLE, item__in=reached).update(shown=True)


def read_packed(run: str, after: int = 0) -> tuple[int, bytes]:
    """How many events the run has, and all of them for `unpack_events`; b"" when it has none behind the number `after`.

    One query. Raises `RunUnknown`.
    """
    if not NAME.fullmatch(run):
        raise RunUnknown(run)
    behind = Case(When(count__gt=after, then=F("events")), default=None)
    found = ArchivedRun.objects.filter(run=run).values_list("count", behind).first()
    if found is None:
        raise RunUnknown(run)
    return found[0], bytes(found[1] or b"")


def runs_of_learner(learner: str, lesson: str = "") -> QuerySet[ArchivedRun]:
    """This learner's runs, of one lesson or of all, the newest first, without their events. A nobody has none."""
    rows = ArchivedRun.objects.filter(learner=learner) if learner else ArchivedRun.objects.none()
    return (rows.filter(lesson=lesson) if lesson else rows).defer("events").order_by("-at", "run")


def latest_by_lane(learner: str, lesson: str) -> Mapping[str, str]:
    """For each lane, the name of this learner's last run of the lesson that shows what happens in it. One query."""
    found: dict[str, str] = {}
    rows = runs_of_learner(learner, lesson).filter(outcome__in=TELLING)
    for run, totals in rows.values_list("run", "totals")[:RECENT]:
        for lane in totals:
            found.setdefault(lane, run)
    return found


def delete_run(run: str, learner: str) -> bool:
    """Delete a run of this learner's own, with its shares; False when the learner has no such run."""
    return bool(NAME.fullmatch(run)) and run in _deleted(runs_of_learner(learner).filter(run=run))


def delete_runs_of(learner: str) -> tuple[str, ...]:
    """Delete every run of this learner, with their shares; their names."""
    return _deleted(runs_of_learner(learner))


def prune_runs(max_age: timedelta, max_number: int) -> int:
    """Delete runs that were archived longer ago, and those beyond so many; how many those were.

    Who has the most loses the oldest first, so one learner cannot push out the runs of others. Nobody's runs are taken
    for those of one. A run with a share that has not expired stays.
    """
    free = ArchivedRun.objects.exclude(_is_shared())
    count = free.filter(archived_at__lt=timezone.now() - max_age).delete()[0]
    place = Window(RowNumber(), partition_by="learner", order_by=["-archived_at", "run"])  # among those of its learner
    fair = ArchivedRun.objects.annotate(place=place).order_by("place", "-archived_at", "run")
    surplus = list(fair.values_list("run", flat=True)[max_number:])
    for start in range(0, len(surplus), 500):
        count += free.filter(run__in=surplus[start : start + 500]).delete()[0]
    return count


def disown_runs(rows: QuerySet[ArchivedRun]) -> int:
    """Forget whose runs these are: shared ones stay, as nobody's, the others are deleted; how many there were."""
    with transaction.atomic():
        kept = rows.filter(_is_shared()).update(learner="")
        return kept + rows.delete()[0]


def _deleted(rows: QuerySet[ArchivedRun]) -> tuple[str, ...]:
    with transaction.atomic():
        names = tuple(rows.select_for_update().values_list("run", flat=True))
        Share.objects.filter(run__in=names).delete()
        shown = ArchivedRun.objects.filter(run__in=names).exclude(outcome="cancelled")
        ItemRun.objects.filter(run__in=shown.values("run")).update(due=True)  # the answer that it gave stays
        ArchivedRun.objects.filter(run__in=names).delete()
    return names


def _is_shared() -> Q:
    return Q(Exists(Share.objects.filter(run=OuterRef("run"), expires__gt=timezone.now())))
