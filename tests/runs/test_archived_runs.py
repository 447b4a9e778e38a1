"""Ended runs outlive the event log, a restart and the process that ran them: with real sites."""

import json
import re
import signal
import sqlite3
import urllib.error
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from websockets.exceptions import ConnectionClosed

from lessons.log.streams import run_keys
from tests.conftest import StartSite
from tests.deploy.test_two_webs import LESSON, Visitor, ended, watched
from tests.deploy.test_two_webs import until as until_frame
from tests.processes import get, until


def sent(visitor: Visitor, web: str, **changes: str) -> str:
    """A run that has ended and stands in My runs."""
    run = visitor.send(web, **changes)
    with watched(web, run) as socket:
        until_frame(socket, ended)
    until(lambda: run in visitor.read(f"{web}/runs/"), "the run is archived")
    return run


def stage(page: str) -> str:
    """What is drawn of a run: its clocks and bars."""
    return "".join(re.findall(r'data-state="\w+">[^<]*<|<path class="bar[^>]*>', page))


def whole(web: str, run: str) -> dict[str, Any]:
    with watched(web, run) as socket:
        return until_frame(socket, ended)


def status(visitor: Visitor, address: str) -> int:
    try:
        visitor.read(address)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    return 200


def test_a_run_outlives_a_restart(start_site: StartSite, tmp_path: Path) -> None:
    visitor, data = Visitor(), str(tmp_path / "shared")
    first = start_site(DATA_DIR=data)
    run = sent(visitor, first.url)
    address = f"{LESSON}runs/{run}/?lane=sync%40waitress&request=2"
    page, frame = visitor.read(first.url + address), whole(first.url, run)
    first.stop()
    second = start_site(DATA_DIR=data)
    assert stage(visitor.read(second.url + address)) == stage(page) != ""
    assert whole(second.url, run)["seq"] == frame["seq"]
    assert run in visitor.read(f"{second.url}/runs/")
    assert run not in Visitor().read(f"{second.url}/runs/")


def test_a_run_outlives_the_event_log(start_site: StartSite, redis_url: str) -> None:
    site, visitor = start_site(REDIS_URL=redis_url), Visitor()
    run = sent(visitor, site.url)
    address = f"{site.url}{LESSON}runs/{run}/"
    page = visitor.read(address)
    with Redis.from_url(redis_url) as redis, watched(site.url, run) as socket:
        frame = until_frame(socket, ended)
        assert redis.delete(*run_keys(run)) == 2, "its time in the log is up"
        socket.send(json.dumps({"type": "pin", "lane": "sync@waitress", "request": 2}))
        assert until_frame(socket, lambda frame: True)["seq"] == frame["seq"]
        assert stage(visitor.read(address)) == stage(page) != ""
        assert whole(site.url, run)["seq"] == frame["seq"]
        assert status(visitor, f"{address}report/") == 200
        assert not redis.exists(*run_keys(run))


def test_only_its_learner_deletes_a_run_and_then_it_is_gone(start_site: StartSite) -> None:
    site, visitor, other = start_site(), Visitor(), Visitor()
    run, kept = sent(visitor, site.url), sent(visitor, site.url)
    sent(other, site.url)
    for name in (run, "nothing", "a%00b", "recorded-why-async-matters"):
        with pytest.raises(urllib.error.HTTPError, match="404") as error:
            other.post(f"{site.url}/runs/", f"{site.url}/runs/{name}/delete/", [])
        error.value.close()
    assert status(visitor, f"{site.url}{LESSON}runs/{run}/") == 200
    assert "deleted=1" in visitor.post(f"{site.url}/runs/", f"{site.url}/runs/{run}/delete/", [("page", "x")])
    assert status(visitor, f"{site.url}{LESSON}runs/{run}/") == 404
    with pytest.raises(ConnectionClosed) as closed, watched(site.url, run) as socket:
        until_frame(socket, ended)
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 4404
    assert kept in visitor.read(f"{site.url}/runs/")
    visitor.post(f"{site.url}/runs/", f"{site.url}/runs/delete/", [])
    assert "nothing here yet" in visitor.read(f"{site.url}/runs/")
    assert "nothing here yet" not in other.read(f"{site.url}/runs/")


