"""Whatever comes, the site answers it, tells of no fault, and needs no more memory for it."""

from collections import Counter
from pathlib import Path

import pytest
from django.urls import reverse

from lessons.live.messages import _KINDS
from lessons.urls import urlpatterns
from tests.generated.flood import SLACK, Flood, case_of, flood
from tests.generated.requests import Request
from tests.generated.routes import page_routes, socket_routes, staff_routes
from tests.generated.sessions import Session
from tests.generated.values import STRANGE, Known, known_fields, signed
from tests.processes import Site
from tests.visiting import Answer

COUNT = 10_000
KNOWN = Known(
    "http://127.0.0.1:8000",
    {"run": ("a-run",), "slug": ("a-lesson",)},
    ("a-word",),
    known_fields(),
    (f"learner={signed('a-learner')}",),
    "sessionid=x",
)


def test_ten_thousand_requests_and_messages_are_borne(tmp_path: Path, prepared: Path) -> None:
    poured = flood(tmp_path, prepared, COUNT, seed=1)
    assert not poured.wrong, poured.report()
    assert poured.sent >= COUNT
    assert {101, 200, 302, 400, 403, 404, 405, 413, 414, 429} <= poured.answers.keys(), poured.report()


def test_every_address_of_the_site_is_asked_for() -> None:
    routes = page_routes()
    assert {reverse(f"lessons:{name}") for name in ("index", "runs")} | {"/healthz", "/live/words/<name>/"} <= {*routes}
    assert len(routes) > len(urlpatterns)
    assert reverse("admin:index") in staff_routes()
    assert "/live/runs/<run>/" in socket_routes()


def test_every_field_and_every_kind_of_message_is_sent() -> None:
    assert {"requests", "lanes", "option", "attempt", "code", "cursor", "seed", "rating", "press"} <= {*KNOWN.fields}
    sessions = [case for number in range(2000) if isinstance(case := case_of(1, number, KNOWN), Session)]
    told = b"".join(frame for session in sessions for frame in session.frames)
    assert [kind for kind in _KINDS if f'"type": "{kind}"'.encode() not in told] == []


def test_a_case_depends_on_nothing_but_seed_and_number() -> None:
    cases = [case_of(7, number, KNOWN) for number in range(200)]
    assert cases == [case_of(7, number, KNOWN) for number in range(200)]
    assert cases != [case_of(8, number, KNOWN) for number in range(200)]
    assert Counter(map(type, cases)).keys() == {Request, Session}


def test_what_is_strange_is_strange_but_once() -> None:
    assert len(STRANGE) == len({*STRANGE})


@pytest.fixture
def judge(tmp_path: Path) -> Flood:
    """Of a site that is never started."""
    site = Site.__new__(Site)
    site.output = tmp_path / "output.txt"
    site.output.write_text("")
    return Flood(site, KNOWN, 1, COUNT, tell=lambda line: None)


@pytest.mark.parametrize(
    ("status", "headers", "fault"),
    [(200, {}, False), (429, {}, False), (503, {"retry-after": "5"}, False), (500, {}, True), (503, {}, True)],
)
def test_a_fault_is_told_with_the_very_request(judge: Flood, status: int, headers: dict[str, str], fault: bool) -> None:
    judge._judge(Answer(status, headers, b"a word"), b"GET / HTTP/1.1")
    assert bool(judge.wrong) is fault
    assert not fault or "GET / HTTP/1.1" in judge.wrong[0]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("WARNING django.request: Not Found: /x", False),
        ("ERROR django.security.DisallowedHost: Invalid HTTP_HOST header", False),
        ("Traceback (most recent call last):", True),
        ("1970 ERROR asyncio: Task exception was never retrieved", True),
        ("1970 ERROR django.request: Internal Server Error: /", True),
    ],
)
def test_what_the_site_says_of_a_fault_is_seen(judge: Flood, line: str, fault: bool) -> None:
    judge.site.output.write_text(f"{line}\n")
    judge.look()
    assert bool(judge.wrong) is fault


@pytest.mark.parametrize(("grown", "wrong"), [(0, False), (20, False), (200, True)])
def test_memory_that_grows_is_seen(judge: Flood, grown: int, wrong: bool) -> None:
    judge.memory = [100 * 2**20 + number * grown * 2**20 // 100 for number in range(100)]
    assert (judge.growth > SLACK) is wrong
