"""How far a learner has got, mode by mode."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from lessons.content.model import Lesson
from lessons.errors import Refused, require_learner
from lessons.learning import challenges as challenge
from lessons.learning import exercises as blanks
from lessons.learning import flashcards, quiz
from lessons.learning.grading import Standing, total_score
from lessons.models import Answer, Badge, CardState, ItemRun, LatestMeasurement, ProjectCode, Visit

MODES: Final = ("learn", "why", "deep", "visualize", "try", "challenge", "project", "review", "performance")
DAY: Final = timedelta(days=1)  # a visit is kept to the day: reading again costs no write


@dataclass(frozen=True, slots=True)
class ModeProgress:
    """One mode of a lesson.

    Texts are done when they were opened; Visualize with its quiz; Try, Challenge and Review when every item is settled,
    every card was graded once and every prompt was explained; Project with its last step; Performance when the server
    has been measured to the end.
    """

    mode: str
    visited: bool
    done_items: int  # settled questions, tasks, problems; passed steps; graded cards; 1 for a text that was read
    items: int  # at least 1
    right: int  # of the settled ones; equals `done_items` where nothing can be wrong

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
        """0 to 1: the mean of the modes."""
        return sum(mode.share for mode in self.modes) / len(self.modes) if self.modes else 0.0

    @property
    def percent(self) -> int:
        """0 to 100; 100 only when done."""
        return 100 if self.done else min(99, int(self.share * 100))

    @property
    def done(self) -> bool:
        """Every mode?"""
        return all(mode.done for mode in self.modes)

    @property
    def begun(self) -> bool:
        """Is there anything to start over?"""
        return any(mode.visited or mode.done_items for mode in self.modes)

    def mode(self, id: str) -> ModeProgress:
        """Raises `KeyError`."""
        return {mode.mode: mode for mode in self.modes}[id]


def mode_ids(lesson: Lesson) -> tuple[str, ...]:
    """Ids of the modes that the lesson has content for, in the order of the tabs."""
    teaching = lesson.teaching
    content: dict[str, object] = {
        "learn": teaching.learn,
        "why": teaching.why,
        "deep": teaching.deep,
        "visualize": lesson.samples,
        "try": teaching.tasks,
        "challenge": teaching.problems,
        "project": teaching.project,
        "review": teaching.review,
        "performance": teaching.performance,
    }
    return tuple(mode for mode in MODES if content[mode])


def lesson_progress(learner: str, lesson: Lesson) -> Progress:
    """Progress in one lesson; of an unknown learner ("") there is none. A handful of queries."""
    mine = {"learner": learner, "lesson": lesson.slug}
    visits = set(Visit.objects.filter(**mine).values_list("mode", flat=True))
    badges = tuple(Badge.objects.filter(**mine).order_by("name").values_list("name", flat=True))
    return Progress(
        tuple(_mode(learner, lesson, mode, mode in visits) for mode in mode_ids(lesson)),
        flashcards.due_count(learner, lesson),
        badges,
    )


def record_visit(learner: str, lesson: Lesson, mode: str) -> None:
    """The learner has opened a mode. Raises `Refused`."""
    require_learner(learner)
    if mode not in mode_ids(lesson):
        raise Refused("unknown", "This lesson has no such mode.")
    row, _ = Visit.objects.get_or_create(learner=learner, lesson=lesson.slug, mode=mode)
    if timezone.now() - row.at > DAY:
        Visit.objects.filter(pk=row.pk).update(at=timezone.now())


def forget_progress(learner: str, lesson: Lesson) -> None:
    """Forget everything the learner did in this lesson, badges and cards included. Raises `Refused`."""
    require_learner(learner)
    with transaction.atomic():
        for model in (Answer, Visit, CardState, Badge, ItemRun, LatestMeasurement, ProjectCode):
            model._default_manager.filter(learner=learner, lesson=lesson.slug).delete()


def _mode(learner: str, lesson: Lesson, mode: str, visited: bool) -> ModeProgress:
    match mode:
        case "visualize" if lesson.teaching.quiz:
            done, items, right = _answered(quiz.quiz_standings(learner, lesson).values())
        case "try":
            done, items, right = _answered(blanks.task_standings(learner, lesson).values())
        case "challenge":
            done, items, right = _answered(challenge.problem_standings(learner, lesson).values())
        case "project" if lesson.teaching.project and lesson.teaching.project.steps:
            done, items, right = _passed(learner, lesson)
        case "review" if (review := lesson.teaching.review) and (review.cards or review.questions or review.explain):
            done, items, right = _reviewed(learner, lesson)
        case "performance":
            done = int(LatestMeasurement.objects.filter(learner=learner, lesson=lesson.slug, complete=True).exists())
            items, right = 1, done
        case _:
            done, items, right = int(visited), 1, int(visited)
    return ModeProgress(mode, visited, done, items, right)


def _answered(standings: Iterable[Standing]) -> tuple[int, int, int]:
    total = total_score(standings)
    return total.settled, total.total, total.right


def _passed(learner: str, lesson: Lesson) -> tuple[int, int, int]:
    ids = [step.id for step in lesson.teaching.project.steps] if lesson.teaching.project else []
    passed = ProjectCode.objects.filter(learner=learner, lesson=lesson.slug, step__in=ids, passed=True).count()
    return passed, len(ids), passed


def _reviewed(learner: str, lesson: Lesson) -> tuple[int, int, int]:
    done, items, right = _answered(quiz.review_standings(learner, lesson).values())
    ids = [card.id for card in lesson.teaching.review.cards] if lesson.teaching.review else []
    graded = CardState.objects.filter(learner=learner, lesson=lesson.slug, card__in=ids).count()
    prompts = quiz.explained_prompts(learner, lesson)
    said = sum(prompts.values())
    return done + graded + said, items + len(ids) + len(prompts), right + graded + said