def test_what_the_database_does_not_delete_is_not_called_deleted(start_site: StartSite, tmp_path: Path) -> None:
    data, visitor = tmp_path / "data", Visitor()
    site = start_site(DATA_DIR=str(data))
    run = sent(visitor, site.url)
    with closing(sqlite3.connect(data / "db.sqlite3")) as database:
        fault = "CREATE TRIGGER fault BEFORE DELETE ON lessons_archivedrun BEGIN SELECT RAISE(ABORT, 'fault'); END"
        database.execute(fault)
    for action in (f"{run}/delete/", "delete/"):
        with pytest.raises(urllib.error.HTTPError, match="503") as error:
            visitor.post(f"{site.url}/runs/", f"{site.url}/runs/{action}", [])
        with error.value:
            assert "nothing was changed" in error.value.read().decode()
    assert run in visitor.read(f"{site.url}/runs/")
    assert status(visitor, f"{site.url}{LESSON}runs/{run}/") == 200


def test_a_locked_database_delays_the_archive_and_nothing_else(start_site: StartSite, tmp_path: Path) -> None:
    data, visitor = tmp_path / "data", Visitor()
    site = start_site(DATA_DIR=str(data))
    visitor.read(site.url + LESSON)
    run = visitor.send(site.url)
    with sqlite3.connect(data / "db.sqlite3", isolation_level=None) as database:
        database.execute("BEGIN IMMEDIATE")
        with watched(site.url, run) as socket:
            assert "Done." in until_frame(socket, ended)["content"]
        assert run not in visitor.read(f"{site.url}/runs/")
        database.execute("ROLLBACK")
    until(lambda: run in visitor.read(f"{site.url}/runs/"), "the run is archived")
    database.close()


def test_a_run_whose_process_was_killed_is_archived_by_another_as_its_learners(
    start_site: StartSite, tmp_path: Path, redis_url: str
) -> None:
    shared = {"REDIS_URL": redis_url, "SECRET_KEY": "shared-by-both-" * 4}
    shared["DATABASE_URL"] = f"sqlite:///{tmp_path}/shared.sqlite3"
    first, second, visitor = start_site(**shared), start_site(**shared), Visitor()
    run = visitor.send(first.url, wait="3", requests="10")
    with watched(second.url, run) as socket:
        until_frame(socket, lambda frame: "Running" in frame["content"])
        first.send(signal.SIGKILL)
        until_frame(socket, ended)
    until(lambda: run in visitor.read(f"{second.url}/runs/"), "the run is archived")
    assert "Failed" in visitor.read(f"{second.url}/runs/")


def test_runs_are_compared_whatever_they_come_from(start_site: StartSite) -> None:
    site, visitor = start_site(), Visitor()
    slow, fast = sent(visitor, site.url), sent(visitor, site.url, workers="2")
    at = f"{site.url}{LESSON}runs/{slow}/compare/"
    assert fast in visitor.read(at)
    assert slow not in re.findall(r"/compare/([\w-]+)/", visitor.read(at))
    assert fast not in Visitor().read(at), "a stranger is not shown the learner's runs"
    page = visitor.read(f"{at}{fast}/")
    assert "Run A had 1 sync worker, run B 2." in page
    assert "Run B was" in page
    recorded = visitor.read(f"{at}recorded-why-async-matters/")
    assert "the recorded run" in recorded
    ids = re.findall(r'\bid="([^"]+)"', recorded)
    assert len(ids) == len(set(ids))
    going = visitor.send(site.url, wait="3")
    assert "still going on" in visitor.read(f"{at}{going}/")
    for wrong in ("nothing", "a%00b", "recorded-await-together", "x" * 300, "%3Cscript%3E"):
        assert status(visitor, f"{at}{wrong}/") == 404
        with get(f"{at}{wrong}/") as answer:
            assert b"<script>" not in answer.read().replace(b'<script type="module"', b"").replace(b"<script src", b"")
    assert visitor.post(f"{site.url}{LESSON}", f"{site.url}{LESSON}runs/{going}/cancel/", [])
