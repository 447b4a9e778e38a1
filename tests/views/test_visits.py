"""Who only opens pages leaves nothing behind; a page that is read tells so by a post."""

import pytest
from django.http import HttpResponse
from django.test import AsyncClient, Client
from django.urls import reverse

from lessons import catalogue, identity
from lessons.learning import progress
from lessons.learning.modes import MODES, text_examples
from lessons.learning.records import record_models
from lessons.models import Visit
from lessons.views.modes import mode_address
from tests.visiting import learner_of

pytestmark = pytest.mark.django_db
SLUG = "why-async-matters"
IDS = [each.id for each in MODES]


def page(mode: str) -> str:
    return mode_address(catalogue.find_lesson(SLUG), mode)


def visit(mode: str, slug: str = SLUG) -> str:
    return reverse("lessons:visit", args=[slug, mode])


def opened() -> set[str]:
    return set(Visit.objects.values_list("mode", flat=True))


def test_a_robot_leaves_nothing_even_if_it_keeps_cookies(client):
    for mode in IDS:
        assert client.get(page(mode)).status_code == 200
        assert Client().get(page(mode)).status_code == 200
    client.get("/")
    assert not any(model._default_manager.exists() for model in record_models())


@pytest.mark.parametrize("mode", IDS)
def test_a_page_holds_the_form_that_tells_of_its_reader(client, mode):
    assert f'action="{visit(mode)}" data-visit' in client.get(page(mode)).content.decode()


@pytest.mark.parametrize("mode", [each.id for each in MODES if not each.read])
def test_a_visit_that_is_told_is_kept_once(client, mode):
    client.get(page("learn"))
    for _ in range(2):
        assert client.post(visit(mode)).status_code == 204
    assert Visit.objects.values_list("learner", "lesson", "mode").get() == (learner_of(client), SLUG, mode)


async def test_under_asgi_it_is_the_same(transactional_db):
    client = AsyncClient()
    await client.get(page("try"))
    assert (await client.post(visit("try"))).status_code == 204
    assert await Visit.objects.values_list("mode", flat=True).aget() == "try"


@pytest.mark.parametrize("mode", ["learn", "why", "deep"])
def test_a_text_is_done_when_its_experiments_were_tried_and_not_when_it_was_opened(client, mode):
    lesson = catalogue.find_lesson(SLUG)
    assert 'name="marked"' not in client.get(page(mode)).content.decode()
    assert client.post(visit(mode)).status_code == 204
    assert not Visit.objects.exists()
    for example in text_examples(lesson, mode):
        assert not progress.lesson_progress(learner_of(client), lesson).mode(mode).done
        client.post(reverse("lessons:show-answer", args=[SLUG, example]))
    assert progress.lesson_progress(learner_of(client), lesson).mode(mode).done


@pytest.mark.parametrize("mode", ["learn", "why", "deep"])
def test_a_tick_of_the_former_version_stays(client, mode):
    client.get(page(mode))
    Visit.objects.create(learner=learner_of(client), lesson=SLUG, mode=mode)
    assert progress.lesson_progress(learner_of(client), catalogue.find_lesson(SLUG)).mode(mode).done


def test_who_presses_the_button_sees_the_page_again(client):
    client.get(page("try"))
    answer = client.post(visit("try"), {"marked": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, page("try"))
    assert opened() == {"try"}


@pytest.mark.parametrize("cookie", ["", "a" * 22, f"{'a' * 22}:1abcde:forged", ":::"])
def test_of_a_browser_without_a_name_of_ours_nothing_is_kept(client, cookie):
    client.cookies[identity.COOKIE] = cookie
    assert client.post(visit("learn")).status_code == 204
    assert opened() == set()


def test_a_mode_that_is_none_is_not_found(client):
    client.get(page("learn"))
    for mode, slug in (("nothing", SLUG), ("learn", "nothing"), ("project", "await-together")):
        assert client.post(visit(mode, slug)).status_code == 404
    assert opened() == set()


def test_a_visit_is_posted_and_by_a_page_of_ours(client):
    client.get(page("learn"))
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.get(visit("learn")).status_code == 405
    assert strict.post(visit("learn")).status_code == 403
    assert opened() == set()


def test_a_cookie_of_an_earlier_version_keeps_its_name(client):
    earlier = HttpResponse()
    earlier.set_signed_cookie(identity.COOKIE, f"{'n' * 22}:{SLUG}:learn")
    client.cookies = earlier.cookies
    client.post(visit("try"))
    assert Visit.objects.get().learner == "n" * 22


def test_a_page_that_may_be_framed_knows_nobody(client):
    client.get(page("why"))
    answer = client.get(reverse("lessons:embed", args=[SLUG, f"recorded-{SLUG}"]))
    assert answer.status_code == 200
    assert not answer.cookies
    assert "data-visit" not in answer.content.decode()
