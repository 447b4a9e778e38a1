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
from lessons.views import projects
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
        (reverse("lessons:challenge-answer", args=[slug, teaching.problems[0].id]), {**choice, "confidence": "2"}),
        (reverse("lessons:review-question", args=[slug, teaching.review.questions[0].id]), choice),
        (reverse("lessons:review-grade", args=[slug, teaching.review.cards[0].id]), {"rating": "good", "reviews": "0"}),
        (reverse("lessons:project-check", args=[slug, teaching.project.steps[0].id]), {"code": "x = ("}),
    ]


def stored() -> int:
    """Answers, cards and code; that a page was opened does not count."""
    return sum(model._default_manager.count() for model in record_models() if model.__name__ != "Visit")


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 400),
        ({"attempt": "x"}, 400),
        ({"attempt": "1", "option": "99", "confidence": "1", "rating": "?", "reviews": "9"}, 422),
    ],
)
def test_a_form_that_makes_no_sense_stores_nothing(client, addresses, form, status):
    *answers, (project, _) = addresses
    for address, _ in answers:
        assert client.post(address, form).status_code == status, address
    assert client.post(project, {**form, "code": "\0"}).status_code == 400
    assert stored() == 0


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("form", "status", "sentence"),
    [
        ({"attempt": "1", "option": "99"}, 422, "There is no such option. Choose one of those shown."),
        ({"attempt": "1", "option": "-1"}, 400, "This form is not complete. Reload the page and try again."),
        ({"attempt": "1" * 400, "option": "0"}, 400, "This form is not complete. Reload the page and try again."),
        ({"attempt": "1"}, 400, "Choose an answer first."),
        ({"attempt": "2", "option": "0"}, 409, "This is not the next attempt. Reload the page and try again."),
    ],
)
def test_an_answer_that_is_refused_is_told_why(client, addresses, form, status, sentence, headers):
    answer = client.post(addresses[0][0], form, headers=headers)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert stored() == 0


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
@pytest.mark.parametrize("name", ["build-run", "build-settle"])
def test_nothing_that_was_put_together_is_refused_in_place(client, flagship, name, headers):
    answer = client.post(reverse(f"lessons:{name}", args=[flagship.slug]), headers=headers)
    assert answer.status_code in (404, 422)
    assert 'id="build"' in answer.content.decode()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"number": "1.5"}, "Say how sure you are, too."),
        ({"number": "-1", "confidence": "4"}, "Write a number of seconds from 0 to 3600"),
        ({"number": "1e9", "confidence": "4"}, "Write a number of seconds from 0 to 3600"),
        ({"number": "3600.5", "confidence": "4"}, "Write a number of seconds from 0 to 3600"),
    ],
)
def test_an_answer_to_a_problem_that_is_refused_is_told_why_and_stays(client, flagship, more, sentence):
    problem = next(each for each in flagship.teaching.problems if each.seconds)
    answer = client.post(
        reverse("lessons:challenge-answer", args=[flagship.slug, problem.id]), {"attempt": "1", **more}
    )
    text = answer.content.decode()
    assert (answer.status_code, sentence in text, f'value="{more["number"]}"' in text) == (400, True, True)
    assert ('value="4" required checked' in text) == ("confidence" in more)
    assert stored() == 0


def test_a_forged_cookie_is_somebody_new(client, flagship, addresses):
    client.post(*addresses[0])
    victim = learner_of(client)
    before = list(Answer.objects.filter(learner=victim).values())
    stranger = Client()
    for cookie in (victim, f"{victim}:forged:signature", client.cookies[identity.COOKIE].value[:-1] + "~", "x" * 4000):
        stranger.cookies[identity.COOKIE] = cookie
        address, form = addresses[0]
        assert stranger.post(address, {**form, "attempt": "1", "option": "1"}).status_code == 302
        stranger.cookies[identity.COOKIE] = cookie
        assert stranger.post(reverse("lessons:start-over", args=[flagship.slug])).status_code == 302
        assert list(Answer.objects.filter(learner=victim).values()) == before
    strangers = Answer.objects.exclude(learner=victim).values_list("learner", flat=True)
    assert len(set(strangers)) == len(strangers) == 4


def test_a_million_attempts_are_as_many_as_there_are_options(client, flagship, addresses):
    (address, _), options = addresses[0], flagship.teaching.quiz[0].options
    wrong = [index for index, option in enumerate(options) if not option.right]
    right = next(index for index, option in enumerate(options) if option.right)
    for attempt in (*range(1, 6), 1_000_000):
        for option in (*wrong, right):
            client.post(address, {"attempt": attempt, "option": option})
    made = Answer.objects.order_by("attempt").values_list("attempt", "option")
    assert list(made) == list(enumerate((*wrong, right), 1))


@pytest.mark.parametrize("size", [MAX_CODE + 1, 60_000])
def test_code_that_is_too_long_is_refused(client, addresses, size):
    address, _ = addresses[-1]
    assert client.post(address, {"code": "#" * size}).status_code == 413
    assert not ProjectCode.objects.exists()


def test_a_form_beyond_every_limit_is_refused(client, addresses):
    for address, form in addresses:
        assert client.post(address, {**form, "more": "#" * 70_000}).status_code == 400, address
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
    met = flagship.teaching.review.cards[0].after[0]
    client.post(reverse("lessons:show-answer", args=[flagship.slug, met]))  # else the card does not come up
    for address, form in (addresses[0], *addresses[2:]):
        assert client.post(address, form).status_code == 302, address
    reached = progress.lesson_progress(learner_of(client), flagship)
    assert reached.begun
    assert stored() == 6
    client.post(reverse("lessons:start-over", args=[flagship.slug]))
    assert stored() == 0


def test_a_passed_step_says_how_many_requests_its_solution_will_get(client, flagship):
    step = flagship.teaching.project.steps[0]
    address = reverse("lessons:project-check", args=[flagship.slug, step.id])
    page = client.post(address, {"code": flagship.sample(step.solution).source}, follow=True).content.decode()
    assert projects.REQUESTS == 10
    assert "with ten requests at once" in page
