"""What a visitor does wrong leaves no traceback in the log; what the site does wrong does."""

import logging

from lessonsite.brief import Brief
from tests.conftest import StartSite
from tests.visiting import LESSON, Visitor

TOKEN = {"Cookie": "csrftoken=" + "t" * 32, "X-CSRFToken": "t" * 32}
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
MANY = "&".join(f"a{number}=1" for number in range(500)).encode()


def test_a_refused_request_is_no_traceback(start_site: StartSite) -> None:
    own = start_site()
    visitor = Visitor(own.url)
    for kind, body in ((FORM, MANY), (PARTS, b"no part")):
        assert visitor.send_body(f"{LESSON}runs/", body, TOKEN | {"Content-Type": kind}).status == 400
    assert visitor.get("/", Host="evil.example").status == 400
    assert "The number of GET/POST parameters" in own.text()
    assert "Traceback" not in own.text()


def record(**more: object) -> logging.LogRecord:
    made = logging.LogRecord("django.request", logging.ERROR, "", 1, "", (), (ValueError, ValueError(), None))
    made.__dict__.update(more)
    return made


def test_a_fault_of_the_site_keeps_its_traceback() -> None:
    for made in (record(), record(status_code=500)):
        assert Brief().filter(made)
        assert made.exc_info


def test_a_refusal_loses_it() -> None:
    made = record(status_code=400)
    assert Brief().filter(made)
    assert made.exc_info is None
