"""Project: the learner's code is parsed and looked at, step by step. It is never run."""

from dataclasses import dataclass

from lessons.content.model import Lesson
from lessons.content.teaching import ProjectStep


@dataclass(frozen=True, slots=True)
class Report:
    """What the checks of a step say of some code."""

    met: tuple[bool, ...] = ()  # one per check, in order; empty when the code cannot be parsed
    missing: tuple[str, ...] = ()  # what to say of the checks that are not met, in order
    fault: str = ""  # why it cannot be parsed, in Python's words
    line: int | None = None  # of the fault, from 1

    @property
    def passed(self) -> bool:
        """Is everything there?"""
        return not self.fault and not self.missing


@dataclass(frozen=True, slots=True)
class StepStanding:
    """How a learner stands with one step."""

    id: str
    code: str  # what belongs in the editor: the latest code, or the starter, or what the step before ended with
    open: bool  # may it be worked on? the steps before are passed
    passed: bool
    report: Report | None = None  # of the latest code; None before the first


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


def inspect(step: ProjectStep, code: str) -> Report:
    """Parse the code and look for what the step's checks ask. Raises `Refused("too-long")`."""
    raise NotImplementedError


def submit(learner: str, lesson: Lesson, step: str, code: str) -> ProjectStanding:
    """Keep the code of a step and look at it. Raises `Refused`; a step is open when those before are passed."""
    raise NotImplementedError


def standing(learner: str, lesson: Lesson) -> ProjectStanding:
    """The whole project."""
    raise NotImplementedError
