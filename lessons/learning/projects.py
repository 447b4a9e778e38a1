"""Project: the learner's code of each step, kept and looked at. It is never run."""

import hashlib
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from lessons.content.code_checks import CodeReport, check_code, normalize_code
from lessons.content.model import Lesson
from lessons.content.teaching import ProjectStep
from lessons.errors import Refused, require_learner
from lessons.learning.records import own_rows
from lessons.models import ProjectCode

__all__ = ["ProjectStanding", "StepStanding", "project_standing", "submit_code"]


CHANGED: Final = (
    "This step was changed in another window. Yours is still in the editor: check it again to replace the other one."
)


@dataclass(frozen=True, slots=True)
class StepStanding:
    """How a learner stands with one step."""

    id: str
    code: str  # what belongs in the editor: the latest code, or the starter, or what the step before ended with
    open: bool  # may it be worked on? the steps before are passed
    passed: bool  # once passed, always passed
    report: CodeReport | None = None  # of the latest code; None before the first

    @property
    def mark(self) -> str:
        """Tells this code from others."""
        return hashlib.sha256(self.code.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class ProjectStanding:
    """All steps."""

    steps: tuple[StepStanding, ...]

    @property
    def passed(self) -> int:
        """Steps passed, as in 0/4."""
        return sum(step.passed for step in self.steps)

    @property
    def total(self) -> int:
        """Steps in all."""
        return len(self.steps)

    def step(self, id: str) -> StepStanding:
        """Raises `KeyError`."""
        return {step.id: step for step in self.steps}[id]


def submit_code(learner: str, lesson: Lesson, step: str, code: str, seen: str | None = None) -> ProjectStanding:
    """Keep the code of a step and look at it. Raises `Refused`; a step is open when those before are passed.

    `seen` is the mark of the code that the page had; what another window has kept since is not overwritten by it.
    """
    require_learner(learner)
    steps = _project_steps(lesson)
    place = next((index for index, each in enumerate(steps) if each.id == step), None)
    if place is None:
        raise Refused("unknown", "This project has no such step.")
    code = normalize_code(code)
    standing = project_standing(learner, lesson).steps[place]
    if not standing.open:
        raise Refused("out-of-turn", "Finish the steps before this one first.")
    if seen not in (None, standing.mark) and standing.code != code:
        raise Refused("out-of-turn", CHANGED)
    passed = {"passed": True} if check_code(steps[place], code).passed else {}
    ProjectCode.objects.update_or_create(
        learner=learner, lesson=lesson.slug, step=step, defaults={"code": code, "at": timezone.now(), **passed}
    )
    return project_standing(learner, lesson)


def project_standing(learner: str, lesson: Lesson) -> ProjectStanding:
    """The whole project; without steps when the lesson has none. One query."""
    kept = {each.step: each for each in own_rows(ProjectCode, learner, lesson.slug)}
    found: list[StepStanding] = []
    for step in _project_steps(lesson):
        row = kept.get(step.id)
        code = row.code if row else step.starter or (found[-1].code if found else "")
        report = check_code(step, code) if row else None
        is_open = all(before.passed for before in found)
        found.append(StepStanding(step.id, code, is_open, bool(row and row.passed), report))
    return ProjectStanding(tuple(found))


def _project_steps(lesson: Lesson) -> tuple[ProjectStep, ...]:
    return lesson.teaching.project.steps if lesson.teaching.project else ()
