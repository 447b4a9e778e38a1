"""Experiments: which examples a learner has tried, what was guessed, and what came out.

An example is tried when a run of it has ended, but for one that was cancelled, or when its answer was asked for without
a run. Either uncovers the answer; where the example has a goal, only a run that reached it does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils import timezone

from lessons.content.model import Lesson
from lessons.content.teaching import Example
from lessons.errors import Refused, require_learner
from lessons.learning.records import own_rows, tried_rows
from lessons.models import ArchivedRun, ItemRun
from lessons.stage.experiment import misses_goal
from lessons.stage.model import LearnerPrediction

STAGE: Final = "stage"  # an item of its group: what stands around the stage
PERFORMANCE: Final = "performance"  # likewise, what follows from a measurement


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an example, as far as it is known: a run is kept when it has ended, and not for ever."""

    run: str = ""  # name of the latest one; "": the answer was asked for
    guess: float | None = None  # seconds, of the lane that the example asks of
    total: float | None = None  # seconds that this lane took
    asked: bool = False  # for its answer, or an earlier run was enough


def note_tried(learner: str, lesson: Lesson, example: str, run: str = "") -> None:
    """The learner runs this example, or wants its answer without a run. Raises `Refused`."""
    require_learner(learner)
    if example not in [each.id for each in lesson.teaching.examples]:
        raise Refused("unknown", "This lesson has no such example.")
    _note(learner, lesson, ItemRun.Group.EXAMPLE, example, run)


def note_opened(learner: str, lesson: Lesson, place: str = STAGE) -> None:
    """What is covered in this place is open to this learner from now on. Raises `Refused`."""
    require_learner(learner)
    _note(learner, lesson, ItemRun.Group.STAGE, place, "")


def tried_examples(learner: str, lesson: Lesson) -> Mapping[str, Tried]:
    """By example. Two queries; none for an unknown learner ("")."""
    found = {each.item: each for each in tried_rows(learner, lesson.slug)}
    runs = [each.run for each in found.values() if each.run]
    kept = ArchivedRun.objects.filter(run__in=runs).only("run", "guess", "totals") if runs else ()
    ended = {each.run: each for each in kept}
    examples = {each.id: each for each in lesson.teaching.examples}
    return {id: _tried(examples[id], row, ended.get(row.run)) for id, row in found.items() if id in examples}


def is_due(example: Example, tried: Tried) -> bool:
    """May its answer be shown?"""
    return tried.asked or not misses_goal(example, tried.total)


def result_of(
    example: Example, run: str, guess: LearnerPrediction | None, total: float | None, *, asked: bool
) -> Tried:
    """What came of a run that took so many seconds; a guess counts if it was of the lane that the example asks of."""
    return Tried(run, guess.seconds if guess and guess.lane == example.ask else None, total, asked)


def latest_run(learner: str, lesson: Lesson, example: str) -> str:
    """Name of the learner's latest run of an example, which may still go on, or be gone; "" for none. One query."""
    mine = own_rows(ItemRun, learner, lesson.slug).filter(group=ItemRun.Group.EXAMPLE, item=example)
    return mine.values_list("run", flat=True).first() or ""


def is_stage_open(learner: str, lesson: Lesson) -> bool:
    """Has the learner run something here, or asked to be shown? One query; none for an unknown learner ("")."""
    shown = Q(group=ItemRun.Group.EXAMPLE) | Q(group=ItemRun.Group.STAGE, item=STAGE)
    return own_rows(ItemRun, learner, lesson.slug).filter(shown).exists()


def is_performance_open(learner: str, lesson: Lesson) -> bool:
    """Has the learner asked to be shown? One query; none for an unknown learner ("")."""
    shown = own_rows(ItemRun, learner, lesson.slug).filter(group=ItemRun.Group.STAGE, item=PERFORMANCE)
    return shown.exists()


def _note(learner: str, lesson: Lesson, group: str, item: str, run: str) -> None:
    mine = {"learner": learner, "lesson": lesson.slug, "group": group, "item": item}
    row, made = ItemRun.objects.get_or_create(**mine, defaults={"run": run, "due": not run, "shown": not run})
    if made:
        return
    kept = ItemRun.objects.filter(pk=row.pk)
    if not run:
        kept.update(due=True, shown=True)
        return
    before = None if row.due and row.shown else tried_examples(learner, lesson).get(item)
    due = row.due or before is not None
    shown = row.shown or (before is not None and is_due(lesson.teaching.example(item), before))
    kept.update(run=run, at=timezone.now(), due=due, shown=shown)


def _tried(example: Example, row: ItemRun, ended: ArchivedRun | None) -> Tried:
    if ended is None:
        return Tried(row.run, asked=row.shown)
    guess = LearnerPrediction(**ended.guess) if ended.guess else None
    return result_of(example, row.run, guess, ended.totals.get(example.ask), asked=row.shown)
