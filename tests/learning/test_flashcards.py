"""Cards come back when FSRS says, and a post counts once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lessons.content.model import Lesson
from lessons.content.teaching import Card, Example, Review
from lessons.errors import Refused
from lessons.learning import experiments, flashcards
from lessons.learning.flashcards import Grade
from lessons.learning.records import read_records
from lessons.models import CardState
from tests.learning.small import OTHER, TEACHING, lesson

pytestmark = pytest.mark.django_db
RUN = Example("run", "Run", ("async@daphne",), 1, 0.1, 1, "async@daphne", 0.1, "?", "!")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def refusal(*arguments, **keywords) -> str:
    stored = list(CardState.objects.values())
    with pytest.raises(Refused) as caught:
        flashcards.grade_card(*arguments, **keywords)
    assert list(CardState.objects.values()) == stored
    return caught.value.code


def due_count(learner: str, lesson: Lesson, now: datetime | None = None) -> int:
    records = read_records(learner, [lesson.slug])[lesson.slug]
    return flashcards.count_due(lesson, records.cards, records.tried, now)


def test_new_cards_are_due(small, learner):
    deck = flashcards.load_deck(learner, small, NOON)
    assert [card.id for card in deck.due] == ["front", "back", "side"]
    assert due_count(learner, small, NOON) == due_count("", small, NOON) == 3
    assert deck.next_due is None


def test_a_card_comes_up_once_its_topic_was_met(small, learner):
    cards = (Card("met", "easy", "?", "!", after=("run",)), Card("free", "easy", "?", "!"))
    lesson = replace(small, teaching=replace(small.teaching, review=Review(cards, (), ()), examples=(RUN,)))
    deck = flashcards.load_deck(learner, lesson, NOON)
    assert ([card.id for card in deck.due], deck.locked, due_count(learner, lesson, NOON)) == (["free"], 1, 1)
    assert refusal(learner, lesson, "met", Grade("good", 0), NOON) == "not-due"

    experiments.note_tried(learner, lesson, "run")
    deck = flashcards.load_deck(learner, lesson, NOON)
    assert ([card.id for card in deck.due], deck.locked, due_count(learner, lesson, NOON)) == (["met", "free"], 0, 2)


def test_a_card_that_was_graded_once_stays_in_turn(small, learner):
    flashcards.grade_card(learner, small, "front", Grade("good", 0), NOON)
    locked = Card("front", "easy", "?", "!", after=("run",))
    lesson = replace(small, teaching=replace(small.teaching, review=Review((locked,), (), ()), examples=(RUN,)))
    deck = flashcards.load_deck(learner, lesson, NOON + timedelta(days=30))
    assert ([card.id for card in deck.due], deck.locked) == (["front"], 0)


def test_a_graded_card_goes_and_comes_back(small, learner):
    standing = flashcards.grade_card(learner, small, "front", Grade("good", 0), NOON)
    assert standing.due_at
    assert standing.due_at > NOON
    assert (standing.due, standing.reviews) == (False, 1)
    assert due_count(learner, small, NOON) == 2
    assert flashcards.load_deck(learner, small, NOON).next_due == standing.due_at
    assert due_count(learner, small, standing.due_at) == 3


def test_a_card_comes_back_when_the_page_said(small, learner):
    promised = flashcards.load_deck(learner, small, NOON).cards[0].intervals
    assert list(promised) == list(flashcards.RATINGS)
    for rating, name in zip(flashcards.RATINGS, (learner, OTHER, "x" * 16, "y" * 16), strict=True):
        standing = flashcards.grade_card(name, small, "front", Grade(rating, 0), NOON)
        assert standing.due_at == NOON + promised[rating]


def test_what_is_known_better_stays_away_longer(small, learner):
    waits = list(flashcards.load_deck(learner, small, NOON).cards[0].intervals.values())
    assert waits == sorted(waits)
    assert timedelta(0) < waits[0] < waits[-1]


def test_a_card_known_again_and_again_stays_away_ever_longer_but_not_over_a_year(small, learner):
    now, waits = NOON, []
    for reviews in range(12):
        due = flashcards.grade_card(learner, small, "front", Grade("easy", reviews), now).due_at
        assert due
        waits.append(due - now)
        now = due
    assert waits == sorted(waits)
    assert waits[0] < waits[-1] <= timedelta(days=365)


def test_a_forgotten_card_comes_back_soon(small, learner):
    due = flashcards.grade_card(learner, small, "front", Grade("easy", 0), NOON).due_at
    assert due
    again = flashcards.grade_card(learner, small, "front", Grade("again", 1), due).due_at
    assert again
    assert again - due <= timedelta(minutes=10)


def test_the_longest_due_comes_first_and_the_new_come_last(small, learner):
    flashcards.grade_card(learner, small, "side", Grade("again", 0), NOON - timedelta(hours=1))
    flashcards.grade_card(learner, small, "back", Grade("again", 0), NOON - timedelta(hours=2))
    assert [card.id for card in flashcards.load_deck(learner, small, NOON).due] == ["back", "side", "front"]


def test_the_same_post_again_counts_once(small, learner):
    first = flashcards.grade_card(learner, small, "front", Grade("good", 0), NOON)
    again = flashcards.grade_card(learner, small, "front", Grade("good", 0), NOON + timedelta(seconds=1))
    assert (again.due_at, again.reviews) == (first.due_at, 1)


def test_an_old_form_grades_nothing(small, learner):
    flashcards.grade_card(learner, small, "front", Grade("good", 0), NOON)
    assert refusal(learner, small, "front", Grade("easy", 0), NOON) == "out-of-turn"
    assert refusal(learner, small, "front", Grade("good", 7), NOON) == "out-of-turn"


def test_a_card_that_is_not_due_is_not_graded(small, learner):
    flashcards.grade_card(learner, small, "front", Grade("good", 0), NOON)
    assert refusal(learner, small, "front", Grade("good", 1), NOON) == "not-due"


def test_what_makes_no_sense_is_refused(small, learner):
    assert refusal(learner, small, "nothing", Grade("good", 0), NOON) == "unknown"
    assert refusal(learner, small, "front", Grade("best", 0), NOON) == "option"
    assert refusal("", small, "front", Grade("good", 0), NOON) == "learner"
    assert refusal(learner, small, "front", Grade("good", 9999), NOON) == "out-of-turn"


def test_learners_and_lessons_are_kept_apart(small, learner):
    flashcards.grade_card(learner, small, "front", Grade("easy", 0), NOON)
    assert due_count(OTHER, small, NOON) == 3
    assert due_count(learner, lesson("another"), NOON) == 3


def test_a_card_that_the_author_took_away_is_not_counted(learner, small):
    CardState.objects.create(learner=learner, lesson="small", card="gone", state={}, due=NOON, reviews=1, rating=3)
    assert due_count(learner, small, NOON - timedelta(days=1)) == 3


def test_a_lesson_without_cards_has_none_due(learner):
    bare = lesson(teaching=type(TEACHING)())
    assert due_count(learner, bare) == 0
    assert flashcards.load_deck(learner, bare).cards == ()


def test_a_form_is_read_or_refused():
    assert Grade.read({"rating": "good", "reviews": "3"}) == Grade("good", 3)
    with pytest.raises(Refused, match="malformed"):
        Grade.read({"rating": "good"})
