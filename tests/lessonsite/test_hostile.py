"""What no page of ours sends is refused with a word, and never a fault."""

from urllib.request import Request

import pytest

from tests.conftest import StartSite
from tests.visiting import LESSON, RECORDED, TOKEN, Visitor

POSTED = (
    *("runs/", "quiz/nothing/", "visits/nothing/", "try/nothing/", "challenge/nothing/"),
    *("project/nothing/", "project/nothing/run/", "review/questions/nothing/", "review/cards/nothing/grade/"),
    *("review/explain/nothing/", "performance/measurements/nothing/cancel/", "runs/nothing/cancel/"),
    *("runs/nothing/share/", "runs/nothing/delete/", "start-over/"),
)
FORMS: tuple[dict[str, str], ...] = (
    *({}, {"option": "x"}, {"option": "99"}, {"again": "1"}, {"settle": "1"}, {"code": "\0"}, {"rating": "good"}),
)
CHARSETS = ("utf-16", "utf-32", "latin-1", "nonsense", "rot13", "idna", "", "utf-8")
QUERIES = ("cursor=%ff", "lane=%00", "request=1e9", "step=-1", "rate=nan", "q=" + "x" * 4000)


@pytest.fixture(scope="module")
def visitor(site: str) -> Visitor:
    return Visitor(site)


@pytest.mark.parametrize("path", POSTED)
@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {}], ids=["htmx", "plain"])
def test_what_there_is_not_is_refused(visitor: Visitor, path: str, headers: dict[str, str]) -> None:
    for form in FORMS:
        answer = visitor.post(f"{LESSON}{path}", form, LESSON, **headers)
        assert answer.status < 500, (form, answer.text[:500])


@pytest.mark.parametrize("path", ["try/nothing/", "challenge/nothing/", "project/nothing/run/"])
def test_an_item_that_there_is_not_is_not_found_whatever_is_answered(visitor: Visitor, path: str) -> None:
    assert {visitor.post(f"{LESSON}{path}", form, LESSON).status for form in FORMS} == {404}


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("path", ["runs/", "quiz/nothing/", "try/nothing/", "visits/learn/"])
def test_a_form_in_another_encoding_is_no_fault(visitor: Visitor, path: str, charset: str) -> None:
    token = TOKEN.search(visitor.page(LESSON))
    assert token
    headers = {"X-CSRFToken": token[1], "Content-Type": f"application/x-www-form-urlencoded; charset={charset}"}
    body = b"option=%ff&requests=%00%d8&\xff\xfe=1"
    answer = visitor._open(Request(f"{visitor.site}{LESSON}{path}", body, headers))
    assert answer.status < 500, answer.text[:500]


@pytest.mark.parametrize("query", QUERIES, ids=[each[:12] for each in QUERIES])
@pytest.mark.parametrize("path", [LESSON, RECORDED, f"{RECORDED}text/", f"{RECORDED}small.svg", f"{LESSON}picture.png"])
def test_a_strange_query_is_no_fault(visitor: Visitor, path: str, query: str) -> None:
    assert visitor.get(f"{path}?{query}").status < 500


def test_a_host_of_somebody_else_is_one_line_in_the_log(start_site: StartSite) -> None:
    own = start_site()
    before = len(own.text().splitlines())
    assert Visitor(own.url).get("/", Host="evil.example").status == 400
    assert len(own.text().splitlines()) - before <= 1
