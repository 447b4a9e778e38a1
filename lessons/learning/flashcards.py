"""Review: cards the learner grades, scheduled by FSRS. A card never seen is due once its topic was met."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from fsrs import Card, Rating, Scheduler

from lessons.content.model import Lesson
from lessons.content.teaching import Card as FlashCard
from lessons.errors import Refused, require_learner
from lessons.learning.grading import parse_whole_number
from lessons.learning.records import own_rows, tried_ids
from lessons.models import CardState

RATINGS: Final = ("again", "hard", "good", "easy")
# Learners come back within a year or not at all; without fuzzing the page can say when a card will come back.
SCHEDULER: Final = Scheduler(maximum_interval=365, enable_fuzzing=False)


@dataclass(frozen=True, slots=True)
class CardStanding:
    """How a learner stands with one card."""

    id: str
    due: bool  # now?
    locked: bool  # has its topic not been met yet?
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
        return tuple(sorted((card for card in self.cards if card.due), key=lambda card: card.due_at or LAST))

    @property
    def locked(self) -> int:
        """Those whose topic was not met yet."""
        return sum(card.locked for card in self.cards)

    @property
    def next_due(self) -> datetime | None:
        """When the next card comes back that is not due yet; None if there is none."""
        return min((card.due_at for card in self.cards if card.due_at and not card.due), default=None)


@dataclass(frozen=True, slots=True)
class Grade:
    """What a form says: fields `rating` and `reviews`."""

    rating: str  # one of RATINGS
    reviews: int  # `CardStanding.reviews` when the form was made; tells a double post from the next review

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Grade":
        """From `request.POST`. Raises `Refused("malformed")`."""
        return cls(form.get("rating", ""), parse_whole_number(form.get("reviews", "")))


LAST: Final = datetime.max.replace(tzinfo=UTC)


def load_deck(learner: str, lesson: Lesson, now: datetime | None = None) -> Deck:
    """How the learner stands with every card. Two queries."""
    now = _utc(now)
    states = {each.card: each for each in own_rows(CardState, learner, lesson.slug)}
    met = tried_ids(learner, lesson.slug)
    return Deck(tuple(_standing(each.id, states.get(each.id), now, _is_met(each, met)) for each in _cards(lesson)))


def grade_card(learner: str, lesson: Lesson, card: str, grade: Grade, now: datetime | None = None) -> CardStanding:
    """Grade a due card. The same post again changes nothing. Raises `Refused`."""
    require_learner(learner)
    found = {each.id: each for each in _cards(lesson)}.get(card)
    if found is None:
        raise Refused("unknown", "This lesson has no such card.")
    if grade.rating not in RATINGS:
        raise Refused("option", "Say how well you knew it: again, hard, good or easy.")
    now = _utc(now)
    graded = own_rows(CardState, learner, lesson.slug).filter(card=card)
    if not _is_met(found, tried_ids(learner, lesson.slug)) and not graded.exists():
        raise Refused("not-due", "This card comes up once you have met its topic.")
    try:
        with transaction.atomic():
            state = _graded(learner, lesson.slug, card, grade, now)
    except IntegrityError:  # another post was the first to grade this card
        with transaction.atomic():
            state = _graded(learner, lesson.slug, card, grade, now)
    return _standing(card, state, now, met=True)


def count_due(
    lesson: Lesson, due_at: Mapping[str, datetime], tried: Collection[str], now: datetime | None = None
) -> int:
    """Cards due now: the number on the tab of Review. No query.

    `due_at` has those that were graded, `tried` the examples that were tried (ids).
    """
    now = _utc(now)
    return sum(due_at[each.id] <= now if each.id in due_at else _is_met(each, tried) for each in _cards(lesson))


def _is_met(card: FlashCard, tried: Collection[str]) -> bool:
    """Has its topic come up?"""
    return not card.after or any(each in tried for each in card.after)


def _graded(learner: str, slug: str, id: str, grade: Grade, now: datetime) -> CardState:
    """The card's new row, or the old one of the same post. Within a transaction."""
    mine = CardState.objects.select_for_update().filter(learner=learner, lesson=slug, card=id)
    state = mine.first() or CardState(learner=learner, lesson=slug, card=id, reviews=0, due=now)
    rating = RATINGS.index(grade.rating) + 1
    if grade.reviews == state.reviews - 1 and rating == state.rating:
        return state
    if grade.reviews != state.reviews:
        raise Refused("out-of-turn", "This card has been graded meanwhile. Reload the page to go on.")
    if state.due > now:
        raise Refused("not-due", "This card is not due yet.")
    card, _ = SCHEDULER.review_card(_card(state), Rating(rating), now)
    state.state, state.due, state.rating, state.at = dict(card.to_dict()), card.due, rating, now
    state.reviews += 1
    state.save()
    return state


def _standing(id: str, state: CardState | None, now: datetime, met: bool) -> CardStanding:
    card = _card(state)
    intervals = {
        name: SCHEDULER.review_card(card, Rating(index), now)[0].due - now for index, name in enumerate(RATINGS, 1)
    }
    due_at = state.due if state else None
    due = met if due_at is None else due_at <= now
    return CardStanding(id, due, due_at is None and not met, due_at, state.reviews if state else 0, intervals)


def _card(state: CardState | None) -> Card:
    if state is None or not state.reviews:
        return Card(card_id=0)  # its own ids are not needed, and cost a millisecond each
    return Card.from_dict(state.state)


def _cards(lesson: Lesson) -> tuple[FlashCard, ...]:
    return lesson.teaching.review.cards if lesson.teaching.review else ()


def _utc(now: datetime | None) -> datetime:
    """FSRS takes nothing but UTC."""
    return (now or datetime.now(UTC)).astimezone(UTC)
