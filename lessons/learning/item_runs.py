"""The runs that show what comes of a task, a problem or a step of the project: of each item one per learner at a time.

The latest one is known after a reload, too, for as long as the log or the archive has it.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from lessons.content.model import Lesson
from lessons.lab.events import PredictionMade
from lessons.lab.spec import RunSpec
from lessons.learning.records import own_rows
from lessons.log.protocol import RunUnknown
from lessons.models import ItemRun
from lessons.runs.presses import Press
from lessons.runs.service import NotYours, run_service

PATIENCE: Final = 60.0  # seconds in the queue, beyond a run's time box, after which a run is not waited for any more

ONE_NEXT: Final = 5.0  # seconds in which posts that know the same latest run are taken for one


@dataclass(frozen=True, slots=True)
class ItemOrder:
    """What is to run for an item."""

    spec: RunSpec
    press: Press | None = None  # one that has started a run gives that one, though it has ended
    predicted: PredictionMade | None = None  # before it


async def run_for_item(learner: str, lesson: Lesson, group: str, item: str, order: ItemOrder) -> str:
    """The name of a run that shows the item to this learner: the one of this spec under way, else a new one.

    One of another spec that is under way for the same item is cancelled. Raises
    `LabFull` or `LogUnavailable`, and then nothing was started.
    """
    spec, press = order.spec, order.press
    if started := await run_service().started_by(press):
        return started
    row: ItemRun | None = await database_sync_to_async(_row)(learner, lesson.slug, group, item)
    if row and await _under_way(row, spec, learner):
        return row.run
    before = row.run if row else ""
    # Of all posts that know the same latest run, one starts the next, whatever was pressed.
    run = await run_service().send(
        spec, learner, order.predicted, press=Press.of(ONE_NEXT, learner, lesson.slug, group, item, before, spec)
    )
    if press:
        await run_service().log.claim(press.name, run, press.seconds)
    shown: str = await database_sync_to_async(_claim)(learner, lesson.slug, group, item, before, run)
    if shown != run:  # another filling of this learner was quicker
        await run_service().cancel(run, learner)
    return shown


def latest_item_runs(learner: str, lesson: Lesson, group: str) -> dict[str, str]:
    """The names of the latest runs that this learner was shown, by item."""
    mine = own_rows(ItemRun, learner, lesson.slug).filter(group=group)
    return dict(mine.values_list("item", "run"))


async def _under_way(row: ItemRun, spec: RunSpec, learner: str) -> bool:
    """Is the latest run one of `spec` that has not ended? One of another spec ends herewith."""
    try:
        stage = await run_service().stage(row.run)
    except RunUnknown:
        return False
    if stage.ended:
        return False
    if stage.spec == spec and timezone.now() - row.at < timedelta(seconds=settings.LAB_TIME_BOX + PATIENCE):
        return True
    with suppress(RunUnknown, NotYours):
        await run_service().cancel(row.run, learner)
    return False


def _row(learner: str, slug: str, group: str, item: str) -> ItemRun | None:
    return ItemRun.objects.filter(learner=learner, lesson=slug, group=group, item=item).first()


def _claim(learner: str, slug: str, group: str, item: str, before: str, run: str) -> str:
    """Make this the latest run of the item, if the latest is still the one from `before`; which it is now."""
    mine = {"learner": learner, "lesson": slug, "group": group, "item": item}
    if before and ItemRun.objects.filter(**mine, run=before).update(run=run, at=timezone.now()):
        return run
    if not before:
        with suppress(IntegrityError), transaction.atomic():
            return ItemRun.objects.create(**mine, run=run).run
    row = ItemRun.objects.filter(**mine).first()
    return row.run if row else run  # none: the learner has started over meanwhile
