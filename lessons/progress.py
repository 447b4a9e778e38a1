"""How far a learner has got, mode by mode."""

from dataclasses import dataclass
from typing import Final

from lessons.content.model import Lesson

MODES: Final = ("learn", "why", "deep", "visualize", "try", "challenge", "project", "review", "performance")


@dataclass(frozen=True, slots=True)
class ModeProgress:
    """One mode of a lesson.

    Texts are done when they were opened; Visualize with its quiz; Try, Challenge and Review when every item is settled
    and every card was graded once; Project with its last step.
    """

    mode: str
    visited: bool
    done_items: int  # settled questions, tasks, problems; passed steps; graded cards; 1 for a text that was opened
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


def modes(lesson: Lesson) -> tuple[str, ...]:
    """Ids of the modes that the lesson has content for, in the order of the tabs."""
    raise NotImplementedError


def of(learner: str, lesson: Lesson) -> Progress:
    """Progress in one lesson; of an unknown learner ("") there is none. A handful of queries."""
    raise NotImplementedError


def visit(learner: str, lesson: Lesson, mode: str) -> None:
    """The learner has opened a mode. Raises `Refused`."""
    raise NotImplementedError


def start_over(learner: str, lesson: Lesson) -> None:
    """Forget everything the learner did in this lesson, badges and cards included. Raises `Refused`."""
    raise NotImplementedError
