"""Every answer says what it is, so that a page takes in nothing else."""

import pytest
from django.test import Client
from django.urls import reverse

from lessons import catalogue
from lessons.middleware import ANSWER
from lessonsite.csrf import FRESH
from tests.conftest import StartSite
from tests.log.redis_server import RedisServer
from tests.visiting import Visitor

pytestmark = pytest.mark.django_db
SLUG = "why-async-matters"
SCRIPT = {"HX-Request": "true"}


def question() -> str:
    return reverse("lessons:quiz", args=[SLUG, catalogue.find_lesson(SLUG).teaching.quiz[0].id])


@pytest.mark.parametrize("path", ["/", f"/lessons/{SLUG}/", f"/lessons/{SLUG}/try/", "/lessons/none/", "/runs/"])
def test_a_whole_page_is_a_page_whoever_asks_and_whatever_its_status(client: Client, path: str) -> None:
    assert client.get(path)[ANSWER] == "page"
    assert client.get(path, headers=SCRIPT)[ANSWER] == "page"


def test_a_part_of_a_page_is_a_fragment_whatever_its_status(client: Client) -> None:
    for form, status in (({"attempt": "1", "option": "0"}, 200), ({"attempt": "1"}, 400)):
        answer = client.post(question(), form, headers=SCRIPT)
        assert (answer.status_code, answer[ANSWER]) == (status, "fragment")


def test_a_sentence_is_text(site: str) -> None:
    for answer in (
        Visitor(site).post(f"/lessons/{SLUG}/runs/none/cancel/", {}, f"/lessons/{SLUG}/", **SCRIPT),
        Visitor(site).get(f"/lessons/{SLUG}/runs/none/report/", **SCRIPT),
    ):
        assert (answer.status, answer.headers[ANSWER]) == (404, "text")
        assert answer.text.startswith("This run is not here any more.")


@pytest.mark.parametrize("path", ["runs/none/report/", "performance/measurements/none/"])
def test_while_the_log_is_away_a_page_may_keep_what_it_shows(
    start_site: StartSite, redis_server: RedisServer, path: str
) -> None:
    site = start_site(REDIS_URL=redis_server.url)
    redis_server.stop()
    answer = Visitor(site.url).get(f"/lessons/{SLUG}/{path}", **SCRIPT)
    assert (answer.status, answer.headers[ANSWER]) == (503, "text")
    assert "cannot reach its event log" in answer.text


def test_a_file_is_nothing_for_a_page(client: Client) -> None:
    assert ANSWER not in client.get(f"/lessons/{SLUG}/picture.png")


def test_a_script_is_told_where_to_go_on_and_a_browser_is_led_there(client: Client) -> None:
    address = reverse("lessons:start-over", args=[SLUG])
    led, told = client.post(address), client.post(address, headers=SCRIPT)
    assert (led.status_code, led["Location"]) == (302, f"/lessons/{SLUG}/")
    assert (told.status_code, told["HX-Redirect"], told[ANSWER]) == (204, f"/lessons/{SLUG}/", "nothing")
    assert "Location" not in told


def test_whoever_looks_is_led_there_by_a_script_too(client: Client) -> None:
    assert (
        client.get(question(), headers=SCRIPT)["Location"] == f"/lessons/{SLUG}/#question-{question().split('/')[-2]}"
    )


def test_a_script_without_a_cookie_gets_a_token_that_is_good_for_the_next_post() -> None:
    strict = Client(enforce_csrf_checks=True)
    form = {"attempt": "1", "option": "0", "csrfmiddlewaretoken": "x" * 64}
    refused = strict.post(question(), form, headers=SCRIPT)
    assert (refused.status_code, refused[ANSWER]) == (403, "token")
    again = strict.post(question(), {**form, "csrfmiddlewaretoken": refused[FRESH]}, headers=SCRIPT)
    assert (again.status_code, again[ANSWER]) == (200, "fragment")


def test_a_form_of_another_site_gets_neither_token_nor_cookie() -> None:
    refused = Client(enforce_csrf_checks=True).post(question(), {"attempt": "1"})
    assert (refused.status_code, refused[ANSWER]) == (403, "page")
    assert FRESH not in refused
    assert not refused.cookies


def test_an_address_the_site_does_not_trust_is_told_so_and_gets_no_token() -> None:
    headers = {**SCRIPT, "Origin": "https://elsewhere.example"}
    refused = Client(enforce_csrf_checks=True).post(question(), {"attempt": "1"}, headers=headers)
    assert (refused.status_code, refused[ANSWER]) == (403, "text")
    assert "CSRF_TRUSTED_ORIGINS" in refused.content.decode()
    assert FRESH not in refused
