"""What a browser can send, and what comes of it."""

import pytest
from django.test import Client
from django.urls import reverse

from lessons import catalogue, identity
from lessons.content.code_checks import MAX_CODE
from lessons.learning import progress
from lessons.learning.modes import MODES, lesson_modes
from lessons.learning.records import record_models
from lessons.models import Answer, ProjectCode
from tests.visiting import learner_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def flagship():
    """The lesson with something in every mode."""
    return next(each for each in catalogue.all_lessons().values() if lesson_modes(each) == MODES)


@pytest.fixture
def addresses(flagship):
    """Where answers are posted, with a form that is right for each."""
    teaching, slug = flagship.teaching, flagship.slug
    choice = {"attempt": "1", "option": "0"}
    return [
        (reverse("lessons:quiz", args=[slug, teaching.quiz[0].id]), choice),
        (reverse("lessons:try-answer", args=[slug, teaching.tasks[0].id]), choice),
        (reverse("lessons:challenge-answer", args=[slug, teaching.problems[0].id]), choice),
        (reverse("lessons:review-question", args=[slug, teaching.review.questions[0].id]), choice),
        (reverse("lessons:review-grade", args=[slug, teaching.review.cards[0].id]), {"rating": "good", "reviews": "0"}),
        (reverse("lessons:project-check", args=[slug, teaching.project.steps[0].id]), {"code": "x = ("}),
    ]


def stored() -> int:
    """Answers, cards and code; that a page was opened does not count."""
    return sum(model._default_manager.count() for model in record_models() if model.__name__ != "Visit")


@pytest.mark.parametrize(
    "form", [{}, {"attempt": "x"}, {"attempt": "1", "option": "99", "rating": "?", "reviews": "9"}]
)
def test_a_form_that_makes_no_sense_stores_nothing(client, addresses, form):
    for address, _ in addresses:
        answer = client.post(address, {"code": "\0", **form})
        assert 400 <= answer.status_code < 500, address
    assert stored() == 0


def test_a_forged_cookie_is_somebody_new(client, flagship, addresses):
    client.post(*addresses[0])
    victim = learner_of(client)
    before = list(Answer.objects.filter(learner=victim).values())
    stranger = Client()
    for cookie in (victim, f"{victim}:forged:signature", client.cookies[identity.COOKIE].value[:-1] + "~", "x" * 4000):
        stranger.cookies[identity.COOKIE] = cookie
        address, form = addresses[0]
        stranger.post(address, {**form, "attempt": "1", "option": "1"})
        stranger.cookies[identity.COOKIE] = cookie
        stranger.post(reverse("lessons:start-over", args=[flagship.slug]))
        assert list(Answer.objects.filter(learner=victim).values()) == before


def test_a_million_attempts_are_a_few(client, addresses):
    address, _ = addresses[0]
    for attempt in (*range(1, 12), 1_000_000):
        for option in range(4):
            client.post(address, {"attempt": attempt, "option": option})
    assert 1 <= Answer.objects.count() <= 4


@pytest.mark.parametrize("size", [MAX_CODE + 1, 60_000])
def test_code_that_is_too_long_is_refused(client, addresses, size):
    address, _ = addresses[-1]
    assert client.post(address, {"code": "#" * size}).status_code == 413
    assert not ProjectCode.objects.exists()


def test_a_form_beyond_every_limit_is_refused(client, addresses):
    for address, form in addresses:
        assert 400 <= client.post(address, {**form, "more": "#" * 70_000}).status_code < 500
    assert stored() == 0


def test_what_does_not_exist_is_not_found(client, flagship):
    for name in ("quiz", "try-answer", "challenge-answer", "review-question", "review-grade", "project-check"):
        form = {"attempt": "1", "option": "0", "rating": "good", "reviews": "0", "code": "x"}
        assert client.post(reverse(f"lessons:{name}", args=[flagship.slug, "nothing"]), form).status_code == 404
        assert client.post(reverse(f"lessons:{name}", args=["nothing", "nothing"]), form).status_code == 404
    assert stored() == 0


def test_words_of_ones_own_count_once_they_were_compared_and_are_not_kept(client, flagship):
    prompt = flagship.teaching.review.explain[0]
    address = reverse("lessons:review-explain", args=[flagship.slug, prompt.id])
    for text in ("", "  ", "x" * 20_000):
        assert client.post(address, {"text": text}).status_code == 422
    assert stored() == 0
    for _ in range(2):
        assert client.post(address, {"text": "in my own words"}).status_code == 200
    row = Answer.objects.values().get()
    assert (row["group"], row["item"], row["right"]) == ("explain", prompt.id, True)
    assert "in my own words" not in str(row)


def test_posts_from_elsewhere_are_refused(addresses):
    strict = Client(enforce_csrf_checks=True)
    for address, form in addresses:
        assert strict.post(address, form).status_code == 403
    assert stored() == 0


def test_what_was_answered_is_there_until_one_starts_over(client, flagship, addresses):
    for address, form in (addresses[0], *addresses[2:]):
        assert client.post(address, form).status_code < 400, address
    reached = progress.lesson_progress(learner_of(client), flagship)
    assert reached.begun
    assert stored() == 5
    client.post(reverse("lessons:start-over", args=[flagship.slug]))
    assert stored() == 0
