"""nginx, two web processes, Redis and PostgreSQL together, for real."""

import re
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from lessons.log.streams import run_keys
from tests.deploy.conftest import ScaleOut
from tests.frames import ended, next_frame, watched
from tests.processes import get
from tests.visiting import LESSON, Visitor
from tests.waiting import until


def stylesheet(scale_out: ScaleOut) -> str:
    with get(f"{scale_out.front}/") as answer:
        assert answer.status == 200
        found = re.search(r'href="(/static/[^"]+\.css)"', answer.read().decode())
    assert found
    return scale_out.front + found[1]


def test_both_web_processes_answer(scale_out: ScaleOut):
    for web in scale_out.webs:
        with get(f"{web}/healthz") as answer:
            assert answer.read() == b"ok"


def test_a_page_comes_through_nginx(scale_out: ScaleOut):
    with get(f"{scale_out.front}/") as answer:
        assert answer.status == 200
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_both_web_processes_name_static_files_alike(scale_out: ScaleOut):
    pages = []
    for web in scale_out.webs:
        with get(f"{web}/") as answer:
            pages.append(re.findall(r"/static/[^\"]+", answer.read().decode()))
    assert pages[0] == pages[1] != []


def test_static_files_are_kept_for_ever(scale_out: ScaleOut):
    with get(stylesheet(scale_out), {"Accept-Encoding": "br"}) as answer:
        assert answer.status == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "br"


def test_each_browser_gets_the_encoding_it_knows(scale_out: ScaleOut):
    address = stylesheet(scale_out)
    for accepted in ("br", "gzip", "br", "gzip"):  # the second time out of nginx's cache
        with get(address, {"Accept-Encoding": accepted}) as answer:
            assert answer.headers["Content-Encoding"] == accepted


def test_a_large_body_stops_at_nginx(scale_out: ScaleOut):
    request = urllib.request.Request(f"{scale_out.front}/", data=b"x" * 100_000)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            status = answer.status
    except urllib.error.HTTPError as error:
        status = error.code
        error.close()
    assert status == 413


def test_a_hundred_at_once_are_all_answered(scale_out: ScaleOut):
    def ask(_: int) -> int:
        with get(f"{scale_out.front}/healthz") as answer:
            return answer.status

    with ThreadPoolExecutor(20) as threads:
        assert set(threads.map(ask, range(100))) == {200}


def test_a_socket_passes_nginx(scale_out: ScaleOut):
    address = scale_out.front.replace("http", "ws") + "/live/runs/no-such-run/"
    with connect(address, origin=Origin(scale_out.front)) as socket, pytest.raises(ConnectionClosedError):
        list(socket)  # whatever it says before it closes
    assert socket.close_code == 4404  # so the web process itself has spoken


def test_a_foreign_page_gets_no_socket(scale_out: ScaleOut):
    address = scale_out.front.replace("http", "ws") + "/live/runs/no-such-run/"
    with pytest.raises(InvalidStatus), connect(address, origin=Origin("http://evil.example")):
        pass


def test_a_run_is_archived_and_comes_from_there_when_the_log_has_let_it_go(scale_out: ScaleOut, redis_url: str):
    visitor = Visitor(scale_out.front)
    run = visitor.send()
    with watched(scale_out.front, run) as socket:
        last = next_frame(socket, ended)
    until(lambda: all(run in visitor.at(web).page("/runs/") for web in scale_out.webs), "the run is archived")
    with Redis.from_url(redis_url) as redis:
        assert redis.delete(*run_keys(run)) == 2
    for web in (scale_out.front, *scale_out.webs):
        assert "Done. Every request has been answered." in visitor.at(web).page(f"{LESSON}runs/{run}/")
        with watched(web, run) as socket:
            assert next_frame(socket, ended)["seq"] == last["seq"]
    visitor.post(f"/runs/{run}/delete/", {}, "/runs/")
    for web in scale_out.webs:
        with get(f"{web}{LESSON}runs/{run}/") as answer:
            assert answer.status == 404
