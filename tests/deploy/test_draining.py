"""A process that is asked to end sees its runs to their end, and is asked by nobody new meanwhile."""

import signal
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed

from tests.frames import ended, next_frame, running, watched
from tests.processes import Site, listens
from tests.visiting import LESSON, Visitor
from tests.waiting import until


def test_a_run_that_goes_is_seen_to_its_end_and_so_is_one_that_waits(tmp_path: Path, prepared: Path) -> None:
    site = Site(tmp_path / "site", prepared, LAB_MAX_RUNS="1").ready()
    try:
        begun, waits = (Visitor(site.url).send(wait=1, requests=2) for _ in range(2))
        with watched(site.url, begun) as one, watched(site.url, waits) as other:
            next_frame(one, running)
            site.send(signal.SIGTERM)
            until(lambda: not listens(int(site.url.rpartition(":")[2])), "nobody new is taken")
            assert "Done." in next_frame(one, ended)["content"]
            assert "Done." in next_frame(other, ended)["content"]
        assert site.wait() == 0
    finally:
        site.kill()


def test_a_request_that_is_under_way_is_answered(tmp_path: Path, prepared: Path) -> None:
    site = Site(tmp_path / "site", prepared).ready()
    address, body = urlsplit(site.url), b"half=this&rest=that"
    try:
        connection = HTTPConnection(address.hostname or "", address.port, timeout=20)
        connection.putrequest("POST", LESSON + "runs/")
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body[:9])
        until(lambda: Visitor(site.url).get("/").status == 200, "what was sent before has been read")
        site.send(signal.SIGTERM)
        until(lambda: not listens(address.port or 0), "nobody new is taken")
        connection.send(body[9:])
        answer = connection.getresponse()
        assert answer.status == 403  # no token, but an answer
        assert answer.headers["Connection"] == "close"
        assert site.wait(10) == 0
    finally:
        site.kill()


@pytest.mark.parametrize("hurry", ["a second SIGTERM", "Ctrl-C", "no time"])
def test_who_is_in_a_hurry_is_heard(hurry: str, tmp_path: Path, prepared: Path) -> None:
    site = Site(tmp_path / "site", prepared, DRAIN_SECONDS="0" if hurry == "no time" else "60").ready()
    try:
        run = Visitor(site.url).send(wait=3, requests=10)
        with watched(site.url, run) as socket:
            next_frame(socket, running)
            site.send(signal.SIGINT if hurry == "Ctrl-C" else signal.SIGTERM)
            if hurry == "a second SIGTERM":
                until(lambda: not listens(int(site.url.rpartition(":")[2])), "nobody new is taken")
                site.send(signal.SIGTERM)
            with pytest.raises(ConnectionClosed):
                next_frame(socket, lambda frame: ended(frame) and "Cancelled" not in frame["content"])
        assert site.wait(10) == 0
    finally:
        site.kill()
