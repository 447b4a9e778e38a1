"""A run belongs to one web process and is seen, and cancelled, through any other."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.processes import Site

LESSON = "/lessons/why-async-matters/"
SPEC = {"requests": "2", "wait": "0.2", "workers": "1"}
LANES = ("sync@waitress", "async@daphne")


@dataclass
class Visitor:
    """A browser without a page: keeps its cookies and sends the site's own forms."""

    opener: OpenerDirector = field(default_factory=lambda: build_opener(HTTPCookieProcessor(CookieJar())))

    def read(self, address: str) -> str:
        with self.opener.open(address, timeout=10) as answer:
            return str(answer.read().decode())

    def post(self, page: str, action: str, fields: list[tuple[str, str]]) -> str:
        """Post a form that `page` holds to `action`; the address that it leads to."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.read(page))
        assert token
        body = urlencode([("csrfmiddlewaretoken", token[1]), *fields]).encode()
        with self.opener.open(Request(action, body), timeout=10) as answer:
            return str(answer.url)

    def send(self, web: str, **changes: str) -> str:
        """Send a run; its name."""
        fields = [*(SPEC | changes).items(), *(("lanes", lane) for lane in LANES)]
        return self.post(web + LESSON, f"{web}{LESSON}runs/", fields).rstrip("/").rpartition("/")[2]


def watched(web: str, run: str) -> ClientConnection:
    return connect(f"{web.replace('http', 'ws')}/ws/runs/{run}/?hold=0", origin=Origin(web))


def until(socket: ClientConnection, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Acknowledge frames until one is as wanted."""
    while True:
        frame: dict[str, Any] = json.loads(socket.recv(timeout=30))
        if "frame" in frame:
            socket.send(json.dumps({"type": "ack", "frame": frame["frame"]}))
            if holds(frame):
                return frame


def ended(frame: dict[str, Any]) -> bool:
    return bool(frame["ended"])


@pytest.fixture(scope="module")
def webs(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Iterator[tuple[str, str]]:
    folder = tmp_path_factory.mktemp("two-webs")
    sites = two_sites(folder, redis_url)
    try:
        yield sites[0].ready().url, sites[1].ready().url
    finally:
        for site in sites:
            site.stop()


def two_sites(folder: Path, redis_url: str) -> list[Site]:
    shared = {"REDIS_URL": redis_url, "SECRET_KEY": "shared-by-both-" * 4}
    return [Site(folder / f"web{number}", **shared) for number in (1, 2)]


def test_a_run_sent_to_one_is_watched_on_the_other(webs: tuple[str, str]) -> None:
    run = Visitor().send(webs[0])
    with watched(webs[1], run) as socket:
        last = until(socket, ended)
    assert "Done. Every request has been answered." in last["content"]


def test_both_show_the_same_page_of_a_run(webs: tuple[str, str]) -> None:
    visitor = Visitor()
    run = visitor.send(webs[0])
    with watched(webs[1], run) as socket:
        until(socket, ended)
    clocks = [re.findall(r'data-state="done">([\d.]+ s)<', visitor.read(f"{web}{LESSON}runs/{run}/")) for web in webs]
    assert clocks[0] == clocks[1]
    assert len(clocks[0]) == 2


def test_a_run_is_cancelled_through_the_other(webs: tuple[str, str]) -> None:
    visitor = Visitor()
    run = visitor.send(webs[0], wait="3", requests="10")
    page = f"{webs[1]}{LESSON}runs/{run}/"
    with watched(webs[1], run) as socket:
        until(socket, lambda frame: "Running" in frame["content"])
        visitor.post(page, f"{page}cancel/", [])
        last = until(socket, ended)
    assert last["t"] < 20
    assert "Cancelled" in visitor.read(page)


def test_a_run_whose_web_process_is_killed_ends_on_the_other(tmp_path: Path, redis_url: str) -> None:
    sites = two_sites(tmp_path, redis_url)
    try:
        first, second = (site.ready().url for site in sites)
        run = Visitor().send(first, wait="3", requests="10")
        with watched(second, run) as socket:
            until(socket, lambda frame: "Running" in frame["content"])
            sites[0].send(signal.SIGKILL)
            last = until(socket, ended)
        assert "The web process that ran it is gone" in last["content"]
    finally:
        for site in sites:
            site.stop()
