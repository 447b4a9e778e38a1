"""Review: cards the learner grades, scheduled by FSRS. A card never seen is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lessons.content.model import Lesson

RATINGS: Final = ("again", "hard", "good", "easy")


@dataclass(frozen=True, slots=True)
class CardStanding:
    """How a learner stands with one card."""

    id: str
    due: bool  # now?
    due_at: datetime | None  # None for a card never seen
    reviews: int  # how often it was graded; belongs in the form's hidden field `reviews`
    intervals: dict[str, timedelta]  # rating -> when it would come back


@dataclass(frozen=True, slots=True)
class Deck:
    """All cards of a lesson in the order of the content."""

    cards: tuple[CardStanding, ...]

    @property
    def due(self) -> tuple[CardStanding, ...]:
        """Those to look at now, the longest due first, then the new ones."""
        raise NotImplementedError

    @property
    def next_due(self) -> datetime | None:
        """When the next card comes back that is not due yet; None if there is none."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Grade:
    """What a form says: fields `rating` and `reviews`."""

    rating: str  # one of RATINGS
    reviews: int  # `CardStanding.reviews` when the form was made; tells a double post from the next review

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Grade":
        """From `request.POST`. Raises `Refused("malformed")`."""
        raise NotImplementedError


def deck(learner: str, lesson: Lesson, now: datetime | None = None) -> Deck:
    """How the learner stands with every card."""
    raise NotImplementedError


def grade(learner: str, lesson: Lesson, card: str, grade: Grade, now: datetime | None = None) -> CardStanding:
    """Grade a due card. The same post again changes nothing. Raises `Refused`."""
    raise NotImplementedError


def due_count(learner: str, lesson: Lesson, now: datetime | None = None) -> int:
    """Cards due now: the number on the tab of Review. One query."""
    raise NotImplementedError
