"""Whatever a view lets go is told in one place: with its status, in the form that was asked for."""

import pytest
from django.test import AsyncClient, Client

from lessons.views.explanations import DOMAIN_ERRORS, Explanation, explain_error
from tests.views.raising import ERRORS, VIEWS

pytestmark = pytest.mark.urls("tests.views.raising")
KNOWN = sorted(ERRORS.keys() - {"fault"})


def explanation(name: str) -> Explanation:
    found = explain_error(ERRORS[name])
    assert found
    return found


def test_every_domain_error_is_raised_here():
    assert {type(each) for each in ERRORS.values()} - {ValueError} == set(DOMAIN_ERRORS)


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("form", VIEWS)
def test_an_error_has_its_own_status_in_every_form(client: Client, form: str, name: str):
    answer = client.get(f"/raise/{form}/{name}/")

    assert answer.status_code == explanation(name).status
    assert answer.headers.get("Retry-After", "0") == str(explanation(name).retry_after)


@pytest.mark.parametrize("name", KNOWN)
async def test_under_asgi_it_is_the_same(name: str):
    for form in VIEWS:
        answer = await AsyncClient().get(f"/raise/{form}/{name}/")

        assert answer.status_code == explanation(name).status


@pytest.mark.parametrize("form", VIEWS)
def test_a_fault_of_ours_is_not_taken_for_one(client: Client, form: str):
    with pytest.raises(ValueError, match="a fault of ours"):
        client.get(f"/raise/{form}/fault/")


def test_a_page_is_whole_and_leads_back(client: Client):
    text = client.get("/raise/page/run/").content.decode()

    assert "<h1>This run is not here any more</h1>" in text
    assert '<a class="button" href="/">To the lessons</a>' in text


def test_a_page_leads_back_to_the_lesson_of_the_address_or_of_the_error(client: Client):
    for address in ("/raise/lesson/await-together/run/", "/raise/page/expired/"):
        assert '<a class="button" href="/lessons/await-together/">' in client.get(address).content.decode()


def test_what_may_come_back_offers_to_try_again_what_can_be_tried(client: Client):
    again = '<a class="button" href="/raise/page/log/?cursor=3">Try again</a>'

    assert again in client.get("/raise/page/log/?cursor=3").content.decode()
    assert "Try again</a>" not in client.post("/raise/page/log/?cursor=3").content.decode()
    assert "Try again</a>" not in client.get("/raise/page/run/").content.decode()


def test_htmx_gets_the_sentence_alone(client: Client):
    answer = client.get("/raise/page/refused/", headers={"HX-Request": "true"})

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == "No more than <200>.\n"


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_text_stays_text(client: Client, headers: dict[str, str]):
    answer = client.get("/raise/text/refused/", headers=headers)

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == "No more than <200>.\n"


@pytest.mark.parametrize("form", ["frame", "frame-async"])
def test_in_a_frame_an_error_may_be_framed_and_knows_nobody(client: Client, form: str):
    client.cookies["learner"] = "forged"
    answer = client.get(f"/raise/{form}/run/")

    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]
    assert not answer.cookies


@pytest.mark.parametrize("form", ["page", "text"])
def test_elsewhere_it_may_not(client: Client, form: str):
    answer = client.get(f"/raise/{form}/run/")

    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
